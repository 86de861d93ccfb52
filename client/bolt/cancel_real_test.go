package bolt_test

import (
	"context"
	"strings"
	"testing"

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
		lockNode(t, holder)
		held, err := holder.Begin(ctx, "", false)
		require.NoError(t, err)
		_, err = holder.RunQuery(ctx, held, "MATCH (n:BoltCancelLock) SET n.x = 1", nil)
		require.NoError(t, err)

		tx, err := waiter.Begin(ctx, "", false)
		require.NoError(t, err)
		waiting, err := waiter.RunQuery(ctx, tx, "RETURN 1", nil)
		require.NoError(t, err)
		require.NoError(t, waiting.Buffer(ctx))
		cancellable, cancel := context.WithCancel(ctx)
		go func() {
			defer cancel()
			awaitBlocked(t, watcher, "MATCH (n:BoltCancelLock) SET n.x = 2")
		}()
		result, err := waiter.RunQuery(cancellable, tx, "MATCH (n:BoltCancelLock) SET n.x = 2", nil)
		if err == nil {
			err = waiter.Sync(cancellable, result)
		}
		require.ErrorIs(t, err, context.Canceled)
		require.True(t, tx.Broken())
		require.Len(t, all(t, waiting), 1)

		again, err := waiter.RunProg(ctx, "", "RETURN 1 AS x", nil, true)
		require.NoError(t, err)
		require.Equal(t, [][]any{{int64(1)}}, all(t, again))
		_, err = holder.Rollback(ctx, held)
		require.NoError(t, err)
	})
}

func lockNode(t *testing.T, c *bolt.Connection) {
	_, err := c.RunProg(limited(t), "", "MERGE (:BoltCancelLock)", nil, false)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := c.RunProg(context.Background(), "", "MATCH (n:BoltCancelLock) DELETE n", nil, false)
		require.NoError(t, err)
	})
}

// awaitBlocked waits until the server says that the query waits for a lock.
func awaitBlocked(t *testing.T, c *bolt.Connection, query string) {
	ctx := limited(t)
	for ctx.Err() == nil {
		result, err := c.RunProg(ctx, "", "SHOW TRANSACTIONS YIELD currentQuery, status", nil, true)
		if err != nil {
			t.Error(err)
			return
		}
		for record, err := range result.Records(ctx) {
			var running, status string
			if err == nil {
				err = record.Scan(&running, &status)
			}
			if err != nil {
				t.Error(err)
				return
			}
			if running == query && strings.HasPrefix(status, "Blocked") {
				return
			}
		}
	}
}
