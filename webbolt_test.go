package webbolt_test

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/webbolt/webbolt"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// open starts a server and connects to it.
func open(t *testing.T, s *boltfake.Server, options ...webbolt.Option) *webbolt.DB {
	address := s.Start(t)
	db, err := webbolt.Connect(t.Context(), "bolt://"+address, options...)
	require.NoError(t, err)
	t.Cleanup(db.Close)
	return db
}

// numbers answers every query with n records of one integer.
func numbers(n int) func(boltfake.Query) boltfake.Answer {
	answer := boltfake.Answer{Fields: []string{"n"}}
	for i := range n {
		answer.Records = append(answer.Records, []any{i})
	}
	return func(boltfake.Query) boltfake.Answer { return answer }
}

// lastOf returns the last message of a kind that the server got.
func lastOf(t *testing.T, s *boltfake.Server, name string) boltfake.Message {
	t.Helper()
	for _, m := range backward(s.Requests()) {
		if m.Name == name {
			return m
		}
	}
	require.Fail(t, "no "+name+" came")
	return boltfake.Message{}
}

func backward(messages []boltfake.Message) (turned []boltfake.Message) {
	for i := range messages {
		turned = append(turned, messages[len(messages)-1-i])
	}
	return turned
}

// requireFree checks that no connection is in use.
func requireFree(t *testing.T, db *webbolt.DB) {
	t.Helper()
	for _, n := range db.Connector().InUse() {
		require.Zero(t, n)
	}
}

func TestQueryOptionsReachTheServer(t *testing.T) {
	s := &boltfake.Server{Run: numbers(1)}
	db := open(t, s, webbolt.Database("movies"), webbolt.UserAgent("program/1"), webbolt.BasicAuth("ada", "secret"),
		webbolt.Bookmarks("b:0"), webbolt.WithoutTelemetry())
	require.Equal(t, "program/1", lastOf(t, s, "HELLO").Map(0)["user_agent"])
	require.Equal(t, "ada", lastOf(t, s, "LOGON").Map(0)["principal"])
	_, err := db.Exec(t.Context(), "RETURN $n", webbolt.Params{"n": 1}, webbolt.ReadOnly(), webbolt.Timeout(2e9),
		webbolt.ImpersonatedUser("eve"),
		webbolt.Metadata(map[string]any{"app": "x"}), webbolt.Notifications(
			webbolt.NotificationFilter{MinimumSeverity: "OFF"}))
	require.NoError(t, err)
	run := lastOf(t, s, "RUN")
	require.Equal(t, "RETURN $n", run.Text(0))
	require.Equal(t, map[string]any{"n": int64(1)}, run.Map(1))
	require.Equal(t, map[string]any{"db": "movies", "mode": "r", "tx_timeout": int64(2000), "imp_user": "eve",
		"bookmarks":   []any{"b:0"},
		"tx_metadata": map[string]any{"app": "x"}, "notifications_minimum_severity": "OFF"}, run.Map(2))
	_, err = db.Exec(t.Context(), "RETURN 1", nil, webbolt.Database("other"), webbolt.Bookmarks("b:1"))
	require.NoError(t, err)
	extra := lastOf(t, s, "RUN").Map(2)
	require.Equal(t, "other", extra["db"])
	require.Equal(t, []any{"b:1"}, extra["bookmarks"])
	require.NotContains(t, extra, "mode")
}

// Each transaction begins with the bookmark of the one before.
func TestBookmarksChain(t *testing.T) {
	s := &boltfake.Server{Run: numbers(1)}
	db := open(t, s)
	require.Empty(t, db.Bookmarks())
	_, err := db.Exec(t.Context(), "CREATE ()", nil)
	require.NoError(t, err)
	require.Equal(t, []string{"bookmark:auto"}, db.Bookmarks())
	require.NoError(t, db.Write(t.Context(), func(context.Context, *webbolt.Tx) error { return nil }))
	require.Equal(t, []any{"bookmark:auto"}, lastOf(t, s, "BEGIN").Map(0)["bookmarks"])
	other := open(t, &boltfake.Server{Run: numbers(1)}, webbolt.WithoutBookmarks())
	_, err = other.Exec(t.Context(), "CREATE ()", nil)
	require.NoError(t, err)
	require.Empty(t, other.Bookmarks())
}

func TestCollect(t *testing.T) {
	db := open(t, &boltfake.Server{Run: numbers(2500)})
	all, err := webbolt.Collect[int](db.Query(t.Context(), "Q", nil))
	require.NoError(t, err)
	require.Len(t, all, 2500)
	for i, n := range all {
		require.Equal(t, i, n)
	}
	requireFree(t, db)
	none, err := webbolt.Collect[int](open(t, &boltfake.Server{Run: numbers(0)}).Query(t.Context(), "Q", nil))
	require.NoError(t, err)
	require.Equal(t, []int{}, none)
}

// Reading that ends early gives the connection back: a loop that is left, a value that does not fit, an unusable type.
func TestNothingStaysOpen(t *testing.T) {
	db := open(t, &boltfake.Server{Run: numbers(2500)}, webbolt.MaxConnections(1), webbolt.FetchSize(10))
	for range webbolt.Rows[int](db.Query(t.Context(), "Q", nil)) {
		break
	}
	requireFree(t, db)
	result, err := db.Query(t.Context(), "Q", nil)
	require.NoError(t, err)
	for record, err := range result.Records() {
		require.NoError(t, err)
		require.Equal(t, []string{"n"}, record.Keys())
		break
	}
	requireFree(t, db)
	var misfit *webbolt.MappingError
	_, err = webbolt.Collect[string](db.Query(t.Context(), "Q", nil))
	require.ErrorAs(t, err, &misfit)
	requireFree(t, db)
	for _, err := range webbolt.Rows[int8](db.Query(t.Context(), "Q", nil)) {
		if err != nil {
			require.ErrorAs(t, err, &misfit)
			require.ErrorContains(t, err, "128")
		}
	}
	requireFree(t, db)
	var wrong *webbolt.ArgumentError
	_, err = webbolt.Collect[chan int](db.Query(t.Context(), "Q", nil))
	require.ErrorAs(t, err, &wrong)
	requireFree(t, db)
	for _, err := range webbolt.Rows[chan int](db.Query(t.Context(), "Q", nil)) {
		require.ErrorAs(t, err, &wrong)
	}
	requireFree(t, db)
	_, err = webbolt.One[int](db.Query(t.Context(), "Q", nil))
	require.ErrorIs(t, err, webbolt.ErrManyRows)
	requireFree(t, db)
	result, err = db.Query(t.Context(), "Q", nil)
	require.NoError(t, err)
	require.NoError(t, result.Close())
	require.NoError(t, result.Close())
	require.True(t, result.Summary().Complete)
	requireFree(t, db)
}

func TestOne(t *testing.T) {
	n, err := webbolt.One[int](open(t, &boltfake.Server{Run: numbers(1)}).Query(t.Context(), "Q", nil))
	require.NoError(t, err)
	require.Zero(t, n)
	_, err = webbolt.One[int](open(t, &boltfake.Server{Run: numbers(0)}).Query(t.Context(), "Q", nil))
	require.ErrorIs(t, err, webbolt.ErrNoRows)
}

func TestFailures(t *testing.T) {
	refusal := &webbolt.Failure{Code: "Neo.ClientError.Statement.SyntaxError", Message: "no"}
	atOnce := open(t, &boltfake.Server{Run: func(boltfake.Query) boltfake.Answer {
		return boltfake.Answer{
			Failure: refusal}
	}})
	later := open(t, &boltfake.Server{Run: func(boltfake.Query) boltfake.Answer {
		return boltfake.Answer{Fields: []string{"n"}, Records: [][]any{{1}}, After: refusal}
	}})
	for _, db := range []*webbolt.DB{atOnce, later} {
		var failure *webbolt.Failure
		_, err := webbolt.Collect[int](db.Query(t.Context(), "Q", nil))
		require.ErrorAs(t, err, &failure)
		_, err = webbolt.One[int](db.Query(t.Context(), "Q", nil))
		require.ErrorAs(t, err, &failure)
		_, err = db.Exec(t.Context(), "Q", nil)
		require.ErrorAs(t, err, &failure)
		require.Equal(t, refusal.Code, failure.Code)
		requireFree(t, db)
	}
	_, err := webbolt.Connect(t.Context(), "gopher://x")
	var wrong *webbolt.ArgumentError
	require.ErrorAs(t, err, &wrong)
	_, err = webbolt.Connect(t.Context(), "bolt://127.0.0.1:1")
	var unavailable *webbolt.ConnectionUnavailable
	require.ErrorAs(t, err, &unavailable)
	_, err = webbolt.Connect(t.Context(), "bolt://x", webbolt.FetchSize(-2))
	require.ErrorAs(t, err, &wrong)
	closed := open(t, &boltfake.Server{})
	closed.Close()
	require.ErrorAs(t, closed.Ping(t.Context()), &unavailable)
}

func TestWorkIsTriedAgain(t *testing.T) {
	var tries atomic.Int32
	db := open(t, &boltfake.Server{Run: func(q boltfake.Query) boltfake.Answer {
		if tries.Add(1) == 1 {
			return boltfake.Answer{Failure: &webbolt.Failure{Code: "Neo.TransientError.Transaction.DeadlockDetected",
				Message: "again"}}
		}
		return numbers(1)(q)
	}})
	var got int
	err := db.Read(t.Context(), func(ctx context.Context, tx *webbolt.Tx) (err error) {
		got, err = webbolt.One[int](tx.Query(ctx, "Q", nil))
		return err
	})
	require.NoError(t, err)
	require.Zero(t, got)
	require.EqualValues(t, 2, tries.Load())
	requireFree(t, db)
}

func TestTransactions(t *testing.T) {
	s := &boltfake.Server{Run: numbers(3)}
	db := open(t, s)
	tx, err := db.Begin(t.Context(), webbolt.ReadOnly())
	require.NoError(t, err)
	require.Equal(t, "r", lastOf(t, s, "BEGIN").Map(0)["mode"])
	all, err := webbolt.Collect[int](tx.Query(t.Context(), "Q", nil))
	require.NoError(t, err)
	require.Equal(t, []int{0, 1, 2}, all)
	require.NoError(t, tx.Commit(t.Context()))
	require.NoError(t, tx.Rollback(t.Context()), "after Commit it does nothing")
	require.Error(t, tx.Commit(t.Context()))
	lastOf(t, s, "COMMIT")
	requireFree(t, db)

	tx, err = db.Begin(t.Context())
	require.NoError(t, err)
	require.NotContains(t, lastOf(t, s, "BEGIN").Map(0), "mode")
	require.NoError(t, tx.Rollback(t.Context()))
	lastOf(t, s, "ROLLBACK")
	_, err = tx.Query(t.Context(), "Q", nil)
	require.Error(t, err)
	requireFree(t, db)

	err = db.Write(t.Context(), func(ctx context.Context, tx *webbolt.Tx) error {
		var wrong *webbolt.ArgumentError
		require.ErrorAs(t, tx.Commit(ctx), &wrong)
		require.ErrorAs(t, tx.Rollback(ctx), &wrong)
		return io.ErrUnexpectedEOF
	}, webbolt.Database("x"))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Equal(t, "x", lastOf(t, s, "BEGIN").Map(0)["db"])
	requireFree(t, db)
}

// A transaction that the server has ended by a failure needs no rollback.
func TestRollbackOfBroken(t *testing.T) {
	db := open(t, &boltfake.Server{Run: func(boltfake.Query) boltfake.Answer {
		return boltfake.Answer{Failure: &webbolt.Failure{Code: "Neo.ClientError.Statement.SyntaxError", Message: "no"}}
	}})
	tx, err := db.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "Q", nil)
	require.Error(t, err)
	require.NoError(t, tx.Rollback(t.Context()))
	requireFree(t, db)
}

// A result ends with the context of its query.
func TestContextOfQueryEndsItsResult(t *testing.T) {
	wait := make(chan struct{})
	defer close(wait)
	answer := numbers(2)(boltfake.Query{})
	answer.Wait = wait
	db := open(t, &boltfake.Server{Run: func(boltfake.Query) boltfake.Answer { return answer }}, webbolt.FetchSize(1))
	reason := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	var last error
	for _, err := range webbolt.Rows[int](db.Query(ctx, "Q", nil)) {
		if last = err; err == nil {
			cancel(reason)
		}
	}
	cancel(reason)
	require.ErrorIs(t, last, reason)
}
