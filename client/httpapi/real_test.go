package httpapi_test

import (
	"context"
	"errors"
	"math"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/httpapi"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// These tests run against real servers.

const patience = 2 * time.Minute

func eachServer(t *testing.T, test func(t *testing.T, server *neo4jtest.Server)) {
	for _, version := range neo4jtest.Versions {
		t.Run(string(version), func(t *testing.T) { test(t, neo4jtest.Need(t, version)) })
	}
}

func profileOf(t testing.TB, server *neo4jtest.Server) client.Profile {
	profile, err := client.ParseProfile(server.HTTPURI())
	require.NoError(t, err)
	profile.User, profile.Password = server.User, client.Secret(server.Password)
	return profile
}

func testContext(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func open(t testing.TB, server *neo4jtest.Server) *httpapi.Connection {
	cx, err := httpapi.Open(testContext(t), profileOf(t, server), client.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = cx.Close() })
	return cx
}

// rowsOf reads a result to its end.
func rowsOf(t testing.TB, result *client.Result) (rows [][]any) {
	for record, err := range result.Records(testContext(t)) {
		require.NoError(t, err)
		row, err := record.Values()
		require.NoError(t, err)
		rows = append(rows, row)
	}
	return rows
}

func value(t testing.TB, cx *httpapi.Connection, cypher string, parameters map[string]any) any {
	result, err := cx.RunProg(testContext(t), "", cypher, parameters, true)
	require.NoError(t, err, cypher)
	rows := rowsOf(t, result)
	require.Len(t, rows, 1, cypher)
	return rows[0][0]
}

// An error in the middle comes after the rows before it.
func TestErrorAfterRows(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		cx := open(t, server)
		ctx := testContext(t)
		result, err := cx.RunProg(ctx, "", "UNWIND range(1, 5000) AS i RETURN 10/(4990 - i) AS x", nil, true)
		require.NoError(t, err)
		n := 0
		for record, e := range result.Records(ctx) {
			if err = e; err == nil {
				require.Len(t, record.Keys(), 1)
				n++
			}
		}
		var failure *client.Failure
		require.ErrorAs(t, err, &failure)
		require.Equal(t, "Neo.ClientError.Statement.ArithmeticError", failure.Code)
		require.Equal(t, 4989, n)
		_, again := result.Fetch(ctx)
		require.Equal(t, err, again)
		require.True(t, result.Summary().Complete)
		require.Equal(t, client.TransportHTTP, result.Summary().Transport)
		require.EqualValues(t, 1, value(t, cx, "RETURN 1", nil))
		require.False(t, cx.Broken())
	})
}

// The server has ended the transaction, for example because it was idle for too long, which these tests do not wait
// for.
func TestExpiredTransaction(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		unbound := 0
		cx, err := httpapi.Open(testContext(t), profileOf(t, server),
			client.Options{OnUnbind: func(*client.TransactionRef) { unbound++ }})
		require.NoError(t, err)
		defer cx.Close()
		for _, use := range []func(tx *client.TransactionRef) error{
			func(tx *client.TransactionRef) error {
				_, err := cx.RunQuery(testContext(t), tx, "RETURN 1", nil)
				return err
			},
			func(tx *client.TransactionRef) error { _, err := cx.Commit(testContext(t), tx); return err },
		} {
			unbound = 0
			tx, err := cx.Begin(testContext(t), "", false)
			require.NoError(t, err)
			require.NoError(t, cx.RollBackUnnoticed(testContext(t), tx))
			var failure *client.Failure
			require.ErrorAs(t, use(tx), &failure)
			require.Equal(t, "Neo.ClientError.Transaction.TransactionNotFound", failure.Code)
			require.ErrorContains(t, failure, "idle")
			require.True(t, tx.Broken())
			require.Equal(t, 1, unbound)
			require.True(t, cx.Clean())
		}
		require.False(t, cx.Broken())
	})
}

// Two calls on one transaction at once are carried out one after the other.
func TestTwoRequestsAtOnce(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		cx := open(t, server)
		ctx := testContext(t)
		tx, err := cx.Begin(ctx, "", true)
		require.NoError(t, err)
		errs := make(chan error, 4)
		for range cap(errs) {
			go func() {
				result, err := cx.RunQuery(ctx, tx, "UNWIND range(1, 2000) AS i RETURN i", nil)
				if err == nil {
					err = result.Buffer(ctx)
				}
				errs <- err
			}()
		}
		for range cap(errs) {
			require.NoError(t, <-errs)
		}
		_, err = cx.Commit(ctx, tx)
		require.NoError(t, err)
	})
}

// Several results can be read in turn: an open one is read into memory before the next request.
func TestInterleavedResults(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		cx := open(t, server)
		ctx := testContext(t)
		tx, err := cx.Begin(ctx, "", true)
		require.NoError(t, err)
		const rows = 20000
		first, err := cx.RunQuery(ctx, tx, "UNWIND range(1, $n) AS i RETURN i", map[string]any{"n": rows})
		require.NoError(t, err)
		record, err := first.Fetch(ctx)
		require.NoError(t, err)
		require.Equal(t, []string{"i"}, record.Keys())
		second, err := cx.RunQuery(ctx, tx, "UNWIND range(1, $n) AS i RETURN -i", map[string]any{"n": rows})
		require.NoError(t, err)
		_, err = cx.Commit(ctx, tx)
		require.NoError(t, err)
		require.Len(t, rowsOf(t, first), rows-1)
		require.Len(t, rowsOf(t, second), rows)
		require.True(t, first.Summary().Complete)
	})
}

func TestWhatHTTPCannotDo(t *testing.T) {
	var unsupported *client.UnsupportedError
	old := open(t, neo4jtest.Need(t, neo4jtest.V4_4))
	for _, options := range []client.TxOptions{{Bookmarks: []string{"FB:x"}}, {ImpersonatedUser: "somebody"}} {
		_, err := old.Begin(testContext(t), "", true, options)
		require.ErrorAs(t, err, &unsupported)
		_, err = old.RunProg(testContext(t), "", "RETURN 1", nil, true, options)
		require.ErrorAs(t, err, &unsupported)
	}
	_, err := old.RunProg(testContext(t), "", "RETURN 1", nil, true, client.TxOptions{Metadata: map[string]any{"a": 1}})
	require.ErrorAs(t, err, &unsupported)
	_, err = old.RunProg(testContext(t), "", "RETURN $x", map[string]any{"x": math.NaN()}, true)
	require.ErrorAs(t, err, &unsupported)
	_, err = httpapi.Open(testContext(t), profileOf(t, neo4jtest.Need(t, neo4jtest.V4_4)),
		client.Options{Relay: "ws://localhost/"})
	require.ErrorAs(t, err, &unsupported)
	require.ErrorAs(t, old.Authenticate(testContext(t), client.Auth{Scheme: "kerberos"}), &unsupported)
}

// A query that waits for a lock ends when its time is up, in a transaction of its own too.
func TestTimeout(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		cx, holder := open(t, server), open(t, server)
		ctx := testContext(t)
		run(t, cx, "MERGE (n:HttpTimeout) SET n.x = 0")
		defer run(t, cx, "MATCH (n:HttpTimeout) DELETE n")
		held, err := holder.Begin(ctx, "", false)
		require.NoError(t, err)
		defer func() {
			_, err := holder.Rollback(ctx, held)
			require.NoError(t, err)
		}()
		_, err = holder.RunQuery(ctx, held, "MATCH (n:HttpTimeout) SET n.x = 1", nil)
		require.NoError(t, err)
		result, err := cx.RunProg(ctx, "", "MATCH (n:HttpTimeout) SET n.x = 2 RETURN n", nil, false,
			client.TxOptions{Timeout: 500 * time.Millisecond})
		if err == nil {
			_, err = result.Fetch(ctx)
		}
		var failure *client.Failure
		require.ErrorAs(t, err, &failure)
		require.Contains(t, failure.Message, "terminated")
	})
}

// run runs a query for its effect.
func run(t testing.TB, cx *httpapi.Connection, cypher string) {
	result, err := cx.RunProg(testContext(t), "", cypher, nil, false)
	require.NoError(t, err, cypher)
	require.NoError(t, result.Discard(testContext(t)))
}

func TestRoute(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		route, err := open(t, server).Route(testContext(t), "", map[string]string{"region": "eu"})
		require.NoError(t, err)
		require.Equal(t, "neo4j", route.Database)
		require.Equal(t, []string{server.BoltAddr}, route.Readers)
		require.Equal(t, []string{server.BoltAddr}, route.Writers)
		require.Equal(t, []string{server.BoltAddr}, route.Routers)
		require.Equal(t, 5*time.Minute, route.TTL)
	})
}

func TestWrongPassword(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		profile := profileOf(t, server)
		profile.Password = "wrong"
		_, err := httpapi.Open(testContext(t), profile, client.Options{})
		var failure *client.Failure
		require.ErrorAs(t, err, &failure)
		require.Equal(t, "Neo.ClientError.Security.Unauthorized", failure.Code)
		cx := open(t, server)
		require.ErrorAs(t, cx.Authenticate(testContext(t), profile.Auth()), &failure)
		require.EqualValues(t, 1, value(t, cx, "RETURN 1", nil), "the token before holds on")
	})
}

func TestBoltPort(t *testing.T) {
	server := *neo4jtest.Need(t, neo4jtest.V5)
	server.HTTPAddr = server.BoltAddr
	_, err := httpapi.Open(testContext(t), profileOf(t, &server), client.Options{})
	var unavailable *client.ConnectionUnavailable
	require.ErrorAs(t, err, &unavailable)
	require.Equal(t, client.ReasonNotNeo4j, unavailable.Reason)
	require.ErrorContains(t, err, "Bolt port")
}

// A million rows are read without being kept.
func TestMemoryIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("a million rows take some seconds")
	}
	cx := open(t, neo4jtest.Need(t, neo4jtest.V5))
	ctx := testContext(t)
	const rows = 1_000_000
	result, err := cx.RunProg(ctx, "", "UNWIND range(1, $n) AS i RETURN i, 'some text that goes with it' AS text",
		map[string]any{"n": rows}, true)
	require.NoError(t, err)
	before := liveHeap()
	n, most := 0, uint64(0)
	for {
		batch, err := result.NextBatch(ctx)
		if err != nil {
			require.Equal(t, "EOF", err.Error())
			break
		}
		if n += len(batch.Records); n/100_000 != (n-len(batch.Records))/100_000 {
			most = max(most, liveHeap())
		}
	}
	require.Equal(t, rows, n)
	require.Less(t, most, before+16<<20)
}

func itoa64(n int64) string { return strconv.FormatInt(n, 10) }

// liveHeap is how many bytes are in use after a garbage collection.
func liveHeap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func isArgument(err error) bool {
	var wrong *client.ArgumentError
	return errors.As(err, &wrong)
}

func TestForeignTransaction(t *testing.T) {
	server := neo4jtest.Need(t, neo4jtest.V5)
	cx, other := open(t, server), open(t, server)
	tx, err := other.Begin(testContext(t), "", true)
	require.NoError(t, err)
	_, err = cx.RunQuery(testContext(t), tx, "RETURN 1", nil)
	require.True(t, isArgument(err))
	_, err = cx.Commit(testContext(t), tx)
	require.True(t, isArgument(err))
	_, err = cx.Rollback(testContext(t), nil)
	require.True(t, isArgument(err))
	_, err = other.Rollback(testContext(t), tx)
	require.NoError(t, err)
	_, err = other.Rollback(testContext(t), tx)
	require.NoError(t, err)
	_, err = other.Commit(testContext(t), tx)
	require.True(t, isArgument(err))
}
