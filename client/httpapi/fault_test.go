//go:build !js

package httpapi_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/httpapi"
)

// In these tests a server does what a real one cannot be made to do.

const (
	discovery   = `{"query":"http://x/db/{databaseName}/query/v2","transaction":"http://x/db/{databaseName}/tx","neo4j_version":"5.26.30","neo4j_edition":"community"}`
	homeAnswer  = `{"data":{"fields":["name"],"values":[[{"$type":"String","_value":"neo4j"}]]}}`
	typedMedia  = "application/vnd.neo4j.query"
	rowsBegin   = `{"data":{"fields":["i"],"values":[`
	oneRow      = `[{"$type":"Integer","_value":"1"}]`
	transaction = `{"transaction":{"id":"abc","expires":"2026-11-22T22:03:40Z"}}`
)

const (
	joltDiscovery = `{"transaction":"http://x/db/{databaseName}/tx","neo4j_version":"4.4.48","neo4j_edition":"community"}`
	joltHome      = `{"header":{"fields":["name"]}}{"data":["neo4j"]}{"summary":{}}{"info":{}}`
	joltMedia     = "application/vnd.neo4j.jolt"
)

// fake is a server that logs in, and answers further requests by handler.
type fake struct {
	*httptest.Server
	discovery, home, media string

	handler  atomic.Pointer[http.HandlerFunc]
	requests atomic.Int64
}

// newFake is a server with the Query API.
func newFake(t *testing.T, handler http.HandlerFunc) *fake {
	return (&fake{discovery: discovery, home: homeAnswer, media: typedMedia}).start(t, handler)
}

// newJoltFake is a server with the transaction API only.
func newJoltFake(t *testing.T, handler http.HandlerFunc) *fake {
	return (&fake{discovery: joltDiscovery, home: joltHome, media: joltMedia}).start(t, handler)
}

func (f *fake) start(t *testing.T, handler http.HandlerFunc) *fake {
	f.handler.Store(&handler)
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.requests.Add(1)
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		switch {
		case r.URL.Path == "/":
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, f.discovery)
		case strings.Contains(string(body), "SHOW HOME DATABASE"):
			w.Header().Set("Content-Type", f.media)
			w.WriteHeader(202)
			_, _ = io.WriteString(w, f.home)
		default:
			w.Header().Set("Content-Type", f.media)
			(*f.handler.Load())(w, r)
		}
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) profile(t *testing.T) client.Profile {
	profile, err := client.ParseProfile(f.URL)
	require.NoError(t, err)
	profile.User, profile.Password = "u", "p"
	return profile
}

func (f *fake) open(t *testing.T, options client.Options) *httpapi.Connection {
	cx, err := httpapi.Open(testContext(t), f.profile(t), options)
	require.NoError(t, err)
	t.Cleanup(func() { _ = cx.Close() })
	return cx
}

// drain reads a query's result to its end, and returns how many records there were and how it ended.
func drain(ctx context.Context, cx *httpapi.Connection) (n int, err error) {
	result, err := cx.RunProg(ctx, "", "RETURN 1", nil, true)
	if err != nil {
		return 0, err
	}
	for _, err := range result.Records(ctx) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func TestCutInMidBody(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, rowsBegin+oneRow+","+oneRow+`,[{"$ty`)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	var told []string
	cx := f.open(t, client.Options{OnBroken: func(_ client.Profile, message string) { told = append(told, message) }})
	n, err := drain(testContext(t), cx)
	var broken *client.ConnectionBroken
	require.ErrorAs(t, err, &broken)
	require.Equal(t, 2, n, "what came before is given before")
	require.True(t, cx.Broken())
	require.Len(t, told, 1)
	_, err = cx.RunProg(testContext(t), "", "RETURN 1", nil, true)
	require.ErrorAs(t, err, &broken)
}

func TestCutShort(t *testing.T) {
	for _, text := range []string{rowsBegin + oneRow, rowsBegin, `{"data":{"fields":["i"]`, `{`, ``,
		rowsBegin + oneRow + `]},"counters":{"a":`} {
		f := newFake(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
		cx := f.open(t, client.Options{})
		_, err := drain(testContext(t), cx)
		var wrong *client.ProtocolError
		require.ErrorAs(t, err, &wrong, text)
		require.ErrorContains(t, err, "ends before it is complete")
		require.True(t, cx.Broken())
	}
}

func TestNonsense(t *testing.T) {
	for _, text := range []string{`[1]`, `{"data":{"values":[[]]},"errors":[{"code":"x","message":"y"}]}`,
		`{"data":{"values":[[]`, rowsBegin + `[1]]}}`, rowsBegin + `[]]}}`,
		rowsBegin + `[{"$type":"Integer","_value":"x"}]]}}`} {
		f := newFake(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
		cx := f.open(t, client.Options{})
		_, err := drain(testContext(t), cx)
		var wrong *client.ProtocolError
		require.ErrorAs(t, err, &wrong, text)
		require.True(t, cx.Broken())
	}
}

func TestProxyPage(t *testing.T) {
	page := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<html><h1>Bad Gateway</h1></html>")
		}
	}
	cx := newFake(t, page(502)).open(t, client.Options{})
	_, err := drain(testContext(t), cx)
	var broken *client.ConnectionBroken
	require.ErrorAs(t, err, &broken)
	require.ErrorContains(t, err, "502")
	require.ErrorContains(t, err, "proxy")

	_, err = drain(testContext(t), newJoltFake(t, page(502)).open(t, client.Options{}))
	require.ErrorAs(t, err, &broken)
	require.ErrorContains(t, err, "502")

	cx = newFake(t, page(200)).open(t, client.Options{})
	_, err = drain(testContext(t), cx)
	var wrong *client.ProtocolError
	require.ErrorAs(t, err, &wrong)
	require.ErrorContains(t, err, "text/html")

	gateway := httptest.NewServer(page(502))
	defer gateway.Close()
	profile, err := client.ParseProfile(gateway.URL)
	require.NoError(t, err)
	_, err = httpapi.Open(testContext(t), profile, client.Options{})
	var unavailable *client.ConnectionUnavailable
	require.ErrorAs(t, err, &unavailable)
	require.ErrorContains(t, err, "502")
}

func TestNotNeo4j(t *testing.T) {
	for _, text := range []string{"hello", `{"neo4j":"no"}`, `[]`, ``,
		`{"data":"http://x/db/data/","management":"x"}`} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, text)
		}))
		profile, err := client.ParseProfile(server.URL)
		require.NoError(t, err)
		_, err = httpapi.Open(testContext(t), profile, client.Options{})
		var unavailable *client.ConnectionUnavailable
		require.ErrorAs(t, err, &unavailable, text)
		require.Equal(t, client.ReasonNotNeo4j, unavailable.Reason)
		server.Close()
	}
}

func TestNothingThere(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	profile, err := client.ParseProfile(server.URL)
	require.NoError(t, err)
	server.Close()
	_, err = httpapi.Open(testContext(t), profile, client.Options{})
	var unavailable *client.ConnectionUnavailable
	require.ErrorAs(t, err, &unavailable)
	require.Equal(t, client.ReasonRefused, unavailable.Reason)
}

func TestSlowToOpen(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	profile, err := client.ParseProfile(server.URL)
	require.NoError(t, err)
	ctx, cancel := client.Options{ConnectTimeout: 50 * time.Millisecond}.Limit(testContext(t))
	defer cancel()
	_, err = httpapi.Open(ctx, profile, client.Options{})
	var unavailable *client.ConnectionUnavailable
	require.ErrorAs(t, err, &unavailable)
	require.Equal(t, client.ReasonTimeout, unavailable.Reason)
}

// The server goes away between two requests.
func TestServerGone(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, transaction) })
	unbound := make(chan *client.TransactionRef, 1)
	cx := f.open(t, client.Options{OnUnbind: func(tx *client.TransactionRef) { unbound <- tx }})
	tx, err := cx.Begin(testContext(t), "", false)
	require.NoError(t, err)
	f.CloseClientConnections()
	f.Close()
	_, err = cx.RunQuery(testContext(t), tx, "RETURN 1", nil)
	var broken *client.ConnectionBroken
	require.ErrorAs(t, err, &broken)
	require.True(t, tx.Broken())
	require.Equal(t, tx, <-unbound)
}

// After an expired token the supplier is asked once, and the request is repeated.
func TestTokenExpires(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer new" {
			w.WriteHeader(401)
			_, _ = io.WriteString(w, `{"errors":[{"code":"Neo.ClientError.Security.TokenExpired","message":"it has"}]}`)
			return
		}
		_, _ = io.WriteString(w, rowsBegin+oneRow+"]}}")
	})
	var refusals []*client.Failure
	tokens := []string{"old", "new"}
	cx := f.open(t, client.Options{Auth: func(_ context.Context, refused *client.Failure) (client.Auth, error) {
		refusals = append(refusals, refused)
		token := tokens[0]
		tokens = tokens[1:]
		return client.Auth{Scheme: "bearer", Credentials: client.Secret(token)}, nil
	}})
	n, err := drain(testContext(t), cx)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Len(t, refusals, 2)
	require.Nil(t, refusals[0])
	require.Equal(t, "Neo.ClientError.Security.TokenExpired", refusals[1].Code)
	require.False(t, cx.TokenRefused())

	only := f.open(t, client.Options{})
	_, err = drain(testContext(t), only)
	require.ErrorAs(t, err, new(*client.Failure))
	require.True(t, only.TokenRefused(), "nobody has another token")
}

// A context that ends in the middle of an answer ends the call and the request; the connection stays usable.
func TestCancelInMidAnswer(t *testing.T) {
	left := make(chan struct{})
	f := newFake(t, nil)
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, rowsBegin+oneRow+",")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		close(left)
	})
	f.handler.Store(&slow)
	cx := f.open(t, client.Options{})
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(testContext(t))
	result, err := cx.RunProg(ctx, "", "RETURN 1", nil, true)
	require.NoError(t, err)
	_, err = result.Fetch(ctx)
	require.NoError(t, err)
	cancel(cause)
	_, err = result.Fetch(ctx)
	require.ErrorIs(t, err, cause)
	quick := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_,
			_ = io.WriteString(w, rowsBegin+oneRow+"]}}")
	})
	f.handler.Store(&quick)
	require.NoError(t, cx.Reset(testContext(t), false))
	<-left
	n, err := drain(testContext(t), cx)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.False(t, cx.Broken())
}

// Close ends a call that waits for the server.
func TestCloseWhileWaiting(t *testing.T) {
	arrived := make(chan struct{})
	f := newFake(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	cx := f.open(t, client.Options{})
	done := make(chan error, 1)
	go func() {
		_, err := drain(context.Background(), cx)
		done <- err
	}()
	<-arrived
	require.NoError(t, cx.Close())
	require.Error(t, <-done)
	require.True(t, cx.Closed())
	require.False(t, cx.Broken())
	require.NoError(t, cx.Close())
}

// Rows are given as soon as they arrive, however the body is cut into pieces.
func TestRowsComeAsTheyArrive(t *testing.T) {
	next := make(chan string)
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		for piece := range next {
			_, _ = io.WriteString(w, piece)
			w.(http.Flusher).Flush()
		}
	})
	cx := f.open(t, client.Options{})
	go func() { next <- rowsBegin + oneRow[:7] }()
	result, err := cx.RunProg(testContext(t), "", "RETURN 1", nil, true)
	require.NoError(t, err)
	for range 3 {
		go func() { next <- oneRow[7:] + "," + oneRow[:7] }()
		record, err := result.Fetch(testContext(t))
		require.NoError(t, err)
		require.NotNil(t, record)
		require.False(t, result.HasRecords())
	}
	go func() {
		next <- oneRow[7:] + "]}}"
		close(next)
	}()
	record, err := result.Fetch(testContext(t))
	require.NoError(t, err)
	require.NotNil(t, record)
	record, err = result.Fetch(testContext(t))
	require.NoError(t, err)
	require.Nil(t, record)
}

// The path prefix, the transaction's id and the member of the cluster are all sent back as they came.
func TestTransactionAddress(t *testing.T) {
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", typedMedia)
		switch {
		case r.URL.Path == "/proxy/":
			_, _ = io.WriteString(w, discovery)
			return
		case strings.Contains(string(body), "SHOW HOME"):
			_, _ = io.WriteString(w, homeAnswer)
			return
		case strings.HasSuffix(r.URL.Path, "/tx"):
			w.Header().Set("neo4j-cluster-affinity", "member 3")
			_, _ = io.WriteString(w, transaction)
		case strings.HasSuffix(r.URL.Path, "/commit"):
			_, _ = io.WriteString(w, `{"bookmarks":["FB:1"]}`)
		default:
			_, _ = io.WriteString(w, rowsBegin+oneRow+"]}}")
		}
		paths = append(paths, r.URL.EscapedPath()+" "+r.Header.Get("neo4j-cluster-affinity"))
	}))
	defer server.Close()
	profile, err := client.ParseProfile(server.URL + "/proxy/")
	require.NoError(t, err)
	cx, err := httpapi.Open(testContext(t), profile, client.Options{})
	require.NoError(t, err)
	defer cx.Close()
	tx, err := cx.Begin(testContext(t), "a b/c", false)
	require.NoError(t, err)
	require.Equal(t, "abc", tx.TxID())
	result, err := cx.RunQuery(testContext(t), tx, "RETURN 1", nil)
	require.NoError(t, err)
	require.NoError(t, result.Buffer(testContext(t)))
	bookmark, err := cx.Commit(testContext(t), tx)
	require.NoError(t, err)
	require.Equal(t, "FB:1", bookmark)
	require.Equal(t, []string{"/proxy/db/a%20b%2Fc/query/v2/tx ", "/proxy/db/a%20b%2Fc/query/v2/tx/abc member 3",
		"/proxy/db/a%20b%2Fc/query/v2/tx/abc/commit member 3"}, paths)
}

// The same faults in Jolt.
func TestJoltFaults(t *testing.T) {
	const head = `{"header":{"fields":["i"]}}` + "\n"
	f := newJoltFake(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, head+`{"data":[1]}{"data":[2]}{"da`)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	cx := f.open(t, client.Options{})
	n, err := drain(testContext(t), cx)
	require.ErrorAs(t, err, new(*client.ConnectionBroken))
	require.Equal(t, 2, n, "what came before is given before")
	require.True(t, cx.Broken())

	for _, text := range []string{head + `{"data":[1]}`, head + `{"data":[1`, head, `{"he`, ``, head + `[1]`,
		`{"data":[1]}`, head + `{"data":[]}{"info":{}}`} {
		cx := newJoltFake(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }).open(t,
			client.Options{})
		_, err := drain(testContext(t), cx)
		require.ErrorAs(t, err, new(*client.ProtocolError), text)
		require.True(t, cx.Broken())
	}
}

// A row without an end is not read forever.
func TestEndlessRow(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		_, err := io.WriteString(w, rowsBegin+oneRow+`,[{"$type":"String","_value":"`)
		for err == nil && r.Context().Err() == nil {
			_, err = io.WriteString(w, strings.Repeat("x", 1000))
		}
	})
	cx := f.open(t, client.Options{})
	httpapi.LimitParts(t, 100_000)
	_, err := drain(testContext(t), cx)
	require.ErrorAs(t, err, new(*client.ProtocolError))
	require.ErrorContains(t, err, "larger than")
	require.True(t, cx.Broken())
}

// Close rolls back what is open.
func TestCloseRollsBack(t *testing.T) {
	var deleted []string
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			deleted = append(deleted, r.URL.Path)
		}
		_, _ = io.WriteString(w, transaction)
	})
	unbound := 0
	cx := f.open(t, client.Options{OnUnbind: func(*client.TransactionRef) { unbound++ }})
	tx, err := cx.Begin(testContext(t), "", false)
	require.NoError(t, err)
	require.NoError(t, cx.Close())
	require.Equal(t, []string{"/db/neo4j/query/v2/tx/abc"}, deleted)
	require.True(t, tx.Broken())
	require.Equal(t, 1, unbound)
}

// A server may not tell the home database. Callers that name a database do not need it.
func TestHomeUnknown(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, rowsBegin+oneRow+"]}}") })
	f.home = `{"data":{"fields":["name"],"values":[]}}`
	cx := f.open(t, client.Options{})
	result, err := cx.RunProg(testContext(t), "films", "RETURN 1", nil, true)
	require.NoError(t, err)
	require.Len(t, rowsOf(t, result), 1)
	_, err = cx.RunProg(testContext(t), "", "RETURN 1", nil, true)
	require.ErrorAs(t, err, new(*client.UnsupportedError))
	require.ErrorContains(t, err, "name a database")
	require.False(t, cx.Broken())
}

// Another program answers at the server's address.
func TestResetMeetsSomethingElse(t *testing.T) {
	f := newFake(t, nil)
	var told []string
	cx := f.open(t, client.Options{OnBroken: func(_ client.Profile, message string) { told = append(told, message) }})
	require.NoError(t, cx.Reset(testContext(t), true))
	f.discovery = `{"hello":"I am another"}`
	require.NoError(t, cx.Reset(testContext(t), false))
	require.ErrorAs(t, cx.Reset(testContext(t), true), new(*client.ProtocolError))
	require.True(t, cx.Broken())
	require.Len(t, told, 1)
}

func TestSyncOfNoResult(t *testing.T) {
	cx := newFake(t, nil).open(t, client.Options{})
	require.True(t, isArgument(cx.Sync(testContext(t), nil)))
}

// The transaction API does not send the categories of notifications.
func TestCategoriesUnknown(t *testing.T) {
	f := newJoltFake(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, joltHome) })
	cx := f.open(t, client.Options{Notifications: client.NotificationFilter{MinimumSeverity: "WARNING"}})
	filter := client.NotificationFilter{DisabledCategories: []string{"HINT"}}
	_, err := cx.RunProg(testContext(t), "", "RETURN 1", nil, true, client.TxOptions{Notifications: filter})
	require.ErrorAs(t, err, new(*client.UnsupportedError))
	_, err = cx.Begin(testContext(t), "", true, client.TxOptions{Notifications: filter})
	require.ErrorAs(t, err, new(*client.UnsupportedError))
	_, err = httpapi.Open(testContext(t), f.profile(t), client.Options{Notifications: filter})
	require.ErrorAs(t, err, new(*client.UnsupportedError))
}
