package pool

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

func TestRoutingWithoutAcquireTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _ := threeServers()
		c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{Pool: Options{AcquireTimeout: -1, MaxSize: 1}})
		first := begin(t, c, false)
		go func() {
			time.Sleep(time.Hour)
			_, _ = c.Rollback(context.Background(), first)
		}()
		began := time.Now()
		begin(t, c, false)
		require.Equal(t, time.Hour, time.Since(began))
	})
}

// A full pool is no reason to take its server out of the routing table.
func TestBorrowFromAFullPoolDoesNotBlameTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _ := threeServers()
		c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{
			Pool: Options{AcquireTimeout: 10 * time.Second, MaxSize: 1}})
		first := begin(t, c, false)
		began := time.Now()
		_, err := c.Begin(context.Background(), "", false)
		requireReason(t, client.ReasonTimeout, err)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "in use")
		require.ErrorContains(t, err, "open transactions hold 1 of 1 connections, the earliest, "+first.TxID()+
			", for 10s: end one")
		require.Equal(t, 10*time.Second, time.Since(began), "one wait, not one for each try")
		require.Len(t, server.asked, 1, "the table was right")
		require.NotEmpty(t, c.router.known(graphKey{}).Writers)
		_, err = c.Rollback(context.Background(), first)
		require.NoError(t, err)
		begin(t, c, false)
	})
}

// A caller that begins more transactions than there are connections, before it ends one, waits for itself.
func TestWhatHoldsAFullPoolIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _ := threeServers()
		c := openConnector(t, server, "bolt://a:1", ConnectorOptions{
			Pool: Options{AcquireTimeout: 10 * time.Second, MaxSize: 3}})
		cx, err := c.borrow(t.Context(), need{}) // what holds it is no transaction
		require.NoError(t, err)
		first := begin(t, c, false)
		time.Sleep(time.Minute)
		begin(t, c, false)
		_, err = c.Begin(t.Context(), "", false)
		require.ErrorContains(t, err, "hold 2 of 3 connections, the earliest, "+first.TxID()+", for 1m10s")
		cx.end(t.Context())
		_, err = c.Rollback(t.Context(), first)
		require.NoError(t, err)

		p := c.pools[c.profile]
		for range 2 { // a pool that no transaction holds does not mention transactions
			_, err = p.Acquire(t.Context())
			require.NoError(t, err)
		}
		_, err = p.Acquire(t.Context())
		require.ErrorContains(t, err, "all are in use")
		require.NotContains(t, err.Error(), "open transactions hold")
	})
}

// Servers that do not answer are tried one after the other, within one AcquireTimeout in all.
func TestBorrowTakesOneAcquireTimeoutInAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _ := threeServers()
		c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{Pool: Options{AcquireTimeout: 10 * time.Second}})
		begin(t, c, false)
		for _, test := range []struct {
			silent  time.Duration
			readers int // that stay in the routing table
		}{
			{time.Hour, 1},       // the first takes all the time; the other is not tried
			{6 * time.Second, 1}, // the first fails; the other has too little time to be blamed
			// Both fail, and the new table names them again: the first fails once more, the other has too little time.
			{3 * time.Second, 1},
		} {
			server.mu.Lock()
			server.silent = map[string]time.Duration{"b:2": test.silent, "c:3": test.silent}
			server.mu.Unlock()
			began := time.Now()
			_, err := c.Begin(context.Background(), "", true)
			requireReason(t, client.ReasonTimeout, err)
			require.ErrorContains(t, err, "opening", "what was waited for last is told")
			require.Equal(t, 10*time.Second, time.Since(began), test.silent)
			require.Len(t, c.router.known(graphKey{}).Readers, test.readers, test.silent)
			_, err = c.router.refresh(context.Background(), need{})
			require.NoError(t, err)
		}

		server.mu.Lock()
		server.silent = map[string]time.Duration{"b:2": 3 * time.Second}
		server.mu.Unlock()
		for range 2 {
			begin(t, c, true)
		}
		require.Equal(t, 2, server.begun["c:3"], "a server whose own limit passed gives way to the next")
	})
}

// The error is that of the server that took all the time; no time is left to ask for a new table.
func TestBorrowFromTheOnlyWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _ := threeServers()
		server.routes["front:9/"] = server.routes["a:1/"]
		c := openConnector(t, server, "neo4j://front:9", ConnectorOptions{
			Pool: Options{AcquireTimeout: 10 * time.Second}})
		begin(t, c, true)
		server.mu.Lock()
		server.silent = map[string]time.Duration{"a:1": time.Hour}
		server.mu.Unlock()
		_, err := c.Begin(context.Background(), "", false)
		requireReason(t, client.ReasonTimeout, err)
		require.ErrorContains(t, err, "opening")
		synctest.Wait()
		require.Len(t, server.asked, 1)
	})
}

// The lookup of a routing table has one AcquireTimeout for all routers.
func TestLookUpTakesOneAcquireTimeoutInAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _ := threeServers()
		server.silent = map[string]time.Duration{"x:1": time.Hour, "y:2": time.Hour}
		c := openConnector(t, server, "neo4j://name:5", ConnectorOptions{
			Pool:     Options{AcquireTimeout: 10 * time.Second},
			Resolver: func(context.Context, string) ([]string, error) { return []string{"x:1", "y:2"}, nil }})
		began := time.Now()
		_, err := c.Begin(context.Background(), "", false)
		requireReason(t, client.ReasonNetwork, err)
		require.Equal(t, 10*time.Second, time.Since(began))
	})
}

// move gives every server of the cluster another route to answer with.
func (s *fakeServer) move(route *client.Route) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.routes {
		s.routes[key] = route
	}
}

func addresses(c *Connector) (list []string) {
	for profile := range c.InUse() {
		list = append(list, profile.Address())
	}
	return list
}

func TestConnectorForgetsServersThatLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		server, route := threeServers()
		server.routes["front:9/"] = route
		c := openConnector(t, server, "neo4j://front:9", ConnectorOptions{})
		added, err := client.ParseProfile("neo4j://added:5")
		require.NoError(t, err)
		require.NoError(t, c.AddPools(ctx, added))
		reading := begin(t, c, true)
		second := begin(t, c, true)
		_, err = c.Rollback(ctx, second)
		require.NoError(t, err)
		synctest.Wait()
		require.ElementsMatch(t, []string{"front:9", "added:5", "b:2", "c:3"}, addresses(c))
		pools, err := c.Pools(ctx, "", true)
		require.NoError(t, err)
		idle, busy := pools[0], pools[1]
		require.Equal(t, 1, busy.InUse())

		gone := &client.Route{Routers: []string{"d:4"}, Readers: []string{"d:4"}, Writers: []string{"d:4"},
			TTL: time.Minute}
		server.move(gone)
		server.routes["d:4/"] = gone
		time.Sleep(route.TTL)
		begin(t, c, false)
		synctest.Wait()
		require.ElementsMatch(t, []string{"front:9", "added:5", "d:4", busy.Profile().Address()}, addresses(c))
		require.Zero(t, idle.Size(), "its connections are closed")
		l, err := c.acquire(ctx, idle, AcquireOptions{}) // as a caller does that has chosen the pool already
		require.NoError(t, err)
		require.NotSame(t, idle, l.pool)
		l.end(ctx)

		_, err = c.Rollback(ctx, reading)
		require.NoError(t, err, "what was in use goes on")
		time.Sleep(gone.TTL)
		begin(t, c, false)
		synctest.Wait()
		require.ElementsMatch(t, []string{"front:9", "added:5", "d:4"}, addresses(c))
		for _, cx := range server.connections() {
			require.Equal(t, cx.profile.Host == "b" || cx.profile.Host == "c" || cx.profile.Host == "a", cx.Closed(),
				cx.profile.Address())
		}
	})
}

// A pool that its owner has closed is not replaced.
func TestAcquireFromAPoolThatWasClosed(t *testing.T) {
	server, _ := threeServers()
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
	begin(t, c, false)
	pools, err := c.Pools(context.Background(), "", false)
	require.NoError(t, err)
	pools[0].Close()
	_, err = c.Begin(context.Background(), "", false)
	requireReason(t, client.ReasonPoolZero, err)
}

func TestRouterForgetsTablesThatNobodyAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, route := threeServers()
		c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{})
		_, err := c.Begin(context.Background(), "neo4j", true)
		require.NoError(t, err)
		time.Sleep(route.TTL + tableKept)
		begin(t, c, true)
		require.NotNil(t, c.router.known(graphKey{name: "neo4j"}))
		time.Sleep(route.TTL)
		begin(t, c, true)
		require.Nil(t, c.router.known(graphKey{name: "neo4j"}))
		require.NotNil(t, c.router.known(graphKey{}))
	})
}

// The connector reaches every member through the relay, not only the one that the profile names.
func TestRelayLeadsToEveryMember(t *testing.T) {
	server, _ := threeServers()
	const relay = "wss://relay.example.org/bolt"
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{Pool: Options{Client: client.Options{Relay: relay}}})
	begin(t, c, false)
	begin(t, c, true)
	begin(t, c, true)
	require.Equal(t, map[string]string{"a:1": relay, "b:2": relay, "c:3": relay}, server.relays)
}

// Work that failed at the same time is not tried again at the same time.
func TestExecuteSpreadsItsTries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _ := threeServers()
		c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{RetryTime: 2 * time.Second})
		const works = 100
		earliest, latest := time.Hour, time.Duration(0)
		for range works {
			var tries []time.Time
			_ = c.ExecuteRead(context.Background(), "", func(context.Context, *Transaction) error {
				tries = append(tries, time.Now())
				return &client.Failure{Code: "Neo.TransientError.Transaction.DeadlockDetected"}
			})
			require.Len(t, tries, 2)
			pause := tries[1].Sub(tries[0])
			earliest, latest = min(earliest, pause), max(latest, pause)
		}
		require.GreaterOrEqual(t, earliest, 800*time.Millisecond)
		require.Less(t, earliest, 900*time.Millisecond)
		require.Greater(t, latest, 1100*time.Millisecond)
		require.LessOrEqual(t, latest, 1200*time.Millisecond)
	})
}
