package bolt_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// PULL leaves as soon as has_more is known and the reader is near the end of what has come, before the reader asks for
// more.
func TestPullsAhead(t *testing.T) {
	pulls := make(chan map[string]any, 100)
	c := mustOpenFake(t, client.Options{FetchSize: 10}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Answer("RUN", fieldX)
		for i := range 3 {
			pulls <- c.Expect("PULL").Map(0)
			var answer []byte
			for range 10 {
				answer = append(answer, boltfake.Encode("RECORD", []any{i})...)
			}
			c.Write(append(answer, boltfake.Encode("SUCCESS", map[string]any{"has_more": i < 2})...))
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
	select {
	case <-pulls: // the second, though nobody has asked for an eleventh record
	case <-time.After(10 * time.Second):
		t.Fatal("the second PULL waits for the reader")
	}
	require.NoError(t, result.Buffer(context.Background()))
	require.Len(t, pulls, 1)
}

// The same where the records have arrived during another call.
func TestPullsAheadOfWhatArrivedBefore(t *testing.T) {
	server := &boltfake.Server{Run: func(boltfake.Query) boltfake.Answer {
		return boltfake.Answer{Fields: []string{"x"}, Records: make([][]any, 20)}
	}}
	stream, stop := server.Pipe(t)
	defer stop()
	c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{FetchSize: 10})
	require.NoError(t, err)
	ctx := context.Background()
	tx, err := c.Begin(ctx, "", true)
	require.NoError(t, err)
	first, err := c.RunQuery(ctx, tx, "FIRST", nil)
	require.NoError(t, err)
	other, err := c.RunQuery(ctx, tx, "OTHER", nil)
	require.NoError(t, err)
	require.NoError(t, other.Buffer(ctx))
	further := func() (n int) { // the first PULL goes without qid, as RUN is the last that was sent
		for _, m := range server.Requests() {
			if m.Name == "PULL" && m.Map(0)["qid"] == int64(0) {
				n++
			}
		}
		return n
	}
	require.Zero(t, further())
	for seen := 0; seen < 10; {
		batch, err := first.NextBatch(ctx)
		require.NoError(t, err)
		seen += len(batch.Records)
	}
	require.Eventually(t, func() bool { return further() == 1 }, 10*time.Second, time.Millisecond)
	require.NoError(t, c.Close())
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

// A query may ask for another number of records than its transaction.
func TestFetchSizeInTransactions(t *testing.T) {
	for _, fetch := range []struct{ asked, want int }{{0, 7}, {3, 3}, {-1, -1}} {
		c := mustOpenFake(t, client.Options{FetchSize: 10}, func(c *boltfake.Conn) {
			c.Login(bolt58, nil)
			c.Answer("BEGIN", nil)
			c.Answer("RUN", fieldX)
			require.Equal(t, int64(fetch.want), c.Answer("PULL", nil).Map(0)["n"])
			c.AwaitClose()
		})
		tx, err := c.Begin(t.Context(), "", true, client.TxOptions{FetchSize: 7})
		require.NoError(t, err)
		_, err = c.RunQuery(client.WithFetchSize(t.Context(), fetch.asked), tx, "RETURN", nil)
		require.NoError(t, err)
	}
}
