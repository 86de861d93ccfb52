package bolt_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake"
)

var pipelined = client.TxOptions{Pipelined: true}

func TestPipelinedBeginLeavesWithTheFirstQuery(t *testing.T) {
	c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Expect("BEGIN")
		c.Expect("RUN")
		c.Expect("PULL")
		c.Success(nil)
		c.Success(fieldX)
		c.Record(1)
		c.Success(nil)
		c.Answer("COMMIT", map[string]any{"bookmark": "FB:1"})
		c.AwaitClose()
	})
	tx, err := c.Begin(t.Context(), "", true, pipelined)
	require.NoError(t, err)
	result, err := c.RunQuery(t.Context(), tx, "RETURN 1 AS x", nil)
	require.NoError(t, err)
	require.NoError(t, result.Buffer(t.Context()))
	bookmark, err := c.Commit(t.Context(), tx)
	require.NoError(t, err)
	require.Equal(t, "FB:1", bookmark)
	require.True(t, c.Clean())
}

func TestPipelinedBeginLeavesWithTheEnd(t *testing.T) {
	for _, end := range []string{"COMMIT", "ROLLBACK"} {
		c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
			c.Login(bolt58, nil)
			c.Expect("BEGIN")
			c.Expect(end)
			c.Success(nil)
			c.Success(nil)
			c.AwaitClose()
		})
		tx, err := c.Begin(t.Context(), "", true, pipelined)
		require.NoError(t, err)
		if end == "COMMIT" {
			_, err = c.Commit(t.Context(), tx)
		} else {
			_, err = c.Rollback(t.Context(), tx)
		}
		require.NoError(t, err)
		require.True(t, c.Clean())
	}
}

func TestPipelinedBeginThatFails(t *testing.T) {
	refuse := func(c *boltfake.Conn, behind ...string) {
		c.Login(bolt58, nil)
		c.Expect("BEGIN")
		for _, request := range behind {
			c.Expect(request)
		}
		c.Failure("Neo.ClientError.Database.DatabaseNotFound", "no such graph")
		for range behind {
			c.Ignored()
		}
		c.Answer("RESET", nil)
		c.AwaitClose()
	}
	begin := func(c client.Connection) *client.TransactionRef {
		tx, err := c.Begin(t.Context(), "nowhere", true, pipelined)
		require.NoError(t, err)
		return tx
	}
	var failure *client.Failure

	c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) { refuse(c, "RUN", "PULL") })
	tx := begin(c)
	_, err := c.RunQuery(t.Context(), tx, "RETURN 1 AS x", nil)
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "Neo.ClientError.Database.DatabaseNotFound", failure.Code)
	require.True(t, tx.Broken())
	_, err = c.Rollback(t.Context(), tx)
	require.NoError(t, err)
	require.NoError(t, c.Reset(t.Context(), false))
	require.True(t, c.Clean())

	c = mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) { refuse(c, "COMMIT") })
	tx = begin(c)
	_, err = c.Commit(t.Context(), tx)
	require.ErrorAs(t, err, &failure)
	require.True(t, tx.Broken())
}

func TestPipelinedBeginWhoseQueryCannotBeSent(t *testing.T) {
	c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Expect("BEGIN")
		c.Expect("ROLLBACK")
		c.Success(nil)
		c.Success(nil)
		c.AwaitClose()
	})
	tx, err := c.Begin(t.Context(), "", true, pipelined)
	require.NoError(t, err)
	_, err = c.RunQuery(t.Context(), tx, "RETURN $f", map[string]any{"f": func() {}})
	require.ErrorAs(t, err, new(*client.ArgumentError))
	_, err = c.Rollback(t.Context(), tx)
	require.NoError(t, err)
	require.True(t, c.Clean())
}
