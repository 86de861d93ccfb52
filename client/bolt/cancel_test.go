package bolt_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/boltfake"
)

func TestRecvTimeout(t *testing.T) {
	hints := map[string]any{"hints": map[string]any{"connection.recv_timeout_seconds": 60}}
	synctest.Test(t, func(t *testing.T) {
		stream, stop := boltfake.Pipe(t, func(c *boltfake.Conn) {
			c.Login(bolt58, hints)
			c.Answer("RUN", fieldX)
			c.Expect("PULL")
			for range 10 { // ten minutes, but never a silent one
				time.Sleep(59 * time.Second)
				c.Noop()
			}
			c.Record(1)
			c.AwaitClose() // and now silence
		})
		defer stop()
		var broken []string
		c, err := bolt.Open(context.Background(), stream, fakeProfile(t),
			client.Options{OnBroken: func(_ client.Profile, message string) { broken = append(broken, message) }})
		require.NoError(t, err)
		time.Sleep(time.Hour) // nothing is due, so silence is no fault
		result, err := c.RunProg(context.Background(), "", "RETURN", nil, true)
		require.NoError(t, err)
		record, err := result.Fetch(context.Background())
		require.NoError(t, err)
		require.NotNil(t, record)
		heard := time.Now()
		_, err = result.Fetch(context.Background())
		var lost *client.ConnectionBroken
		require.ErrorAs(t, err, &lost)
		require.Contains(t, lost.Message, "60 s")
		require.Equal(t, 60*time.Second, time.Since(heard))
		require.Equal(t, []string{err.Error()}, broken)
		require.True(t, c.Broken())
	})
}

// The option goes before what the server says, and can say that there is no limit.
func TestReceiveTimeout(t *testing.T) {
	for name, c := range map[string]struct {
		hint   any
		option time.Duration
		want   time.Duration // 0: none
	}{
		"option alone":          {nil, 5 * time.Second, 5 * time.Second},
		"option before hint":    {60, 5 * time.Second, 5 * time.Second},
		"neither":               {nil, 0, 0},
		"option against a hint": {60, -1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stream, stop := boltfake.Pipe(t, func(b *boltfake.Conn) {
					b.Login(bolt58, map[string]any{"hints": map[string]any{"connection.recv_timeout_seconds": c.hint}})
					b.Expect("RUN")
					b.AwaitClose()
				})
				defer stop()
				cx, err := bolt.Open(context.Background(), stream, fakeProfile(t),
					client.Options{ReceiveTimeout: c.option})
				require.NoError(t, err)
				asked := time.Now()
				ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
				defer cancel()
				_, err = cx.RunProg(ctx, "", "RETURN", nil, true)
				if c.want == 0 {
					require.ErrorIs(t, err, context.DeadlineExceeded)
					return
				}
				require.ErrorAs(t, err, new(*client.ConnectionBroken))
				require.Equal(t, c.want, time.Since(asked))
			})
		})
	}
}

// Only the time counts in which somebody listened.
func TestSilenceThatNobodyHeard(t *testing.T) {
	const away = time.Hour
	ctx := context.Background()
	failed := &client.Failure{Code: "Neo.ClientError.Statement.SyntaxError", Message: "no"}
	for name, use := range map[string]func(t *testing.T, c *bolt.Connection){
		"after a failure": func(t *testing.T, c *bolt.Connection) {
			_, err := c.RunProg(ctx, "", "FAIL", nil, true)
			require.ErrorAs(t, err, new(*client.Failure))
			time.Sleep(away)
		},
		"after a cancelled call": func(t *testing.T, c *bolt.Connection) {
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			_, err := c.RunProg(short, "", "WAIT", nil, true)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			time.Sleep(away)
		},
		"after a result was given up between two batches": func(t *testing.T, c *bolt.Connection) {
			result, err := c.RunProg(ctx, "", "MANY", nil, true)
			require.NoError(t, err)
			ended, cancel := context.WithCancel(ctx)
			cancel()
			for err == nil {
				_, err = result.NextBatch(ended)
			}
			require.ErrorIs(t, err, context.Canceled)
			time.Sleep(away)
		},
		"before the first record": func(t *testing.T, c *bolt.Connection) {
			result, err := c.RunProg(ctx, "", "MANY", nil, true)
			require.NoError(t, err)
			time.Sleep(away)
			record, err := result.Fetch(ctx)
			require.NoError(t, err)
			require.NotNil(t, record)
		},
		"over a batch": func(t *testing.T, c *bolt.Connection) {
			result, err := c.RunProg(ctx, "", "MANY", nil, true)
			require.NoError(t, err)
			rows := 0
			for _, err := range result.Records(ctx) {
				require.NoError(t, err)
				if rows++; rows%5 == 0 {
					time.Sleep(away)
				}
			}
			require.Equal(t, 30, rows)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &boltfake.Server{
					Hints: map[string]any{"connection.recv_timeout_seconds": 60},
					Run: func(q boltfake.Query) boltfake.Answer {
						switch q.Text {
						case "FAIL":
							return boltfake.Answer{Failure: failed}
						case "WAIT":
							<-q.Interrupted
							return boltfake.Answer{Failure: failed}
						case "MANY":
							return boltfake.Answer{Fields: []string{"x"}, Records: make([][]any, 30)}
						}
						return boltfake.Answer{Fields: []string{"x"}, Records: [][]any{{1}}}
					},
				}
				stream, stop := server.Pipe(t)
				defer stop()
				c, err := bolt.Open(ctx, stream, fakeProfile(t), client.Options{FetchSize: 10})
				require.NoError(t, err)
				use(t, c)
				result, err := c.RunProg(ctx, "", "ONE", nil, true)
				require.NoError(t, err)
				record, err := result.Fetch(ctx)
				require.NoError(t, err)
				require.NotNil(t, record)
				require.NoError(t, c.Close())
			})
		})
	}
}

// Whatever a call waits for, it ends soon after its context does.
func TestEveryCallEndsWithItsContext(t *testing.T) {
	type call func(ctx context.Context, c *bolt.Connection, tx *client.TransactionRef) error
	without := map[string]call{
		"Begin": func(ctx context.Context, c *bolt.Connection, _ *client.TransactionRef) error {
			_, err := c.Begin(ctx, "", true, client.TxOptions{Bookmarks: []string{"b"}})
			return err
		},
		"RunProg": func(ctx context.Context, c *bolt.Connection, _ *client.TransactionRef) error {
			_, err := c.RunProg(ctx, "", "RETURN", nil, true)
			return err
		},
		"Route": func(ctx context.Context, c *bolt.Connection, _ *client.TransactionRef) error {
			_, err := c.Route(ctx, "", nil)
			return err
		},
		"Reset": func(ctx context.Context, c *bolt.Connection, _ *client.TransactionRef) error {
			return c.Reset(ctx, true)
		},
		"Authenticate": func(ctx context.Context, c *bolt.Connection, _ *client.TransactionRef) error {
			return c.Authenticate(ctx, client.Auth{Scheme: "none"})
		},
		"Neo4jEdition": func(ctx context.Context, c *bolt.Connection, _ *client.TransactionRef) error {
			_, err := c.Neo4jEdition(ctx)
			return err
		},
		"Queries": func(ctx context.Context, c *bolt.Connection, _ *client.TransactionRef) error {
			_, err := c.Queries(ctx, nil)
			return err
		},
		"TerminateTransactions": func(ctx context.Context, c *bolt.Connection, _ *client.TransactionRef) error {
			_, err := c.TerminateTransactions(ctx, "neo4j-transaction-1")
			return err
		},
	}
	within := map[string]call{
		"RunQuery": func(ctx context.Context, c *bolt.Connection, tx *client.TransactionRef) error {
			_, err := c.RunQuery(ctx, tx, "RETURN", nil)
			return err
		},
		"Commit": func(ctx context.Context, c *bolt.Connection, tx *client.TransactionRef) error {
			_, err := c.Commit(ctx, tx)
			return err
		},
		"Rollback": func(ctx context.Context, c *bolt.Connection, tx *client.TransactionRef) error {
			_, err := c.Rollback(ctx, tx)
			return err
		},
	}
	reading := map[string]func(ctx context.Context, r *client.Result) error{
		"Fetch":   func(ctx context.Context, r *client.Result) error { _, err := r.Fetch(ctx); return err },
		"Buffer":  func(ctx context.Context, r *client.Result) error { return r.Buffer(ctx) },
		"Discard": func(ctx context.Context, r *client.Result) error { return r.Discard(ctx) },
	}
	silent := func(t *testing.T, answered []string, wait func(ctx context.Context, c *bolt.Connection) error) {
		synctest.Test(t, func(t *testing.T) {
			stream, stop := boltfake.Pipe(t, func(c *boltfake.Conn) {
				c.Login(bolt58, nil)
				for _, name := range answered {
					c.Answer(name, fieldX)
				}
				c.AwaitClose()
			})
			defer stop()
			c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{})
			require.NoError(t, err)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			began := time.Now()
			time.AfterFunc(time.Second, cancel)
			require.ErrorIs(t, wait(ctx, c), context.Canceled)
			require.Less(t, time.Since(began), 2*time.Second)
			require.NoError(t, c.Close())
		})
	}
	for name, call := range without {
		t.Run(name, func(t *testing.T) {
			silent(t, nil, func(ctx context.Context, c *bolt.Connection) error { return call(ctx, c, nil) })
		})
	}
	for name, call := range within {
		t.Run(name, func(t *testing.T) {
			silent(t, []string{"BEGIN"}, func(ctx context.Context, c *bolt.Connection) error {
				tx, err := c.Begin(context.Background(), "", true)
				require.NoError(t, err)
				return call(ctx, c, tx)
			})
		})
	}
	for name, read := range reading {
		t.Run(name, func(t *testing.T) {
			silent(t, []string{"RUN"}, func(ctx context.Context, c *bolt.Connection) error {
				result, err := c.RunProg(context.Background(), "", "RETURN", nil, true)
				require.NoError(t, err)
				return read(ctx, result)
			})
		})
	}
}

func TestCancelledCallsReturnAtOnceAndRecover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &boltfake.Server{Run: func(q boltfake.Query) boltfake.Answer {
			if q.Text == "WAIT" {
				<-q.Interrupted
				time.Sleep(10 * time.Second) // the server takes its time to notice
				return boltfake.Answer{Failure: &client.Failure{Code: "Neo.ClientError.Transaction.Terminated",
					Message: "reset"}}
			}
			return boltfake.Answer{Fields: []string{"x"}, Records: [][]any{{q.Text}}}
		}}
		stream, stop := server.Pipe(t)
		defer stop()
		unbound := 0
		c, err := bolt.Open(context.Background(), stream, fakeProfile(t),
			client.Options{OnUnbind: func(*client.TransactionRef) { unbound++ }})
		require.NoError(t, err)
		tx, err := c.Begin(context.Background(), "", true)
		require.NoError(t, err)
		open, err := c.RunQuery(context.Background(), tx, "OPEN", nil)
		require.NoError(t, err)
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(context.Background())
		time.AfterFunc(time.Minute, func() { cancel(cause) })
		started := time.Now()
		_, err = c.RunQuery(ctx, tx, "WAIT", nil)
		require.Equal(t, cause, err)
		require.Equal(t, time.Minute, time.Since(started))
		require.True(t, tx.Broken())
		require.Equal(t, 1, unbound)
		require.False(t, c.Clean())
		record, err := open.Fetch(context.Background()) // it had come already
		require.NoError(t, err)
		require.NotNil(t, record)
		_, err = c.Commit(context.Background(), tx)
		require.ErrorAs(t, err, new(*client.ArgumentError))

		result, err := c.RunProg(context.Background(), "", "NEXT", nil, true)
		require.NoError(t, err)
		require.Equal(t, [][]any{{"NEXT"}}, all(t, result))
		require.True(t, c.Clean())
		require.NoError(t, c.Close())
	})
}

func TestResetNeverAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream, stop := boltfake.Pipe(t, func(c *boltfake.Conn) {
			c.Login(bolt58, nil)
			c.AwaitClose()
		})
		defer stop()
		c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, err = c.RunProg(ctx, "", "RETURN", nil, true)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		_, err = c.RunProg(context.Background(), "", "RETURN", nil, true)
		require.ErrorAs(t, err, new(*client.ConnectionBroken))
		require.True(t, c.Broken())
	})
}

// A client that writes into a full network can be cancelled too, and writes the rest when the server reads again.
func TestCancelledWhileWriting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		resume := make(chan struct{})
		stream, stop := boltfake.Pipe(t, func(c *boltfake.Conn) {
			c.Login(bolt58, nil)
			<-resume
			c.Answer("RUN", fieldX)
			c.Expect("PULL")
			c.Ignored()
			c.Answer("RESET", nil)
			require.Equal(t, "SECOND", c.Answer("RUN", fieldX).Text(0))
			c.Answer("PULL", nil)
			c.AwaitClose()
		})
		defer stop()
		c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, err = c.RunProg(ctx, "", "FIRST", map[string]any{"large": make([]byte, 300000)}, true)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		close(resume)
		result, err := c.RunProg(context.Background(), "", "SECOND", nil, true)
		require.NoError(t, err)
		require.NoError(t, result.Buffer(context.Background()))
		require.NoError(t, c.Close())
	})
}
