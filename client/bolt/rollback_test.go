package bolt_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// A server takes ROLLBACK only when no result is open.
func TestRollbackDiscardsOpenResults(t *testing.T) {
	ctx := context.Background()
	more := map[string]any{"has_more": true}
	c := mustOpenFake(t, client.Options{FetchSize: 1, NoPrefetch: true}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Answer("BEGIN", nil)
		for qid := range 3 {
			c.Answer("RUN", map[string]any{"fields": []any{"x"}, "qid": qid})
			c.Expect("PULL")
			c.Record(1)
			if qid == 1 {
				c.Success(nil) // this one is whole
			} else {
				c.Success(more)
			}
		}
		dropped := []any{}
		for range 2 {
			dropped = append(dropped, c.Answer("DISCARD", nil).Map(0)["qid"])
		}
		require.ElementsMatch(t, []any{int64(0), nil}, dropped) // without a name it is the latest
		c.Answer("ROLLBACK", nil)
		c.AwaitClose()
	})
	tx, err := c.Begin(ctx, "", true)
	require.NoError(t, err)
	var results []*client.Result
	for range 3 {
		result, err := c.RunQuery(ctx, tx, "RETURN 1 AS x", nil)
		require.NoError(t, err)
		results = append(results, result)
	}
	_, err = c.Rollback(ctx, tx)
	require.NoError(t, err)
	for i, result := range results {
		record, err := result.Fetch(ctx)
		require.NoError(t, err)
		require.NotNil(t, record, "what has arrived can be read")
		record, err = result.Fetch(ctx)
		require.Nil(t, record)
		require.Equal(t, i != 1, err != nil)
	}
	require.True(t, c.Clean())
}

// What fails meanwhile has undone the transaction already.
func TestRollbackWhileAResultFails(t *testing.T) {
	ctx := context.Background()
	c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Answer("BEGIN", nil)
		c.Answer("RUN", fieldX)
		c.Expect("PULL")
		c.Failure("Neo.ClientError.Statement.ArithmeticError", "/ by zero")
		c.Answer("RESET", nil)
		c.AwaitClose()
	})
	tx, err := c.Begin(ctx, "", true)
	require.NoError(t, err)
	_, err = c.RunQuery(ctx, tx, "RETURN 1 / 0 AS x", nil)
	require.NoError(t, err)
	_, err = c.Rollback(ctx, tx)
	require.NoError(t, err)
	require.True(t, tx.Broken())
}
