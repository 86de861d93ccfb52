package bolt

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/turn"
	"github.com/webbolt/webbolt/client/wire"
)

func packed(t testing.TB, value any) []byte {
	t.Helper()
	b, err := packstream.Append(nil, value)
	require.NoError(t, err)
	return b
}

func TestReadFailure(t *testing.T) {
	old := packstream.NewReader(packed(t, map[string]any{"code": "Neo.ClientError.Statement.SyntaxError",
		"message": "no"}))
	failure, err := readFailure(&old)
	require.NoError(t, err)
	require.Equal(t, &client.Failure{
		Code: "Neo.ClientError.Statement.SyntaxError", Message: "no", Diagnostic: client.DiagnosticRecord(nil),
		GQLStatus: "50N42", Description: "error: general processing exception - unexpected error. no",
	}, failure)

	renamed := packstream.NewReader(packed(t, map[string]any{"code": "Neo.TransientError.Transaction.Terminated"}))
	failure, err = readFailure(&renamed)
	require.NoError(t, err)
	require.Equal(t, "Neo.ClientError.Transaction.Terminated", failure.Code)

	deep := map[string]any{"gql_status": "01000", "message": "the last"}
	for range 200 {
		deep = map[string]any{"gql_status": "22000", "message": "between", "cause": deep}
	}
	gql := packstream.NewReader(packed(t, map[string]any{
		"neo4j_code": "Neo.ClientError.Statement.ArithmeticError", "message": "/ by zero", "gql_status": "22012",
		"description":       "error: data exception - division by zero",
		"diagnostic_record": map[string]any{"_classification": "CLIENT_ERROR"},
		"cause":             map[string]any{"gql_status": "22N01", "message": "below"},
	}))
	failure, err = readFailure(&gql)
	require.NoError(t, err)
	require.Equal(t, &client.Failure{
		Code: "Neo.ClientError.Statement.ArithmeticError", Message: "/ by zero", GQLStatus: "22012",
		Description: "error: data exception - division by zero",
		Diagnostic: map[string]any{"_classification": "CLIENT_ERROR", "OPERATION": "", "OPERATION_CODE": "0",
			"CURRENT_SCHEMA": "/"},
		Cause: &client.Failure{GQLStatus: "22N01", Message: "below", Diagnostic: client.DiagnosticRecord(nil)},
	}, failure)

	failure = failureOf(deep, 0)
	depth := 0
	for ; failure != nil; failure = failure.Cause {
		depth++
	}
	require.Equal(t, maxCauses+1, depth)
}

func TestConclude(t *testing.T) {
	var summary client.Summary
	var last told
	describe(&summary, packed(t, map[string]any{
		"t_last": 3, "db": "d", "unknown": 1, "plan": "nonsense",
		"type": "w", "bookmark": "b", "stats": map[string]any{"nodes-created": int64(2), "system-updates": int64(1)},
		"profile": map[string]any{"operatorType": "A", "rows": int64(1), "dbHits": int64(2), "pageCacheHits": int64(3),
			"pageCacheMisses": int64(4), "pageCacheHitRatio": 0.5, "time": int64(6),
			"args": map[string]any{"x": "y"}, "identifiers": []any{"n",
				int64(1)}, "children": []any{map[string]any{"operatorType": "B"}, "nonsense"}},
		"notifications": []any{map[string]any{"code": "c", "title": "t", "position": map[string]any{}}, "nonsense"},
	}), &last)
	last.conclude(&summary, client.ConclusionOmitted)
	require.Equal(t, "w", summary.QueryType)
	require.Equal(t, "b", summary.Bookmark)
	require.Equal(t, "d", summary.Database)
	require.Equal(t, 3*time.Millisecond, summary.ConsumedAfter)
	require.Nil(t, summary.Plan)
	require.Equal(t, client.Counters{NodesCreated: 2, SystemUpdates: 1, ContainsUpdates: true,
		ContainsSystemUpdates: true}, summary.Counters)
	require.Equal(t, &client.Plan{Operator: "A", Rows: 1, DBHits: 2, PageCacheHits: 3, PageCacheMisses: 4,
		PageCacheHitRatio: 0.5, Time: 6 * time.Nanosecond,
		Arguments: map[string]any{"x": "y"}, Identifiers: []string{"n"},
		Children: []*client.Plan{{Operator: "B"}}}, summary.Profile)
	require.Equal(t, []client.Notification{{Code: "c", Title: "t"}}, summary.Notifications)
}

func TestRouteOf(t *testing.T) {
	server := func(role string, addresses ...any) any { return map[string]any{"role": role, "addresses": addresses} }
	route, err := facts.Route(map[string]any{"ttl": int64(300), "db": "neo4j", "servers": []any{
		server("WRITE", "a:1"), server("READ", "b:2", "c:3", int64(4)), server("ROUTE", "a:1", "b:2"), server("OTHER",
			"x:1"), "nonsense",
	}}, "")
	require.NoError(t, err)
	require.Equal(t, &client.Route{Database: "neo4j", TTL: 5 * time.Minute, Writers: []string{"a:1"},
		Readers: []string{"b:2", "c:3"}, Routers: []string{"a:1", "b:2"}}, route)
	route, err = facts.Route(map[string]any{"ttl": int64(1<<63 - 1), "servers": []any{}}, "graph")
	require.NoError(t, err)
	require.Equal(t, "graph", route.Database)
	require.Positive(t, route.TTL)
	for _, table := range []map[string]any{nil, {"ttl": int64(1)}, {"servers": []any{}},
		{"ttl": int64(-1), "servers": []any{}}, {"ttl": 1.5, "servers": []any{}}} {
		_, err := facts.Route(table, "")
		require.ErrorAs(t, err, new(*client.ProtocolError))
	}
}

func TestFetchSizes(t *testing.T) {
	batch := func(records, bytes int) client.Batch {
		return client.Batch{Data: make([]byte, bytes), Records: make([]client.Span, records)}
	}
	f := newFetch(0)
	require.Equal(t, firstFetch, f.next(false))
	f.handedOut(batch(1000, 10_000))
	require.Equal(t, firstFetch, f.next(false), "a slow reader gets no more at once")
	f.keptUp = true
	require.Equal(t, 2*firstFetch, f.next(false))
	for range 20 {
		f.next(false)
	}
	require.Equal(t, maxInFlight/10, f.next(false), "no more than may be under way")
	f.handedOut(batch(10, 100<<20))
	require.Less(t, f.next(false), 100)
	f = newFetch(0)
	f.handedOut(batch(1, 1<<30))
	require.Equal(t, 1, f.next(false), "larger than what may be under way")
	for _, fixed := range []int{1, 7, allRecords} {
		f := newFetch(fixed)
		f.keptUp = true
		require.Equal(t, fixed, f.next(false))
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add(packed(f, map[string]any{"fields": []any{"x"}, "qid": 1, "t_first": 3}),
		packed(f, map[string]any{"has_more": false, "stats": map[string]any{}, "plan": map[string]any{}}))
	f.Add(packed(f, map[string]any{"statuses": []any{map[string]any{"gql_status": "00000"}}}),
		packed(f, map[string]any{"rt": map[string]any{}}))
	f.Fuzz(func(t *testing.T, run, end []byte) {
		c := &Connection{turn: turn.New(), state: stateReady}
		s := &source{c: c, qid: -1}
		c.open = []*source{s}
		c.expect(requestRun, (*runAnswer)(s))
		c.expect(requestPull, (*pullAnswer)(s))
		for _, metadata := range [][]byte{run, end} {
			if err := c.accept(append([]byte{0xB1, wire.MessageSuccess}, metadata...)); err != nil {
				return
			}
		}
		require.NotNil(t, s.Summary())
		failure := packstream.NewReader(end)
		_, _ = readFailure(&failure)
		_, _ = facts.Route(facts.Decode(end), "")
	})
}
