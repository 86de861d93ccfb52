//go:build !js

package httpapi_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// What the transaction API cannot carry goes another way on Neo4j 5, which heeds a time-out in auto-commit there only.
func TestTimedValues(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		cx := open(t, server)
		ctx := testContext(t)
		options := client.TxOptions{Timeout: time.Minute}
		parameters := map[string]any{"bytes": []byte{1, 2}, "date": time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
		const cypher = "CREATE (n:HttpTimed) SET n.bytes = $bytes, n.date = $date RETURN n.bytes"
		result, err := cx.RunProg(ctx, "", cypher, parameters, false, options)
		if server.Version == neo4jtest.V4_4 {
			require.ErrorAs(t, err, new(*client.UnsupportedError))
			return
		}
		defer run(t, cx, "MATCH (n:HttpTimed) DELETE n")
		require.NoError(t, err)
		require.Equal(t, [][]any{{[]byte{1, 2}}}, rowsOf(t, result))
		require.True(t, cx.Clean())
		require.EqualValues(t, 1, value(t, cx, "MATCH (n:HttpTimed) RETURN count(n)", nil), "it is committed")
		summary := result.Summary()
		require.Equal(t, client.TransportHTTP, summary.Transport)
		require.EqualValues(t, 1, summary.Counters.NodesCreated)
		require.NotEmpty(t, summary.Bookmark)

		result, err = cx.RunProg(ctx, "", "MATCH (n:HttpTimed) SET n.bytes = $bytes RETURN 1/0", parameters, false,
			options)
		if err == nil {
			err = result.Buffer(ctx)
		}
		require.ErrorAs(t, err, new(*client.Failure))
		require.True(t, cx.Clean())

		left, leave := context.WithCancel(ctx)
		result, err = cx.RunProg(left, "",
			"CREATE (n:HttpTimed {bytes: $bytes}) WITH n UNWIND range(1, 200000000) AS i RETURN i", parameters, false,
			options)
		require.NoError(t, err)
		_, err = result.Fetch(left)
		require.NoError(t, err)
		leave()
		for err == nil {
			_, err = result.Fetch(left)
		}
		require.ErrorIs(t, err, context.Canceled)
		require.EqualValues(t, 1, value(t, cx, "MATCH (n:HttpTimed) RETURN count(n)", nil),
			"what was left early is rolled back")
	})
}

// The time-out holds for these, too.
func TestTimedValuesTimeOut(t *testing.T) {
	for _, version := range []neo4jtest.Version{neo4jtest.V5, neo4jtest.V2026} {
		server := neo4jtest.Need(t, version)
		lock := holdLock(t, server)
		cx := open(t, server)
		result, err := cx.RunProg(testContext(t), "", lock, map[string]any{"x": []byte{1}}, false,
			client.TxOptions{Timeout: time.Second})
		if err == nil {
			err = result.Buffer(testContext(t))
		}
		var failure *client.Failure
		require.ErrorAs(t, err, &failure)
		require.Contains(t, failure.Code, ".Transaction.")
		require.True(t, cx.Clean())
	}
}

// Neo4j 5's Query API heeds a time-out in explicit transactions only, so that of a query that acts for another user is
// one.
func TestTimedImpersonation(t *testing.T) {
	var asked []string
	commit := `{"bookmarks":["FB:1"]}`
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked = append(asked, r.Method+" "+r.URL.Path)
		switch r.URL.Path {
		case "/db/films/query/v2/tx":
			require.JSONEq(t, `{"accessMode":"READ","maxExecutionTime":3,"impersonatedUser":"alice"}`, string(body))
			_, _ = io.WriteString(w, transaction)
		case "/db/films/query/v2/tx/abc":
			_, _ = io.WriteString(w, rowsBegin+oneRow+"]}}")
		default:
			_, _ = io.WriteString(w, commit)
		}
	})
	options := client.TxOptions{Timeout: 3 * time.Second, ImpersonatedUser: "alice"}
	bound := 0
	cx := f.open(t, client.Options{OnBind: func(*client.TransactionRef, client.Connection) { bound++ }})
	result, err := cx.RunProg(testContext(t), "films", "RETURN 1", nil, true, options)
	require.NoError(t, err)
	require.Len(t, rowsOf(t, result), 1)
	require.Equal(t, "FB:1", result.Summary().Bookmark)
	require.Equal(t, []string{"POST /db/films/query/v2/tx", "POST /db/films/query/v2/tx/abc",
		"POST /db/films/query/v2/tx/abc/commit"}, asked)
	require.Zero(t, bound, "nobody has begun a transaction")

	commit = `{"errors":[{"code":"Neo.TransientError.Transaction.Outdated","message":"too late"}]}`
	result, err = cx.RunProg(testContext(t), "films", "RETURN 1", nil, true, options)
	require.NoError(t, err)
	require.ErrorContains(t, result.Discard(testContext(t)), "too late")
	require.False(t, cx.Broken())

	asked = nil
	_, err = cx.RunProg(testContext(t), "films", "RETURN $x", map[string]any{"x": struct{}{}}, true, options)
	require.Error(t, err)
	require.NoError(t, cx.Reset(testContext(t), false))
	require.Equal(t, []string{"POST /db/films/query/v2/tx", "DELETE /db/films/query/v2/tx/abc"}, asked)
}
