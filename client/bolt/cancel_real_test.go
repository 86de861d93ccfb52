package bolt_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// A query that waits for a lock waits until RESET comes: only by that can the cancelled call have ended the server's
// work.
func TestCancelInterruptsTheServer(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		holder, waiter, watcher := openReal(t, version, client.Options{}), openReal(t, version, client.Options{}),
			openReal(t, version, client.Options{})
		ctx := limited(t)
		held, update := lockNode(t, holder)

		tx, err := waiter.Begin(ctx, "", false)
		require.NoError(t, err)
		waiting, err := waiter.RunQuery(ctx, tx, "RETURN 1", nil)
		require.NoError(t, err)
		require.NoError(t, waiting.Buffer(ctx))
		cancellable, cancel := context.WithCancel(ctx)
		watched := make(chan error, 1)
		go func() {
			defer cancel()
			watched <- awaitBlocked(ctx, watcher, update)
		}()
		result, err := waiter.RunQuery(cancellable, tx, update, nil)
		if err == nil {
			err = waiter.Sync(cancellable, result)
		}
		require.ErrorIs(t, err, context.Canceled)
		require.NoError(t, <-watched)
		require.True(t, tx.Broken())
		require.Len(t, all(t, waiting), 1)

		again, err := waiter.RunProg(ctx, "", "RETURN 1 AS x", nil, true)
		require.NoError(t, err)
		require.Equal(t, [][]any{{int64(1)}}, all(t, again))
		_, err = holder.Rollback(ctx, held)
		require.NoError(t, err)
	})
}

// lockNode locks a node of its own in a transaction on c, and gives a query that waits for that lock.
func lockNode(t *testing.T, c *bolt.Connection) (held *client.TransactionRef, update string) {
	t.Helper()
	label := "BoltCancelLock" + strconv.FormatInt(time.Now().UnixNano(), 36)
	run(t, c, "CREATE (:"+label+")", nil)
	held, err := c.Begin(limited(t), "", false)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, c.Reset(context.Background(), false))
		run(t, c, "MATCH (n:"+label+") DELETE n", nil)
	})
	locked, err := c.RunQuery(limited(t), held, "MATCH (n:"+label+") SET n.x = 1", nil)
	require.NoError(t, err)
	require.NoError(t, locked.Buffer(limited(t))) // the server accepts the query before it takes the lock
	require.EqualValues(t, 1, locked.Summary().Counters.PropertiesSet)
	return held, "MATCH (n:" + label + ") SET n.x = 2"
}

// awaitBlocked waits until the server says that the query waits for a lock.
func awaitBlocked(ctx context.Context, c *bolt.Connection, query string) error {
	for ctx.Err() == nil {
		result, err := c.RunProg(ctx, "", "SHOW TRANSACTIONS YIELD currentQuery, status", nil, true)
		if err != nil {
			return err
		}
		for record, err := range result.Records(ctx) {
			var running, status string
			if err == nil {
				err = record.Scan(&running, &status)
			}
			if err != nil {
				return err
			}
			if running == query && strings.HasPrefix(status, "Blocked") {
				return nil
			}
		}
	}
	return ctx.Err()
}
