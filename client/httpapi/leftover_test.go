//go:build !js

package httpapi_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/connect"
	"github.com/webbolt/webbolt/client/httpapi"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// Of the transactions that the server lists, the only one that can be the cancelled query's is ended; if several can
// be, none is.
func TestCancelledQueryIsTold(t *testing.T) {
	young, old := int64(0), time.Hour.Milliseconds()
	for _, test := range []struct {
		name   string
		listed map[string]int64 // ids, and how old the transactions are
		ended  string
	}{
		{"zero", nil, ""},
		{"one", map[string]int64{"t-1": young}, "t-1"},
		{"two", map[string]int64{"t-1": young, "t-2": young}, ""},
		{"one foreign", map[string]int64{"t-1": old}, ""},
		{"one and one foreign", map[string]int64{"t-1": young, "t-2": old}, "t-1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var mu sync.Mutex
			var ended []string
			ctx, cancel := context.WithCancel(testContext(t))
			f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				switch text := string(body); {
				case strings.Contains(text, "SHOW TRANSACTIONS"):
					var rows []string
					for id, age := range test.listed {
						rows = append(rows,
							fmt.Sprintf(`[{"$type":"String","_value":%q},{"$type":"Integer","_value":"%d"}]`, id, age))
					}
					_, _ = io.WriteString(w, `{"data":{"fields":["transactionId","elapsed"],"values":[`+strings.Join(
						rows, ",")+`]}}`)
				case strings.Contains(text, "TERMINATE"):
					mu.Lock()
					defer mu.Unlock()
					for id := range test.listed {
						if strings.Contains(text, `"`+id+`"`) {
							ended = append(ended, id)
						}
					}
					_, _ = io.WriteString(w, rowsBegin+"]}}")
				default:
					cancel()
					<-r.Context().Done()
				}
			})
			cx := f.open(t, client.Options{})
			_, err := drain(ctx, cx)
			require.ErrorIs(t, err, context.Canceled)
			require.NoError(t, cx.Reset(testContext(t), false)) // waits until it is cleared away
			mu.Lock()
			defer mu.Unlock()
			require.Equal(t, test.ended, strings.Join(ended, " "))
		})
	}
}

// A transaction that began after the query was abandoned is not the query's, nor is one with other parameters or over
// Bolt.
func TestForeignQueryIsNotEnded(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		lock := holdLock(t, server)
		cx := open(t, server)
		before := time.Now().Add(-time.Hour)
		other := waiting(t, server, lock, map[string]any{"x": 2})
		require.Equal(t, 1, listed(t, cx, lock))
		require.NoError(t, cx.Terminate(testContext(t), lock, map[string]any{"x": 2}, before, before.Add(time.Minute)))
		require.NoError(t, cx.Terminate(testContext(t), lock, map[string]any{"x": 2}, time.Now().Add(time.Minute),
			time.Now().Add(time.Hour)))
		require.NoError(t, cx.Terminate(testContext(t), lock, map[string]any{"x": 3}, before, time.Now()))
		require.NoError(t, cx.Terminate(testContext(t), lock, map[string]any{"x": 2, "y": nil}, before, time.Now()))
		require.NoError(t, cx.Terminate(testContext(t), lock, nil, before, time.Now()))
		require.Equal(t, 1, listed(t, cx, lock))
		require.NoError(t, cx.Terminate(testContext(t), lock, map[string]any{"x": 2}, before, time.Now()))
		require.Error(t, <-other, "all fits this one")

		profile, err := client.ParseProfile(server.BoltURI())
		require.NoError(t, err)
		profile.User, profile.Password = server.User, client.Secret(server.Password)
		bolt, err := connect.Open(testContext(t), profile, client.Options{})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(testContext(t))
		defer func() { _ = bolt.Close() }()
		defer cancel()
		done := make(chan error, 1)
		go func() {
			result, err := bolt.RunProg(ctx, "", lock, map[string]any{"x": 2}, false)
			if err == nil {
				err = result.Buffer(ctx)
			}
			done <- err
		}()
		for listed(t, cx, lock) == 0 {
			require.NoError(t, testContext(t).Err())
		}
		require.NoError(t, cx.Terminate(testContext(t), lock, map[string]any{"x": 2}, before, time.Now()))
		require.Equal(t, 1, listed(t, cx, lock))
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
	})
}

// A query that waits for a lock is ended when its caller gives up, in a transaction of its own and in another; queries
// of other callers continue.
func TestCancelledQueryIsEnded(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		for _, parameters := range []map[string]any{{"x": 2}, {"x": 2, "none": nil, "list": []any{1, "a"}}} {
			for _, explicit := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d/%t", len(parameters), explicit), func(t *testing.T) {
					lock := holdLock(t, server)
					foreign := waiting(t, server, lock, map[string]any{"x": 3})
					cx, observer := open(t, server), open(t, server)
					ctx, cancel := context.WithCancel(testContext(t))
					done := make(chan error, 1)
					go func() { done <- update(ctx, cx, lock, parameters, explicit) }()
					for listed(t, observer, lock) < 2 {
						require.NoError(t, testContext(t).Err())
					}
					cancel()
					require.ErrorIs(t, <-done, context.Canceled)
					require.NoError(t, cx.Reset(testContext(t), false))
					require.Eventually(t, func() bool { return listed(t, observer, lock) == 1 }, 20*time.Second,
						20*time.Millisecond)
					select {
					case err := <-foreign:
						t.Fatal("the other query was ended:", err)
					default:
					}
				})
			}
		}
	})
}

// A query whose result is left in the middle is ended on the server, and does not write.
func TestAnswerLeftEarlyIsEnded(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		cx, observer := open(t, server), open(t, server)
		label := "HttpLeft" + itoa64(time.Now().UnixNano())
		cypher := "CREATE (n:" + label + ") WITH n UNWIND range(1, 200000000) AS i RETURN i"
		ctx, leave := context.WithCancel(testContext(t))
		result, err := cx.RunProg(ctx, "", cypher, nil, false)
		require.NoError(t, err)
		_, err = result.Fetch(ctx)
		require.NoError(t, err)
		leave()
		for err == nil {
			_, err = result.Fetch(ctx)
		}
		require.ErrorIs(t, err, context.Canceled)
		require.Eventually(t, func() bool { return listed(t, observer, cypher) == 0 }, 5*time.Second,
			20*time.Millisecond)
		require.EqualValues(t, 0, value(t, cx, "MATCH (n:"+label+") RETURN count(n)", nil))
	})
}

// holdLock returns a query that waits until the test ends.
func holdLock(t *testing.T, server *neo4jtest.Server) string {
	label := "HttpLeftover" + itoa64(time.Now().UnixNano())
	holder := open(t, server)
	run(t, holder, "CREATE (:"+label+" {x: 0})")
	tx, err := holder.Begin(testContext(t), "", false)
	require.NoError(t, err)
	_, err = holder.RunQuery(testContext(t), tx, "MATCH (n:"+label+") SET n.x = 1", nil)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := holder.Rollback(context.Background(), tx)
		require.NoError(t, err)
		result, err := holder.RunProg(context.Background(), "", "MATCH (n:"+label+") DELETE n", nil, false)
		require.NoError(t, err)
		require.NoError(t, result.Discard(context.Background()))
	})
	return "MATCH (n:" + label + ") SET n.x = $x RETURN n.x"
}

// update runs a query that waits.
func update(ctx context.Context, cx *httpapi.Connection, cypher string, parameters map[string]any,
	explicit bool) error {
	var result *client.Result
	var err error
	if explicit {
		var tx *client.TransactionRef
		if tx, err = cx.Begin(ctx, "", false); err == nil {
			result, err = cx.RunQuery(ctx, tx, cypher, parameters)
		}
	} else {
		result, err = cx.RunProg(ctx, "", cypher, parameters, false)
	}
	if err == nil {
		err = result.Buffer(ctx)
	}
	return err
}

// waiting makes another client run a query that waits, and returns when it waits.
func waiting(t *testing.T, server *neo4jtest.Server, cypher string, parameters map[string]any) <-chan error {
	cx := open(t, server)
	done := make(chan error, 1)
	go func() { done <- update(context.Background(), cx, cypher, parameters, false) }()
	observer := open(t, server)
	for listed(t, observer, cypher) == 0 {
		require.NoError(t, testContext(t).Err())
	}
	return done
}

// listed is the number of transactions that run the query.
func listed(t *testing.T, cx *httpapi.Connection, cypher string) (n int) {
	queries, err := cx.Queries(testContext(t), nil)
	require.NoError(t, err)
	for _, q := range queries {
		if q.Query == cypher {
			n++
		}
	}
	return n
}

// A caller may change its parameters after it has the result, even while the result is cleared away.
func TestParametersAreTheCallers(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); strings.Contains(string(body), "TRANSACTIONS") {
			_, _ = io.WriteString(w, rowsBegin+"]}}")
			return
		}
		_, _ = io.WriteString(w, rowsBegin+oneRow+",")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	cx := f.open(t, client.Options{})
	parameters := map[string]any{"x": 0}
	for i := range 50 {
		ctx, leave := context.WithCancel(testContext(t))
		result, err := cx.RunProg(ctx, "", "RETURN $x", parameters, true)
		require.NoError(t, err)
		leave()
		for err == nil {
			_, err = result.Fetch(ctx)
		}
		parameters["x"] = i
	}
}
