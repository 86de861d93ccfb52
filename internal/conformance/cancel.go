package conformance

import (
	"cmp"
	"context"
	"errors"
	"slices"

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

// stuck is a query that waits for a lock, for as long as the test wants. Of a query that counts for minutes, Neo4j 4.4
// would not even look whether it was terminated.
type stuck struct{ cypher string }

func (r *run) stuck() stuck {
	label := r.label()
	holder := r.open()
	r.rows(holder, "CREATE (:"+label+" {x: 0})", nil)
	held := r.begin(holder, false)
	r.all(r.query(holder, held, "MATCH (n:"+label+") SET n.x = 1", nil))
	r.Cleanup(func() { _, _ = holder.Rollback(context.Background(), held) })
	return stuck{cypher: "MATCH (n:" + label + ") SET n.x = 2 RETURN n.x"}
}

// listed reports whether the server lists the query.
func (r *run) listed(cx client.Connection, cypher string) bool {
	queries, err := cx.Queries(r.ctx, nil)
	require.NoError(r, err)
	return slices.ContainsFunc(queries, func(q client.QueryRecord) bool { return q.Query == cypher })
}

// cancelOnceListed returns a context that ends once the server lists the query.
func (r *run) cancelOnceListed(cypher string) context.Context {
	ctx, cancel := context.WithCancelCause(r.ctx)
	observer := r.open()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			queries, err := observer.Queries(r.ctx, nil)
			if err != nil || slices.ContainsFunc(queries, func(
				q client.QueryRecord) bool {
				return q.Query == cypher
			}) {
				cancel(cmp.Or(err, errLeft))
				return
			}
		}
	}()
	r.Cleanup(func() { <-done })
	return ctx
}

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

func testCancelledWaiting(r *run) {
	query := r.stuck()
	cx := r.open()
	ctx := r.cancelOnceListed(query.cypher)
	result, err := cx.RunProg(ctx, "", query.cypher, nil, false)
	if err == nil {
		_, err = result.Fetch(ctx)
	}
	require.ErrorIs(r, err, errLeft)
	require.False(r, cx.Broken(), "the connection recovers")
	r.requireWorks(cx)
	for r.listed(cx, query.cypher) { // until the test's context ends
		require.True(r, r.HTTP(), "after Bolt's RESET the server works on it no more")
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
	if v := cx.ProtocolVersion(); r.HTTP() ||
		v.AtLeast(4, 0) { // Bolt 3 sends all that is asked for; how soon RESET stops it is the server's affair
		require.Less(r, cx.Statistics().BytesIn, uint64(2<<20), "the rest of the result was not read")
	}
}

func testCancelledInTransaction(r *run) {
	query := r.stuck()
	label := r.label()
	cx := r.open()
	tx := r.begin(cx, false)
	r.all(r.query(cx, tx, "CREATE (:"+label+")", nil))
	ctx := r.cancelOnceListed(query.cypher)
	result, err := cx.RunQuery(ctx, tx, query.cypher, nil)
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
