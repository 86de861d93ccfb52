package bolt_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/boltfake"
)

func TestResetEndsWhatIsOpen(t *testing.T) {
	c := mustOpenFake(t, client.Options{FetchSize: 1}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Answer("BEGIN", nil)
		c.Answer("RUN", fieldX)
		c.Expect("PULL")
		c.Record(1)
		c.Success(map[string]any{"has_more": true})
		c.Answer("RESET", nil)
		c.AwaitClose()
	})
	tx, err := c.Begin(context.Background(), "", true)
	require.NoError(t, err)
	result, err := c.RunQuery(context.Background(), tx, "RETURN", nil)
	require.NoError(t, err)
	require.NoError(t, c.Reset(context.Background(), false))
	require.True(t, tx.Broken())
	require.True(t, c.Clean())
	require.NoError(t, c.Reset(context.Background(), false)) // asks nothing
	require.ErrorAs(t, result.Buffer(context.Background()), new(*client.ArgumentError))
	require.NoError(t, c.Close())
	_, err = c.Begin(context.Background(), "", true)
	require.ErrorAs(t, err, new(*client.ConnectionBroken))
	require.True(t, c.Closed())
	require.False(t, c.Broken())
}

func TestTokenRefused(t *testing.T) {
	c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Expect("RUN")
		c.Expect("PULL")
		c.Failure("Neo.ClientError.Security.TokenExpired", "the token has expired")
		c.Ignored()
		c.Answer("RESET", nil)
		c.Answer("LOGOFF", nil)
		c.Answer("LOGON", nil)
		c.AwaitClose()
	})
	require.False(t, c.TokenRefused())
	_, err := c.RunProg(context.Background(), "", "RETURN 1", nil, true)
	require.ErrorAs(t, err, new(*client.Failure))
	require.True(t, c.TokenRefused())
	require.False(t, c.Broken())
	require.NoError(t, c.Authenticate(context.Background(), client.Auth{Scheme: "bearer", Credentials: "fresh"}))
	require.False(t, c.TokenRefused())
}

func TestCloseWakesACallThatWaits(t *testing.T) {
	waiting := make(chan struct{})
	c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Expect("RUN")
		close(waiting)
		c.AwaitClose()
	})
	ended := make(chan error)
	go func() {
		_, err := c.RunProg(context.Background(), "", "RETURN", nil, true)
		ended <- err
	}()
	<-waiting
	require.NoError(t, c.Close())
	require.ErrorAs(t, <-ended, new(*client.ConnectionBroken))
	require.False(t, c.Broken())
}

func TestCallsTakeTurns(t *testing.T) {
	server := &boltfake.Server{Run: func(q boltfake.Query) boltfake.Answer {
		return boltfake.Answer{Fields: []string{"x"}, Records: [][]any{{q.Text}, {q.Text}}}
	}}
	stream, stop := server.Pipe(t)
	defer stop()
	c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{FetchSize: 1})
	require.NoError(t, err)
	ended := make(chan error)
	for i := range 20 {
		go func() {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			query := string(rune('a' + i))
			result, err := c.RunProg(ctx, "", query, nil, true)
			for n := 0; err == nil; {
				var batch client.Batch
				batch, err = result.NextBatch(ctx)
				if n += len(batch.Records); err == io.EOF && n != 2 {
					err = errors.New("a record is missing, or one too many")
				}
				if err == nil && string(batch.Data[batch.Records[0].Start:batch.Records[0].End]) != "\x91\x81"+query {
					err = errors.New("another query's record")
				}
			}
			ended <- err
		}()
	}
	for range 20 {
		require.Equal(t, io.EOF, <-ended)
	}
	require.True(t, c.Clean())
	require.EqualValues(t, 20, c.Statistics().Queries)
	require.NoError(t, c.Close())
}

func TestCallbacks(t *testing.T) {
	server := talkative(bolt58)
	stream, stop := server.Pipe(t)
	defer stop()
	var calls []string
	var c *bolt.Connection
	c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{
		OnBind: func(tx *client.TransactionRef, cx client.Connection) {
			require.Same(t, c, cx)
			require.False(t, cx.Clean()) // it may use the connection
			calls = append(calls, "bind "+tx.GraphName())
		},
		OnUnbind:  func(tx *client.TransactionRef) { calls = append(calls, "unbind "+tx.GraphName()) },
		OnRelease: func(cx client.Connection) { calls = append(calls, "release") },
		OnBroken:  func(profile client.Profile, message string) { calls = append(calls, "broken "+profile.Host) },
	})
	require.NoError(t, err)
	for _, graph := range []string{"commit", "rollback", "fail", "cut"} {
		tx, err := c.Begin(context.Background(), graph, true)
		require.NoError(t, err)
		switch graph {
		case "commit":
			_, err = c.Commit(context.Background(), tx)
		case "rollback":
			_, err = c.Rollback(context.Background(), tx)
		case "fail":
			_, err = c.RunQuery(context.Background(), tx, "REFUSE", nil)
			require.ErrorAs(t, err, new(*client.Failure))
			err = nil
		case "cut":
			stop()
			_, err = c.RunQuery(context.Background(), tx, "RETURN", nil)
			require.ErrorAs(t, err, new(*client.ConnectionBroken))
			err = nil
		}
		require.NoError(t, err)
	}
	c.Release()
	require.NoError(t, c.Close())
	require.Equal(t, []string{"bind commit", "unbind commit", "bind rollback", "unbind rollback", "bind fail",
		"unbind fail", "bind cut", "unbind cut", "broken fake", "release"}, calls)
}
