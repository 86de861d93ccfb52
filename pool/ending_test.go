//go:build !js

package pool

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake"
)

var notALeader = &client.Failure{Code: "Neo.ClientError.Cluster.NotALeader",
	Message: "no longer possible to write to server"}

func (c *Connector) borrowed() (n int) {
	for _, inUse := range c.InUse() {
		n += inUse
	}
	return n
}

// requireFree waits until all connections are free: after the end of a context they are reset in the background.
func requireFree(t *testing.T, c *Connector) {
	t.Helper()
	require.Eventually(t, func() bool { return c.borrowed() == 0 }, 5*time.Second, time.Millisecond)
}

// slowServer is one server. Its query "SLOW" has two records; the second comes only when the client interrupts the
// query.
func slowServer(t *testing.T, options ConnectorOptions) *Connector {
	t.Helper()
	server := &boltfake.Server{Run: func(q boltfake.Query) boltfake.Answer {
		answer := boltfake.Answer{Fields: []string{"n"}, Records: [][]any{{int64(1)}, {int64(2)}}}
		if q.Text == "SLOW" {
			answer.Wait = q.Interrupted
		}
		return answer
	}}
	server.Start(t)
	profile, err := client.ParseProfile("bolt://" + server.Address)
	require.NoError(t, err)
	options.Pool.Client.FetchSize = 1
	c, err := OpenConnector(context.Background(), profile, options)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// A result whose context ends gives its connection back, however it was read, so that a pool of one connection can be
// used again.
func TestResultWhoseContextEndsGivesItsConnectionBack(t *testing.T) {
	fetchAll := func(ctx context.Context, r *client.Result) error {
		for {
			if _, err := r.NextBatch(ctx); err != nil {
				return err
			}
		}
	}
	fetch := func(ctx context.Context, r *client.Result) error { _, err := r.Fetch(ctx); return err }
	discard := func(ctx context.Context, r *client.Result) error { return r.Discard(ctx) }
	background := context.Background()
	for name, end := range map[string]func(t *testing.T, ctx context.Context, cancel func(), r *client.Result) error{
		"cancelled between two batches": func(_ *testing.T, ctx context.Context, cancel func(),
			r *client.Result) error {
			cancel()
			return fetchAll(ctx, r)
		},
		"cancelled while waiting": func(_ *testing.T, ctx context.Context, cancel func(), r *client.Result) error {
			time.AfterFunc(20*time.Millisecond, cancel)
			return fetchAll(ctx, r)
		},
		"a shorter context": func(_ *testing.T, _ context.Context, _ func(), r *client.Result) error {
			short, cancel := context.WithTimeoutCause(background, 20*time.Millisecond, context.Canceled)
			defer cancel()
			err := fetch(short, r)
			if again := fetch(background, r); !errors.Is(again, context.Canceled) {
				return errors.Join(errors.New("the result went on"), again)
			}
			return err
		},
		"cancelled while discarding": func(_ *testing.T, ctx context.Context, cancel func(), r *client.Result) error {
			time.AfterFunc(20*time.Millisecond, cancel)
			return discard(ctx, r)
		},
		"discarded after the end": func(_ *testing.T, ctx context.Context, cancel func(), r *client.Result) error {
			cancel()
			return discard(ctx, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := slowServer(t, ConnectorOptions{Pool: Options{MaxSize: 1, AcquireTimeout: 5 * time.Second}})
			for range 3 {
				ctx, cancel := context.WithCancel(background)
				result, err := c.RunProg(ctx, "", "SLOW", nil, true)
				require.NoError(t, err)
				record, err := result.Fetch(ctx)
				require.NoError(t, err)
				require.NotNil(t, record)
				require.Equal(t, 1, c.borrowed())
				require.ErrorIs(t, end(t, ctx, cancel, result), context.Canceled)
				cancel()

				eager, err := c.ExecuteQuery(background, "", "RETURN 1", nil, true)
				require.NoError(t, err)
				require.Len(t, eager.Records, 2)
				requireFree(t, c)
			}
		})
	}
}

// A caller that has given up does not wait for the reset of the connection, even if the server does not answer.
func TestResultWhoseContextEndsDoesNotWaitForTheServer(t *testing.T) {
	silence := make(chan struct{})
	defer close(silence)
	server := &boltfake.Server{
		Run: func(q boltfake.Query) boltfake.Answer {
			return boltfake.Answer{Fields: []string{"n"}, Records: [][]any{{int64(1)}}, Wait: silence}
		},
		Ping: func() *client.Failure { <-silence; return nil },
	}
	server.Start(t)
	profile, err := client.ParseProfile("bolt://" + server.Address)
	require.NoError(t, err)
	c, err := OpenConnector(context.Background(), profile, ConnectorOptions{})
	require.NoError(t, err)
	defer c.Close()
	tx, err := c.Begin(context.Background(), "", true)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	result, err := c.RunProg(ctx, "", "SLOW", nil, true)
	require.NoError(t, err)
	require.ErrorIs(t, result.Buffer(ctx), context.DeadlineExceeded)
	result, err = c.RunQuery(context.Background(), tx, "SLOW", nil)
	require.NoError(t, err)
	require.ErrorIs(t, result.Buffer(ctx), context.DeadlineExceeded)
	require.Less(t, time.Since(began), 2*time.Second)
}

// The same in a transaction: a transaction that the end of a context breaks does not keep its connection.
func TestTransactionWhoseReaderIsCancelledGivesItsConnectionBack(t *testing.T) {
	c := slowServer(t, ConnectorOptions{Pool: Options{MaxSize: 1, AcquireTimeout: 5 * time.Second}})
	for range 3 {
		tx, err := c.Begin(context.Background(), "", true)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(context.Background())
		result, err := c.RunQuery(ctx, tx, "SLOW", nil)
		require.NoError(t, err)
		time.AfterFunc(20*time.Millisecond, cancel)
		require.ErrorIs(t, result.Buffer(ctx), context.Canceled)
		require.True(t, tx.Broken())
		require.Empty(t, c.bound)
		_, err = c.Rollback(context.Background(), tx)
		require.NoError(t, err)
		_, err = c.Commit(context.Background(), tx)
		require.ErrorAs(t, err, new(*client.ArgumentError))
		require.ErrorContains(t, err, "broken")
		eager, err := c.ExecuteQuery(context.Background(), "", "RETURN 1", nil, true)
		require.NoError(t, err)
		require.Len(t, eager.Records, 2)
	}
}

// scriptedSource returns what the test prescribes.
type scriptedSource struct {
	client.Source
	next     func(ctx context.Context) (client.Batch, error)
	complete bool
	bookmark string
}

func (s *scriptedSource) Next(ctx context.Context) (client.Batch, error) { return s.next(ctx) }
func (s *scriptedSource) Discard(context.Context) error                  { return nil }
func (s *scriptedSource) Complete() bool                                 { return s.complete }
func (s *scriptedSource) Summary() *client.Summary {
	return &client.Summary{Bookmark: s.bookmark, Complete: s.complete}
}

func leased(t *testing.T, c *Connector, source client.Source) *leasedSource {
	t.Helper()
	l, err := c.borrow(context.Background(), need{readonly: true})
	require.NoError(t, err)
	l.bookmarks = []string{"used"}
	return &leasedSource{Source: source, connector: c, lease: l, turn: make(chan struct{}, 1)}
}

// A call that gives up while it waits for another call on the same result does not change that result.
func TestResultSurvivesWhoGivesUpWaitingForAnotherCall(t *testing.T) {
	server, _ := threeServers()
	c := openConnector(t, server, "bolt://a:1", ConnectorOptions{})
	comes := make(chan client.Batch)
	under := make(chan struct{}, 1)
	source := leased(t, c, &scriptedSource{next: func(context.Context) (client.Batch, error) {
		under <- struct{}{}
		batch, more := <-comes
		if !more {
			return client.Batch{}, io.EOF
		}
		return batch, nil
	}})
	var reading sync.WaitGroup
	reading.Go(func() {
		batch, err := source.Next(context.Background())
		require.NoError(t, err)
		require.Equal(t, []byte{0x91, 1}, batch.Data)
	})
	<-under
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := source.Next(ended)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, source.Discard(ended), context.Canceled)
	require.Equal(t, 1, c.borrowed())
	comes <- client.Batch{Data: []byte{0x91, 1}, Records: []client.Span{{End: 2}}}
	reading.Wait()
	require.Equal(t, 1, c.borrowed(), "the result goes on")
	close(comes)
	_, err = source.Next(context.Background())
	require.ErrorIs(t, err, io.EOF)
	require.Zero(t, c.borrowed())
}

// Reading the rest of a result that has arrived long ago does not restore its old bookmark.
func TestResultUpdatesBookmarksOnce(t *testing.T) {
	manager := NewBookmarkManager("used")
	server, _ := threeServers()
	c := openConnector(t, server, "bolt://a:1", ConnectorOptions{Bookmarks: manager})
	left := 3
	source := leased(t, c, &scriptedSource{complete: true, bookmark: "old",
		next: func(context.Context) (client.Batch, error) {
			if left--; left == 0 {
				return client.Batch{}, io.EOF
			}
			return client.Batch{Records: []client.Span{{}}}, nil
		}})
	source.endIfComplete(context.Background())
	require.Equal(t, []string{"old"}, manager.Bookmarks())
	manager.Update([]string{"old"}, "new")
	for err := error(nil); err == nil; {
		_, err = source.Next(context.Background())
	}
	require.NoError(t, source.Discard(context.Background()))
	require.Zero(t, left)
	require.Equal(t, []string{"new"}, manager.Bookmarks())
}

func TestBookmarksAreSent(t *testing.T) {
	server := &boltfake.Server{Commit: func() (string, *client.Failure) { return "of-commit", nil }}
	server.Start(t)
	for _, scheme := range []string{"bolt", "neo4j"} {
		profile, err := client.ParseProfile(scheme + "://" + server.Address)
		require.NoError(t, err)
		c, err := OpenConnector(context.Background(), profile, ConnectorOptions{Bookmarks: NewBookmarkManager("first")})
		require.NoError(t, err)
		before := len(server.Requests())
		ctx := context.Background()
		nothing := func(context.Context, *Transaction) error { return nil }
		require.NoError(t, c.ExecuteWrite(ctx, "", nothing))
		result, err := c.RunProg(ctx, "", "RETURN 1", nil, false)
		require.NoError(t, err)
		require.NoError(t, result.Buffer(ctx))
		require.NoError(t, c.ExecuteRead(ctx, "", nothing))
		require.NoError(t, c.ExecuteRead(ctx, "", nothing, client.TxOptions{Bookmarks: []string{"own"}}))
		result, err = c.RunProg(ctx, "", "RETURN 1", nil, true, client.TxOptions{Bookmarks: []string{}})
		require.NoError(t, err)
		require.NoError(t, result.Buffer(ctx))
		c.Close()

		var sent []any
		for _, m := range server.Requests()[before:] {
			switch m.Name {
			case "BEGIN":
				sent = append(sent, m.Map(0)["bookmarks"])
			case "RUN":
				sent = append(sent, m.Map(2)["bookmarks"])
			}
		}
		require.Equal(t, []any{[]any{"first"}, []any{"of-commit"}, []any{"bookmark:auto"}, []any{"own"}, nil}, sent)
	}
}

// An error path can always call Rollback; an error of Rollback does not hide its own.
func TestRollbackOfWhatHasEnded(t *testing.T) {
	for name, fail := range map[string]func(t *testing.T, c *Connector, tx *client.TransactionRef, cut func()){
		"rolled back": func(t *testing.T, c *Connector, tx *client.TransactionRef, _ func()) {
			_, err := c.Rollback(t.Context(), tx)
			require.NoError(t, err)
		},
		"failed": func(t *testing.T, c *Connector, tx *client.TransactionRef, _ func()) {
			_, err := c.RunQuery(t.Context(), tx, "REFUSE", nil)
			require.ErrorAs(t, err, new(*client.Failure))
		},
		"failed in what nobody reads": func(t *testing.T, c *Connector, tx *client.TransactionRef, _ func()) {
			_, err := c.RunQuery(t.Context(), tx, "FAIL", nil)
			require.NoError(t, err)
		},
		"commit failed": func(t *testing.T, c *Connector, tx *client.TransactionRef, _ func()) {
			_, err := c.Commit(t.Context(), tx)
			require.ErrorAs(t, err, new(*client.Failure))
		},
		"connection lost": func(t *testing.T, c *Connector, tx *client.TransactionRef, cut func()) {
			cut()
			_, err := c.RunQuery(t.Context(), tx, "RETURN 1", nil)
			require.ErrorAs(t, err, new(*client.ConnectionBroken))
		},
		"closed": func(_ *testing.T, c *Connector, _ *client.TransactionRef, _ func()) { c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			refused := &client.Failure{Code: "Neo.ClientError.Schema.ConstraintValidationFailed", Message: "no"}
			fake := &boltfake.Server{
				Commit: func() (string, *client.Failure) { return "", refused },
				Run: func(q boltfake.Query) (answer boltfake.Answer) {
					switch q.Text {
					case "REFUSE":
						answer.Failure = refused
					case "FAIL":
						answer.After = refused
					}
					return answer
				},
			}
			profile, err := client.ParseProfile("bolt://user:secret@" + fake.Start(t))
			require.NoError(t, err)
			c, err := OpenConnector(t.Context(), profile, ConnectorOptions{})
			require.NoError(t, err)
			defer c.Close()
			tx, err := c.Begin(t.Context(), "", false)
			require.NoError(t, err)
			fail(t, c, tx, fake.Cut)
			for range 2 {
				_, err = c.Rollback(t.Context(), tx)
				require.NoError(t, err)
				_, err = c.Rollback(t.Context(), client.NewTransactionRef(tx.GraphName(), tx.TxID(), false))
				require.NoError(t, err, "an equal one")
			}
			require.Zero(t, c.InUse()[c.Profile()])
			_, err = c.Commit(t.Context(), tx)
			require.Error(t, err, "it was not committed")
			_, err = c.Rollback(t.Context(), client.NewTransactionRef("", "nobody's", false))
			require.Error(t, err)
		})
	}
}
