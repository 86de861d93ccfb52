package conformance

import (
	"context"
	"errors"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

var cancelChecks = []check{
	{"CancelledBefore", testCancelledBefore},
	{"CancelledWaiting", testCancelledWaiting},
	{"CancelledStreaming", testCancelledStreaming},
	{"CancelledInTransaction", testCancelledInTransaction},
	{"CancelledManyTimes", testCancelledManyTimes},
}

var errLeft = errors.New("the user left")

// slow runs for minutes unless somebody stops it, and sends nothing meanwhile.
const slow = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH sum(a * b) AS s RETURN s"

func testCancelledBefore(r *run) {
	ctx, cancel := context.WithCancelCause(r.ctx)
	cancel(errLeft)
	cx := r.open()
	_, err := cx.RunProg(ctx, "", "RETURN 1", nil, true)
	require.ErrorIs(r, err, errLeft)
	_, err = cx.Begin(ctx, "", true)
	require.ErrorIs(r, err, errLeft)
	require.ErrorIs(r, cx.Reset(ctx, true), errLeft)
	require.False(r, cx.Broken())
	r.requireWorks(cx)
}

// cancelWhenRunning ends the context once the server lists the query.
func (r *run) cancelWhenRunning(marker string, cancel context.CancelCauseFunc) {
	observer := r.open()
	go func() {
		for r.ctx.Err() == nil {
			queries, err := observer.Queries(r.ctx, nil)
			for _, q := range queries {
				if q.Metadata["marker"] == marker || contains(q.Query, marker) {
					cancel(errLeft)
					return
				}
			}
			if err != nil {
				cancel(err)
				return
			}
		}
	}()
}

func contains(cypher, marker string) bool {
	return len(cypher) >= len(marker) && cypher[:len(marker)] == marker
}

func testCancelledWaiting(r *run) {
	cx := r.open()
	ctx, cancel := context.WithCancelCause(r.ctx)
	marker := "/* " + r.label() + " */"
	r.cancelWhenRunning(marker, cancel)
	result, err := cx.RunProg(ctx, "", marker+slow, nil, true)
	if err == nil {
		_, err = result.Fetch(ctx)
	}
	require.ErrorIs(r, err, errLeft)
	require.False(r, cx.Broken(), "the connection recovers")
	r.requireWorks(cx)
	queries, err := cx.Queries(r.ctx, nil)
	require.NoError(r, err)
	for _, q := range queries {
		require.False(r, contains(q.Query, marker), "the server works on it no more")
	}
}

func testCancelledStreaming(r *run) {
	cx := r.open(func(o *client.Options) { o.FetchSize = 100 })
	ctx, cancel := context.WithCancelCause(r.ctx)
	result, err := cx.RunProg(ctx, "", "UNWIND range(1, 1000000) AS i RETURN i", nil, true)
	require.NoError(r, err)
	_, err = result.Fetch(ctx)
	require.NoError(r, err)
	cancel(errLeft)
	for err == nil {
		_, err = result.Fetch(ctx) // what is buffered may be given first
	}
	require.ErrorIs(r, err, errLeft)
	require.False(r, cx.Broken())
	r.requireWorks(cx)
}

func testCancelledInTransaction(r *run) {
	label := r.label()
	cx := r.open()
	tx := r.begin(cx, false)
	r.all(r.query(cx, tx, "CREATE (:"+label+")", nil))
	ctx, cancel := context.WithCancelCause(r.ctx)
	marker := "/* " + label + " */"
	r.cancelWhenRunning(marker, cancel)
	result, err := cx.RunQuery(ctx, tx, marker+slow, nil)
	if err == nil {
		_, err = result.Fetch(ctx)
	}
	require.ErrorIs(r, err, errLeft)
	require.True(r, tx.Broken())
	_, err = cx.Commit(r.ctx, tx)
	require.Error(r, err)
	require.Zero(r, r.count(cx, label))
}

func testCancelledManyTimes(r *run) {
	cx := r.open(func(o *client.Options) { o.FetchSize = 10 })
	for range 20 {
		ctx, cancel := context.WithCancelCause(r.ctx)
		result, err := cx.RunProg(ctx, "", "UNWIND range(1, 100000) AS i RETURN i", nil, true)
		require.NoError(r, err)
		go cancel(errLeft)
		for err == nil {
			_, err = result.Fetch(ctx)
		}
		require.ErrorIs(r, err, errLeft)
	}
	require.False(r, cx.Broken())
	r.requireWorks(cx)
}
