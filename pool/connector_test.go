package pool

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

// clusterOf returns a fake cluster in which every server answers with the same route for the graphs "" and "neo4j".
func clusterOf(route *client.Route, servers ...string) *fakeServer {
	s := &fakeServer{routes: map[string]*client.Route{}, refuseAt: map[string]error{}}
	for _, address := range servers {
		s.routes[address+"/"], s.routes[address+"/neo4j"] = route, route
	}
	return s
}

func threeServers() (*fakeServer, *client.Route) {
	route := &client.Route{Database: "neo4j", Routers: []string{"a:1", "b:2", "c:3"}, Readers: []string{"b:2", "c:3"},
		Writers: []string{"a:1"}, TTL: time.Minute}
	return clusterOf(route, "a:1", "b:2", "c:3"), route
}

func openConnector(t *testing.T, server *fakeServer, uri string, options ConnectorOptions) *Connector {
	t.Helper()
	options.Pool.Open = server.open
	profile, err := client.ParseProfile(uri)
	require.NoError(t, err)
	c, err := OpenConnector(context.Background(), profile, options)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func begin(t *testing.T, c *Connector, readonly bool) *client.TransactionRef {
	t.Helper()
	tx, err := c.Begin(context.Background(), "", readonly)
	require.NoError(t, err)
	return tx
}

func TestConnectorReadsFromReadersAndWritesToWriters(t *testing.T) {
	server, _ := threeServers()
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
	for range 4 {
		begin(t, c, true)
		begin(t, c, false)
	}
	require.Equal(t, map[string]int{"a:1": 4, "b:2": 2, "c:3": 2}, server.begun, "readers share the load")
	require.Equal(t, []string{"a:1/"}, server.asked, "one table serves all")
}

func TestConnectorHomeGraphIsResolved(t *testing.T) {
	server, _ := threeServers()
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
	require.Equal(t, "neo4j", begin(t, c, true).GraphName())
}

func TestConnectorWithoutRouting(t *testing.T) {
	for _, uri := range []string{"bolt://a:1", "http://a:1"} {
		server, _ := threeServers()
		c := openConnector(t, server, uri, ConnectorOptions{})
		begin(t, c, true)
		begin(t, c, false)
		require.Empty(t, server.asked)
		require.Equal(t, map[string]int{"a:1": 2}, server.begun)
	}
}

func TestConnectorLeastConnections(t *testing.T) {
	server, _ := threeServers()
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
	first := begin(t, c, true)
	second := begin(t, c, true)
	summary, err := c.Rollback(context.Background(), first)
	require.NoError(t, err)
	require.Equal(t, 0, c.InUse()[summary.Profile])
	begin(t, c, true)
	require.Equal(t, 1, c.InUse()[summary.Profile], "the freed server takes the next")
	_, err = c.Rollback(context.Background(), second)
	require.NoError(t, err)
}

func TestConnectorTransactionSummary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _ := threeServers()
		c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
		tx := begin(t, c, false)
		time.Sleep(3 * time.Second)
		summary, err := c.Commit(context.Background(), tx)
		require.NoError(t, err)
		require.Equal(t, "bookmark-of-"+tx.TxID(), summary.Bookmark)
		require.Equal(t, "a:1", summary.Profile.Address())
		require.Equal(t, 3*time.Second, summary.Time)
		for _, again := range []*client.TransactionRef{tx, nil, client.NewTransactionRef("", "other", false)} {
			_, err = c.Commit(context.Background(), again)
			var argument *client.ArgumentError
			require.ErrorAs(t, err, &argument)
		}
	})
}

func TestConnectorPoolsSayWhyTheTableIsInvalid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, route := threeServers()
		c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
		_, err := c.Pools(context.Background(), "neo4j", true)
		require.ErrorIs(t, err, ErrRoutingTableInvalid)
		require.ErrorContains(t, err, "none for graph neo4j")

		_, err = c.Begin(context.Background(), "neo4j", true)
		require.NoError(t, err)
		pools, err := c.Pools(context.Background(), "neo4j", true)
		require.NoError(t, err)
		require.Len(t, pools, 2)

		time.Sleep(route.TTL)
		_, err = c.Pools(context.Background(), "neo4j", true)
		require.ErrorIs(t, err, ErrRoutingTableInvalid)
		require.ErrorContains(t, err, "expired")

		route.Writers = nil
		_, err = c.Begin(context.Background(), "neo4j", true)
		require.NoError(t, err)
		_, err = c.Pools(context.Background(), "neo4j", false)
		require.ErrorIs(t, err, ErrRoutingTableInvalid)
		require.ErrorContains(t, err, "no writer")
	})
}

func TestConnectorExpiredTableIsAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, route := threeServers()
		c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
		begin(t, c, true)
		time.Sleep(route.TTL)
		begin(t, c, true)
		require.Len(t, server.asked, 2)
	})
}

func TestConnectorTableWithoutTimeToLiveServesItsAsker(t *testing.T) {
	server, route := threeServers()
	route.TTL = 0
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
	begin(t, c, true)
	begin(t, c, true)
	require.Len(t, server.asked, 2)
}

func TestConnectorAsksOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _ := threeServers()
		c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{Pool: Options{MaxSize: 40}})
		server.mu.Lock()
		server.hold = make(chan struct{})
		server.mu.Unlock()
		ctx, cancel := context.WithCancel(context.Background())
		impatient := make(chan error)
		go func() { _, err := c.Begin(ctx, "", true); impatient <- err }()
		synctest.Wait()
		begun := make(chan error)
		for range 20 {
			go func() { _, err := c.Begin(context.Background(), "", true); begun <- err }()
		}
		synctest.Wait()
		cancel() // the caller that began the lookup gives up; the others still get the table
		require.ErrorIs(t, <-impatient, context.Canceled)
		close(server.hold)
		for range 20 {
			require.NoError(t, <-begun)
		}
		require.Len(t, server.asked, 1)
	})
}

func TestConnectorUnreachableReaderIsLeftOut(t *testing.T) {
	server, _ := threeServers()
	server.refuseAt["b:2"] = &client.ConnectionUnavailable{Reason: client.ReasonRefused, Address: "b:2"}
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
	for range 3 {
		begin(t, c, true)
	}
	require.Equal(t, map[string]int{"c:3": 3}, server.begun)
	require.Len(t, server.asked, 1, "the other reader served")
}

func TestConnectorFallsBackToTheInitialRouter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, route := threeServers()
		server.routes["front:9/"] = route
		c := openConnector(t, server, "neo4j://front:9", ConnectorOptions{})
		begin(t, c, false)
		gone := &client.ConnectionUnavailable{Reason: client.ReasonRefused}
		server.mu.Lock()
		for _, address := range []string{"a:1", "b:2", "c:3"} {
			server.refuseAt[address] = gone
		}
		server.routes["front:9/"] = &client.Route{Routers: []string{"d:4"}, Readers: []string{"d:4"},
			Writers: []string{"d:4"}, TTL: time.Minute}
		server.mu.Unlock()
		for _, p := range c.allPools() {
			p.Prune()
		}
		time.Sleep(route.TTL)
		begin(t, c, false)
		require.Equal(t, 1, server.begun["d:4"])
	})
}

func TestConnectorAllRoutersGone(t *testing.T) {
	server, _ := threeServers()
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
	server.setRefuse(&client.ConnectionUnavailable{Reason: client.ReasonRefused, Address: "a:1"})
	_, err := c.Begin(context.Background(), "", true)
	requireReason(t, client.ReasonNetwork, err)
	require.ErrorContains(t, err, "no router")
}

func TestConnectorUnknownGraphFailsAtOnce(t *testing.T) {
	server, _ := threeServers()
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
	_, err := c.Begin(context.Background(), "nowhere", true)
	var failure *client.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "Neo.ClientError.Database.DatabaseNotFound", failure.Code)
	require.Equal(t, []string{"a:1/nowhere"}, server.asked)
}

func TestConnectorDistrustsALyingRouter(t *testing.T) {
	server, route := threeServers()
	server.routes["a:1/"] = &client.Route{Routers: []string{"not an address:x"}, Readers: []string{"b:2"},
		TTL: time.Minute}
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
	_, err := c.Begin(context.Background(), "", true)
	var protocol *client.ProtocolError
	require.ErrorAs(t, err, &protocol)
	server.mu.Lock()
	server.routes["a:1/"] = route
	server.mu.Unlock()
	begin(t, c, true)
}

func TestConnectorResolver(t *testing.T) {
	server, _ := threeServers()
	var resolved []string
	c := openConnector(t, server, "neo4j://name:5", ConnectorOptions{Resolver: func(_ context.Context,
		address string) ([]string, error) {
		resolved = append(resolved, address)
		return []string{"x:1", "c:3"}, nil
	}})
	server.refuseAt["x:1"] = &client.ConnectionUnavailable{Reason: client.ReasonRefused}
	begin(t, c, true)
	require.Equal(t, []string{"name:5"}, resolved)
	require.Equal(t, []string{"c:3/"}, server.asked)
}

// A single server names itself by the address that the caller gave. If a resolver replaces that address, there may be
// no server at it.
func TestServersThatNameThemselvesByTheResolvedAddress(t *testing.T) {
	for name, c := range map[string]struct{ resolved, reader string }{
		"replaced":     {"c:3", "c:3"},
		"one of these": {"name:5", "name:5"},
	} {
		t.Run(name, func(t *testing.T) {
			server, route := threeServers()
			echo := *route
			echo.Routers, echo.Readers, echo.Writers = []string{"name:5"}, []string{"name:5", "c:3"}, []string{"name:5"}
			server.routes = map[string]*client.Route{"c:3/": &echo, "name:5/": &echo}
			db := openConnector(t, server, "neo4j://name:5", ConnectorOptions{Resolver: func(context.Context,
				string) ([]string, error) {
				return []string{c.resolved}, nil
			}})
			begin(t, db, false)
			table := db.router.known(graphKey{})
			require.Equal(t, c.reader, table.Writers[0].Address())
			require.Equal(t, c.reader, table.Routers[0].Address())
			require.Equal(t, c.reader, table.Readers[0].Address())
		})
	}
}

func TestConnectorWriterThatLeadsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, route := threeServers()
		c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
		tries := 0
		err := c.ExecuteWrite(context.Background(), "", func(ctx context.Context, tx *Transaction) error {
			if tries++; tries == 1 {
				moved := *route
				moved.Writers = []string{"b:2"}
				server.mu.Lock()
				for key := range server.routes {
					server.routes[key] = &moved
				}
				server.mu.Unlock()
				l, err := c.lease(tx.Ref())
				require.NoError(t, err)
				failure := &client.Failure{Code: "Neo.ClientError.Cluster.NotALeader"}
				c.learn(context.Background(), l, failure)
				return failure
			}
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, map[string]int{"a:1": 1, "b:2": 1}, server.begun)
		require.Len(t, server.asked, 2)
	})
}

func TestExecuteTriesAgainWithinItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _ := threeServers()
		c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{RetryTime: 20 * time.Second})
		transient := &client.Failure{Code: "Neo.TransientError.Transaction.DeadlockDetected"}
		began := time.Now()
		tries := 0
		err := c.ExecuteRead(context.Background(), "",
			func(context.Context, *Transaction) error { tries++; return transient })
		require.ErrorIs(t, err, transient)
		require.Equal(t, 5, tries, "after 0, 1, 3, 7 and 15 seconds, give or take a fifth")
		require.LessOrEqual(t, time.Since(began), 20*time.Second)
		require.Equal(t, 0, c.InUse()[c.Profile()])

		final := &client.Failure{Code: "Neo.ClientError.Statement.SyntaxError"}
		tries = 0
		err = c.ExecuteRead(context.Background(), "",
			func(context.Context, *Transaction) error { tries++; return final })
		require.ErrorIs(t, err, final)
		require.Equal(t, 1, tries)

		ctx, cancel := context.WithCancel(context.Background())
		go func() { time.Sleep(500 * time.Millisecond); cancel() }()
		err = c.ExecuteRead(ctx, "", func(context.Context, *Transaction) error { return transient })
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, transient)
	})
}

func TestExecuteDoesNotRepeatACommitThatBroke(t *testing.T) {
	server, _ := threeServers()
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
	tries := 0
	err := c.ExecuteWrite(context.Background(), "", func(_ context.Context, tx *Transaction) error {
		tries++
		l, err := c.lease(tx.Ref())
		require.NoError(t, err)
		fake := l.cx.(*fakeConnection)
		fake.locked(func() { fake.broken = true })
		return nil
	})
	var broken *client.ConnectionBroken
	require.ErrorAs(t, err, &broken)
	require.Equal(t, 1, tries)
}

func TestExecuteRollsBackWhenWorkPanics(t *testing.T) {
	server, _ := threeServers()
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
	require.PanicsWithValue(t, "oh", func() {
		_ = c.ExecuteWrite(context.Background(), "", func(context.Context, *Transaction) error { panic("oh") })
	})
	require.Equal(t, 0, c.InUse()[c.Profile()])
	require.Empty(t, c.bound)
}

func TestBookmarksChainTransactions(t *testing.T) {
	manager := NewBookmarkManager("first")
	server, _ := threeServers()
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{Bookmarks: manager})
	summary, err := c.Commit(context.Background(), begin(t, c, false))
	require.NoError(t, err)
	require.Equal(t, []string{summary.Bookmark}, manager.Bookmarks(),
		"the new bookmark stands for those it was begun with")
	manager.Update(nil, "other")
	manager.Update([]string{"other"}, "")
	require.Equal(t, []string{summary.Bookmark, "other"}, manager.Bookmarks())
}

func TestConnectorPoolsAreNotAddedTwice(t *testing.T) {
	server, _ := threeServers()
	c := openConnector(t, server, "bolt://a:1", ConnectorOptions{Pool: Options{InitSize: 1}})
	other, err := client.ParseProfile("bolt://b:2")
	require.NoError(t, err)
	require.NoError(t, c.AddPools(context.Background(), c.Profile(), other, other))
	require.Len(t, server.connections(), 2)
	require.Equal(t, map[client.Profile]int{c.Profile(): 0, other: 0}, c.InUse())
	c.Prune(other)
	require.True(t, server.connections()[1].Closed())
}

func TestConnectorClosed(t *testing.T) {
	server, _ := threeServers()
	c := openConnector(t, server, "bolt://a:1", ConnectorOptions{})
	begin(t, c, true)
	c.Close()
	require.True(t, server.connections()[0].Closed())
	_, err := c.Begin(context.Background(), "", true)
	requireReason(t, client.ReasonPoolZero, err)
	require.Error(t, c.AddPools(context.Background(), client.Profile{Host: "z"}))
}

func TestRetryable(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{&client.ConnectionBroken{}, true},
		{&client.ConnectionUnavailable{Reason: client.ReasonRefused}, true},
		{&client.ConnectionUnavailable{Reason: client.ReasonPoolZero}, false},
		{&client.ConnectionUnavailable{Reason: client.ReasonTLS}, false},
		{&routingTableInvalid{"x"}, true},
		{errors.New("the work's own"), false},
		{&client.Failure{Code: "Neo.TransientError.Transaction.Terminated"}, false},
		{&client.Failure{Code: "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase"}, true},
	} {
		require.Equal(t, c.want, Retryable(c.err), c.err)
	}
}
