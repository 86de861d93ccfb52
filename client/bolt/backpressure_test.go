package bolt_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// PULL leaves as soon as has_more is known and the reader is near the end of what has come, before the reader asks for more.
func TestPullsAhead(t *testing.T) {
	pulls := make(chan map[string]any, 100)
	c := mustOpenFake(t, client.Options{FetchSize: 10}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Answer("RUN", fieldX)
		for i := range 3 {
			pulls <- c.Expect("PULL").Map(0)
			for range 10 {
				c.Record(i)
			}
			c.Success(map[string]any{"has_more": i < 2})
		}
		c.AwaitClose()
	})
	result, err := c.RunProg(context.Background(), "", "RETURN", nil, true)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"n": int64(10)}, <-pulls)
	for seen := 0; seen < 10; {
		batch, err := result.NextBatch(context.Background())
		require.NoError(t, err)
		seen += len(batch.Records)
	}
	_, err = result.NextBatch(context.Background()) // by now the second PULL has left, or leaves
	require.NoError(t, err)
	<-pulls
	require.NoError(t, result.Buffer(context.Background()))
	require.Len(t, pulls, 1)
}

// A reader that does not keep up is not sent more than it asked for, whatever else the connection does.
func TestBackPressure(t *testing.T) {
	server := &boltfake.Server{Run: func(boltfake.Query) boltfake.Answer {
		return boltfake.Answer{Fields: []string{"x"}, Records: make([][]any, 100)}
	}}
	stream, stop := server.Pipe(t)
	defer stop()
	c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{FetchSize: 10})
	require.NoError(t, err)
	ctx := context.Background()
	tx, err := c.Begin(ctx, "", true)
	require.NoError(t, err)
	slow, err := c.RunQuery(ctx, tx, "SLOW", nil)
	require.NoError(t, err)
	quick, err := c.RunQuery(ctx, tx, "QUICK", nil)
	require.NoError(t, err)
	require.NoError(t, quick.Buffer(ctx))
	require.Len(t, slow.PeekRecords(1000), 10)
	require.NoError(t, slow.Discard(ctx))
	_, err = c.Rollback(ctx, tx)
	require.NoError(t, err)
	var pulls, discards int
	for _, m := range server.Requests() {
		switch m.Name {
		case "PULL":
			pulls++
		case "DISCARD":
			discards++
			require.Equal(t, map[string]any{"n": int64(-1), "qid": int64(0)}, m.Map(0))
		}
	}
	require.Equal(t, 11, pulls)
	require.Equal(t, 1, discards)
	require.NoError(t, c.Close())
}
