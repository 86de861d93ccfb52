//go:build !js

package pool

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// cluster is three scripted servers; one of them is the leader.
type cluster struct {
	servers [3]*boltfake.Server
	leader  atomic.Int32
	ttl     atomic.Int64
	runs    [3]atomic.Int32
	// refuse is a failure for queries on one server, fail a failure after the records, and refuseCommit a failure for
	// commits; cut ends the connection after the first records. homes are the home graphs of users other than the one
	// who logs in.
	mu                         sync.Mutex
	refuse, fail, refuseCommit map[int]*client.Failure
	cut                        map[int]bool
	homes                      map[string]string
}

func startCluster(t *testing.T) *cluster {
	t.Helper()
	failures := func() map[int]*client.Failure { return map[int]*client.Failure{} }
	c := &cluster{refuse: failures(), fail: failures(), refuseCommit: failures(), cut: map[int]bool{}}
	c.ttl.Store(300)
	for i := range c.servers {
		c.servers[i] = &boltfake.Server{Run: func(q boltfake.Query) boltfake.Answer { return c.answer(i, q) },
			Route: c.route,
			Commit: func() (string, *client.Failure) {
				c.mu.Lock()
				defer c.mu.Unlock()
				return "bookmark:1", c.refuseCommit[i]
			}}
		c.servers[i].Start(t)
	}
	return c
}

func (c *cluster) answer(i int, q boltfake.Query) boltfake.Answer {
	c.runs[i].Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	if failure := c.refuse[i]; failure != nil {
		return boltfake.Answer{Failure: failure}
	}
	if q.Extra["mode"] != "r" && int(c.leader.Load()) != i && c.fail[i] == nil && c.refuseCommit[i] == nil {
		return boltfake.Answer{Failure: notALeader}
	}
	return boltfake.Answer{Fields: []string{"server"}, Records: [][]any{{int64(i)}, {int64(i)}}, Cut: c.cut[i],
		After: c.fail[i]}
}

func (c *cluster) route(r boltfake.RouteRequest) (boltfake.RoutingTable, *client.Failure) {
	if r.Database == "nowhere" {
		return boltfake.RoutingTable{}, &client.Failure{Code: "Neo.ClientError.Database.DatabaseNotFound",
			Message: "no such database"}
	}
	table := boltfake.RoutingTable{Database: "neo4j", TTL: c.ttl.Load()}
	if r.Database != "" {
		table.Database = r.Database
	} else if r.User != "" {
		table.Database = c.homes[r.User]
	}
	for i, server := range c.servers {
		table.Routers = append(table.Routers, server.Address)
		if int(c.leader.Load()) == i {
			table.Writers = append(table.Writers, server.Address)
		} else {
			table.Readers = append(table.Readers, server.Address)
		}
	}
	return table, nil
}

func (c *cluster) set(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

func (c *cluster) connect(t *testing.T, options ConnectorOptions) *Connector {
	t.Helper()
	profile, err := client.ParseProfile("neo4j://user:secret@" + c.servers[0].Address + "?region=eu")
	require.NoError(t, err)
	connector, err := OpenConnector(context.Background(), profile, options)
	require.NoError(t, err)
	t.Cleanup(connector.Close)
	return connector
}

// serverOf runs a query with retries and tells which server answered.
func serverOf(t *testing.T, c *Connector, readonly bool) int64 {
	t.Helper()
	eager, err := c.ExecuteQuery(context.Background(), "", "RETURN 1 AS server", nil, readonly)
	require.NoError(t, err)
	var server int64
	require.NoError(t, eager.Records[0].Scan(&server))
	require.Len(t, eager.Records, 2)
	return server
}

// A connection whose token has expired is replaced by another one, with a fresh token.
func TestClusterTokenExpires(t *testing.T) {
	cluster := startCluster(t)
	expired := &client.Failure{Code: "Neo.ClientError.Security.TokenExpired", Message: "the token has expired"}
	asked := 0
	auth := func(context.Context, *client.Failure) (client.Auth, error) {
		if asked++; asked == 2 {
			cluster.set(func() { delete(cluster.refuse, 0) })
		}
		return client.Auth{Scheme: "bearer", Credentials: "token"}, nil
	}
	c := cluster.connect(t, ConnectorOptions{NoRouting: true, Pool: Options{Client: client.Options{Auth: auth}}})
	serverOf(t, c, true)
	require.Equal(t, 1, asked)
	cluster.set(func() { cluster.refuse[0] = expired })
	serverOf(t, c, true)
	require.Equal(t, 2, asked)

	forever := cluster.connect(t, ConnectorOptions{NoRouting: true})
	cluster.set(func() { cluster.refuse[0] = expired })
	_, err := forever.ExecuteQuery(context.Background(), "", "RETURN 1", nil, true)
	require.EqualError(t, err, expired.Error(), "the profile's token is the only one")
}

func TestClusterReadsAndWrites(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{})
	require.EqualValues(t, 0, serverOf(t, c, false))
	seen := map[int64]bool{}
	for range 10 {
		seen[serverOf(t, c, true)] = true
	}
	require.Equal(t, map[int64]bool{1: true, 2: true}, seen)
	var routed []boltfake.Message
	for _, m := range cluster.servers[0].Requests() {
		if m.Name == "ROUTE" {
			routed = append(routed, m)
		}
	}
	require.Len(t, routed, 1)
	require.Equal(t, "eu", routed[0].Map(0)["region"], "the routing context of the URI is sent")
}

func TestClusterLeaderSwitch(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{})
	require.EqualValues(t, 0, serverOf(t, c, false))
	cluster.leader.Store(2)
	require.EqualValues(t, 2, serverOf(t, c, false), "the old leader's refusal leads to the new one")
}

// The refusal may come only at the end of a result, or with the commit.
func TestClusterLeaderSwitchShowsLate(t *testing.T) {
	for name, refuse := range map[string]func(c *cluster){
		"with the result": func(c *cluster) { c.fail[0] = notALeader },
		"with the commit": func(c *cluster) { c.refuseCommit[0] = notALeader },
	} {
		t.Run(name, func(t *testing.T) {
			cluster := startCluster(t)
			c := cluster.connect(t, ConnectorOptions{RetryTime: 5 * time.Second})
			require.EqualValues(t, 0, serverOf(t, c, false))
			cluster.set(func() { refuse(cluster) })
			cluster.leader.Store(2)
			tries := 0
			err := c.ExecuteWrite(context.Background(), "", func(ctx context.Context, tx *Transaction) error {
				tries++
				result, err := tx.Run(ctx, "RETURN 1 AS server", nil)
				if err != nil {
					return err
				}
				return result.Buffer(ctx)
			})
			require.NoError(t, err)
			require.Equal(t, 2, tries, "the second try goes to the new leader")
			require.EqualValues(t, 1, cluster.runs[2].Load())
			require.Empty(t, c.bound)
			requireFree(t, c)
		})
	}
}

// A failure that is about the server counts without ExecuteWrite, too, and the connection is given back before the
// transaction is ended by the caller.
func TestClusterTransactionBreaksWhileItsResultIsRead(t *testing.T) {
	for name, break1 := range map[string]func(c *cluster){
		"a failure":           func(c *cluster) { c.fail[0] = notALeader },
		"a broken connection": func(c *cluster) { c.cut[0] = true },
	} {
		for _, end := range []func(context.Context, *client.Result) error{
			func(ctx context.Context, r *client.Result) error { return r.Buffer(ctx) },
			func(ctx context.Context, r *client.Result) error { return r.Discard(ctx) },
		} {
			t.Run(name, func(t *testing.T) {
				ctx := context.Background()
				cluster := startCluster(t)
				c := cluster.connect(t, ConnectorOptions{Pool: Options{
					MaxSize: 1, Client: client.Options{FetchSize: 1}}})
				tx, err := c.Begin(ctx, "", false)
				require.NoError(t, err)
				cluster.set(func() { break1(cluster) })
				result, err := c.RunQuery(ctx, tx, "RETURN 1 AS server", nil)
				require.NoError(t, err)
				require.Equal(t, 1, c.borrowed())
				require.Error(t, end(ctx, result))
				require.True(t, tx.Broken())
				require.Zero(t, c.borrowed())
				require.Empty(t, c.bound)
				require.Empty(t, c.router.known(graphKey{}).Writers, "who cannot lead is no writer")
				_, err = c.Commit(ctx, tx)
				require.ErrorAs(t, err, new(*client.ArgumentError))
			})
		}
	}
}

// Servers name themselves by the address that the client tells them, so that address is the same for all of them.
func TestClusterIsNamedByItsFirstAddress(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{})
	cluster.leader.Store(2)
	require.EqualValues(t, 2, serverOf(t, c, false))
	require.NoError(t, c.RefreshRoutingTable(context.Background(), ""))
	hellos := cluster.sent("HELLO", 0)
	require.Greater(t, len(hellos), 1)
	for _, hello := range hellos {
		require.Equal(t, cluster.servers[0].Address, hello["routing"].(map[string]any)["address"])
	}
	routes := cluster.sent("ROUTE", 0)
	require.NotEmpty(t, routes)
	for _, routing := range routes {
		require.Equal(t, cluster.servers[0].Address, routing["address"])
	}
}

// Each graph has a leader of its own.
func TestClusterLeaderOfAnotherGraph(t *testing.T) {
	ctx := context.Background()
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{RetryTime: -1})
	write := func(graph string) error {
		return c.ExecuteWrite(ctx, graph, func(ctx context.Context, tx *Transaction) error {
			_, err := tx.Run(ctx, "RETURN 1 AS server", nil)
			return err
		})
	}
	require.NoError(t, write("one"))
	require.NoError(t, write("two"))
	cluster.set(func() { cluster.refuse[0] = notALeader })
	require.Error(t, write("two"))
	require.Empty(t, c.RoutingTable("two").Writers)
	require.Len(t, c.RoutingTable("one").Writers, 1)

	home, err := c.HomeGraph(ctx, "")
	require.NoError(t, err)
	require.Equal(t, "neo4j", home)
	require.Error(t, write(""))
	require.Empty(t, c.RoutingTable("").Writers)
	require.Empty(t, c.RoutingTable("neo4j").Writers, "it is the same graph")
}

// The connector learns from the error that work returns that a connection broke.
func TestClusterLearnsFromTheWorkError(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{RetryTime: -1})
	err := c.ExecuteWrite(context.Background(), "", func(context.Context, *Transaction) error { return notALeader })
	require.ErrorIs(t, err, notALeader)
	require.Empty(t, c.router.known(graphKey{}).Writers)
	require.Len(t, c.router.known(graphKey{}).Readers, 2)
}

// sent returns the settings of all messages of one kind that the servers got.
func (c *cluster) sent(name string, field int) (sent []map[string]any) {
	for _, server := range c.servers {
		for _, m := range server.Requests() {
			if m.Name == name {
				sent = append(sent, m.Map(field))
			}
		}
	}
	return sent
}

// Each user has a home graph of its own.
func TestClusterImpersonation(t *testing.T) {
	ctx := context.Background()
	alice := client.TxOptions{ImpersonatedUser: "alice"}
	cluster := startCluster(t)
	cluster.homes = map[string]string{"alice": "movies"}
	c := cluster.connect(t, ConnectorOptions{})
	for range 2 { // each routing table is fetched once
		for _, options := range [][]client.TxOptions{nil, {alice}} {
			tx, err := c.Begin(ctx, "", false, options...)
			require.NoError(t, err)
			_, err = c.Rollback(ctx, tx)
			require.NoError(t, err)
		}
	}
	tx, err := c.Begin(ctx, "books", false, alice)
	require.NoError(t, err)
	_, err = c.Rollback(ctx, tx)
	require.NoError(t, err)
	result, err := c.RunProg(ctx, "", "RETURN 1", nil, false, alice)
	require.NoError(t, err)
	require.NoError(t, result.Buffer(ctx))

	own, others := map[string]any{"db": "neo4j"}, map[string]any{"db": "movies", "imp_user": "alice"}
	require.Equal(t, []map[string]any{own, others, own, others, {"db": "books", "imp_user": "alice"}},
		cluster.sent("BEGIN", 0))
	require.Equal(t, []map[string]any{others}, cluster.sent("RUN", 2))
	require.Equal(t, []map[string]any{{}, {"imp_user": "alice"}, {"db": "books"}}, cluster.sent("ROUTE", 2),
		"the user matters where no graph is named")
}

func TestClusterImpersonationNeedsBolt44(t *testing.T) {
	server := &boltfake.Server{Version: client.Version{Major: 4, Minor: 3}}
	server.Start(t)
	profile, err := client.ParseProfile("neo4j://" + server.Address)
	require.NoError(t, err)
	c, err := OpenConnector(context.Background(), profile, ConnectorOptions{})
	require.NoError(t, err)
	defer c.Close()
	_, err = c.Begin(context.Background(), "", true, client.TxOptions{ImpersonatedUser: "alice"})
	require.ErrorAs(t, err, new(*client.UnsupportedError))
	for _, m := range server.Requests() {
		require.NotEqual(t, "ROUTE", m.Name)
	}
}

func TestClusterReaderDiesInMidResult(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{})
	for _, dying := range []int{1, 2} {
		cluster.set(func() { cluster.cut[dying] = true })
	}
	result, err := c.RunProg(context.Background(), "", "RETURN 1 AS server", nil, true)
	if err == nil {
		err = result.Buffer(context.Background())
	}
	var broken *client.ConnectionBroken
	require.ErrorAs(t, err, &broken)
	for _, inUse := range c.InUse() {
		require.Zero(t, inUse, "the broken connection was given back")
	}
	require.Len(t, c.router.known(graphKey{}).Readers, 1, "and its server left out")
	cluster.set(func() { clear(cluster.cut) })
	serverOf(t, c, true) // the dead reader left the table; the retry fetches a new table if needed
}

func TestClusterLosesAReader(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{})
	serverOf(t, c, true)
	cluster.servers[1].Stop()
	cluster.servers[1].Cut()
	for range 6 {
		require.EqualValues(t, 2, serverOf(t, c, true))
	}
}

func TestClusterAllGone(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{RetryTime: -1})
	serverOf(t, c, true)
	for _, server := range cluster.servers {
		server.Stop()
		server.Cut()
	}
	for range 3 { // the connections that the pools still held fail first
		_, err := c.ExecuteQuery(context.Background(), "", "RETURN 1", nil, true)
		require.Error(t, err)
	}
	_, err := c.ExecuteQuery(context.Background(), "", "RETURN 1", nil, true)
	requireReason(t, client.ReasonNetwork, err)
}

func TestClusterUnknownGraph(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{})
	_, err := c.ExecuteQuery(context.Background(), "nowhere", "RETURN 1", nil, true)
	var failure *client.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "Neo.ClientError.Database.DatabaseNotFound", failure.Code)
}

func TestClusterTableWithoutTimeToLive(t *testing.T) {
	cluster := startCluster(t)
	cluster.ttl.Store(0)
	c := cluster.connect(t, ConnectorOptions{})
	for range 3 {
		serverOf(t, c, true)
	}
}

func TestClusterTransientFailureIsTriedElsewhere(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{})
	cluster.set(func() {
		cluster.refuse[1] = &client.Failure{Code: "Neo.TransientError.General.DatabaseUnavailable", Message: "starting"}
	})
	for range 4 {
		require.EqualValues(t, 2, serverOf(t, c, true))
	}
	require.LessOrEqual(t, cluster.runs[1].Load(), int32(1))
}

func TestClusterTransactionIsGivenBackWhenItBreaks(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{})
	tx, err := c.Begin(context.Background(), "", false)
	require.NoError(t, err)
	cluster.set(func() {
		cluster.refuse[0] = &client.Failure{Code: "Neo.ClientError.Statement.SyntaxError", Message: "what?"}
	})
	_, err = c.RunQuery(context.Background(), tx, "RETUR", nil)
	var failure *client.Failure
	require.ErrorAs(t, err, &failure)
	require.True(t, tx.Broken())
	for _, inUse := range c.InUse() {
		require.Zero(t, inUse)
	}
	_, err = c.Commit(context.Background(), tx)
	var argument *client.ArgumentError
	require.ErrorAs(t, err, &argument)
}

func TestConnectorResultHoldsItsConnectionUntilItEnds(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{Pool: Options{Client: client.Options{FetchSize: 1}}})
	borrowed := func() (n int) {
		for _, inUse := range c.InUse() {
			n += inUse
		}
		return n
	}
	for _, end := range []func(*client.Result) error{
		func(r *client.Result) error { return r.Buffer(context.Background()) },
		func(r *client.Result) error { return r.Discard(context.Background()) },
		func(r *client.Result) error {
			for _, err := range r.Records(context.Background()) {
				if err != nil {
					return err
				}
			}
			return nil
		},
	} {
		result, err := c.RunProg(context.Background(), "", "RETURN 1 AS server", nil, true)
		require.NoError(t, err)
		require.Equal(t, 1, borrowed())
		require.NoError(t, end(result))
		require.Zero(t, borrowed())
	}
}

func TestConnectorGraphNames(t *testing.T) {
	server := &boltfake.Server{Run: func(q boltfake.Query) boltfake.Answer {
		if q.Extra["db"] != "system" {
			return boltfake.Answer{Failure: &client.Failure{Code: "Neo.ClientError.Statement.NotSystemDatabaseError"}}
		}
		return boltfake.Answer{ // the order of the columns is not promised
			Fields: []string{"home", "name", "address", "default"},
			Records: [][]any{
				{false, "movies", "a", false}, {false, "movies", "b", false},
				{false, "neo4j", "a", true}, {false, "system", "a", false}, {true, "alice", "a", false},
			},
		}
	}}
	server.Start(t)
	for _, scheme := range []string{"bolt", "neo4j"} {
		profile, err := client.ParseProfile(scheme + "://" + server.Address)
		require.NoError(t, err)
		c, err := OpenConnector(context.Background(), profile, ConnectorOptions{})
		require.NoError(t, err)
		names, err := c.GraphNames(context.Background())
		require.NoError(t, err)
		require.Equal(t, []string{"alice", "movies", "neo4j"}, names)
		home, err := c.DefaultGraphName(context.Background())
		require.NoError(t, err)
		require.Equal(t, "alice", home)
		c.Close()
	}
}

func TestExecuteQueryGivesTheWorkError(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{})
	own := errors.New("mine")
	err := c.ExecuteWrite(context.Background(), "", func(ctx context.Context, tx *Transaction) error {
		result, err := tx.Run(ctx, "RETURN 1 AS server", nil)
		require.NoError(t, err)
		record, err := result.Fetch(ctx)
		require.NoError(t, err)
		require.NotNil(t, record)
		return own
	})
	require.ErrorIs(t, err, own)
	require.Empty(t, c.bound)
}

// A routing table is at least as new as the bookmarks that the work begins with.
func TestRouteCarriesBookmarks(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{Bookmarks: NewBookmarkManager("of the manager")})
	for _, own := range []client.TxOptions{{}, {Bookmarks: []string{"of the caller"}}} {
		c.router.notWriter(c.Profile(), graphKey{}, "")
		tx, err := c.Begin(t.Context(), "", false, own)
		require.NoError(t, err)
		_, err = c.Rollback(t.Context(), tx)
		require.NoError(t, err)
	}
	var carried []any
	for _, m := range append(cluster.servers[0].Requests(), cluster.servers[1].Requests()...) {
		if m.Name == "ROUTE" {
			carried = append(carried, m.Fields[1].([]any)...)
		}
	}
	require.ElementsMatch(t, []any{"of the manager", "of the caller"}, carried)
}
