package pool

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/webbolt/webbolt/client"
)

// ConnectorOptions are the options of a connector. All are optional.
type ConnectorOptions struct {
	// Pool has the options for each server's pool.
	Pool Options `js:"-"`
	// NoRouting uses only the profile's own server, even with a neo4j scheme.
	NoRouting bool `js:"routing,inverted"`
	// Resolver returns the addresses of the initial router; nil uses the profile's address.
	Resolver Resolver
	// Bookmarks chains transactions causally; nil leaves bookmarks to the caller.
	Bookmarks *BookmarkManager `js:"-"`
	// RetryTime limits how long functions that retry work and queries do so; 0 means 30 seconds, negative means no
	// retry.
	RetryTime time.Duration
}

// Connector runs transactions and queries on a server, or on the servers of a cluster: reads on readers and writes on
// writers, each on the server with the fewest connections in use.
type Connector struct {
	*core
	bookmarks *BookmarkManager // or nil
	token     *client.Auth     // to act with instead of the pools' tokens, or nil
}

// core is what a connector shares with the connectors that WithBookmarks and WithToken make from it.
type core struct {
	profile client.Profile
	options ConnectorOptions
	router  *router // nil without routing

	mu       sync.Mutex
	pools    map[client.Profile]*ConnectionPool
	kept     map[client.Profile]bool // of AddPools: their pools stay even if no routing table names them
	rotation int                     // the first of equally busy servers
	bound    map[txKey]*lease
	undone   client.RolledBack // needs no lock
	results  []*leasedSource   // that hold a connection, in order of opening
	closed   bool
}

// txKey identifies a transaction.
type txKey struct{ graphName, txID string }

func keyOf(tx *client.TransactionRef) txKey { return txKey{tx.GraphName(), tx.TxID()} }

// OpenConnector makes a connector and opens the first connections of its first pool. If Pool.InitSize is zero, or a
// Resolver is given for routing, it opens none; VerifyConnectivity then tells whether the server can be reached.
func OpenConnector(ctx context.Context, profile client.Profile, options ConnectorOptions) (*Connector, error) {
	profile, err := profile.Normalize()
	if err != nil {
		return nil, err
	}
	if options.Pool, err = options.Pool.withDefaults(); err != nil {
		return nil, err
	}
	if err := client.CheckDuration("RetryTime", options.RetryTime); err != nil {
		return nil, err
	}
	options.Pool.Client.RoutingAddress = cmp.Or(options.Pool.Client.RoutingAddress, profile.Address())
	options.RetryTime = orDuration(options.RetryTime, 30*time.Second)
	c := &Connector{bookmarks: options.Bookmarks, core: &core{profile: profile, options: options,
		pools: map[client.Profile]*ConnectionPool{},
		kept:  map[client.Profile]bool{profile: true}, bound: map[txKey]*lease{}}}
	if profile.Routing() && !options.NoRouting {
		c.router = &router{
			initial: profile, resolver: options.Resolver, ask: c.route, renewed: c.dropUnnamed,
			timeout: c.acquireTimeout(),
			tables:  map[graphKey]*RoutingTable{}, refreshes: map[graphKey]*refresh{},
		}
	}
	if c.router != nil && options.Resolver != nil {
		return c, nil // there may be no server at the profile's own address
	}
	if _, err := c.pool(ctx, profile, options.Pool.InitSize); err != nil {
		return nil, err
	}
	return c, nil
}

// WithBookmarks returns a connector that uses another bookmark manager, or none, and shares everything else with c:
// closing either closes both.
func (c *Connector) WithBookmarks(manager *BookmarkManager) *Connector {
	return &Connector{core: c.core, bookmarks: manager, token: c.token}
}

// WithToken returns a connector that uses the same connections with another token, which may be another user's. This
// needs Bolt 5.1 or later; on older versions its work fails with an UnsupportedError. It shares everything else with c:
// closing either closes both.
func (c *Connector) WithToken(token client.Auth) *Connector {
	return &Connector{core: c.core, bookmarks: c.bookmarks, token: &token}
}

// VerifyToken reports whether the server accepts a token. It returns an error if it could not find out.
func (c *Connector) VerifyToken(ctx context.Context, token client.Auth) (bool, error) {
	n := need{graph: graphKey{name: systemGraph}, readonly: true, token: &token, verify: true}
	l, err := c.on(ctx, n, true, func(l *lease) error { return l.cx.Reset(ctx, true) })
	if failure, is := errors.AsType[*client.Failure](err); is {
		switch strings.TrimPrefix(failure.Code, "Neo.ClientError.Security.") {
		case "CredentialsExpired", "Forbidden", "TokenExpired", "Unauthorized":
			return false, nil
		}
	}
	if err != nil {
		return false, err
	}
	l.end(ctx)
	return true, nil
}

// acquireTimeout limits a borrow as a whole; negative means no limit.
func (c *Connector) acquireTimeout() time.Duration { return c.options.Pool.AcquireTimeout }

// Profile returns how and where the connector connects first.
func (c *Connector) Profile() client.Profile { return c.profile }

// UserAgent is the name that connections give to the servers.
func (c *Connector) UserAgent() string {
	return cmp.Or(c.options.Pool.Client.UserAgent, client.DefaultUserAgent)
}

// AddPools adds a pool for each profile that has none yet. These pools stay, even if no routing table names their
// server.
func (c *Connector) AddPools(ctx context.Context, profiles ...client.Profile) error {
	for _, profile := range profiles {
		profile, err := profile.Normalize()
		if err != nil {
			return err
		}
		c.mu.Lock()
		c.kept[profile] = true
		c.mu.Unlock()
		if _, err := c.pool(ctx, profile, c.options.Pool.InitSize); err != nil {
			return err
		}
	}
	return nil
}

// pool returns the pool of a server, and makes it if there is none. The profile is normalized.
func (c *Connector) pool(ctx context.Context, profile client.Profile, initSize int) (*ConnectionPool, error) {
	c.mu.Lock()
	known, closed := c.pools[profile], c.closed
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	if closed {
		return nil, c.closedError()
	}
	options := c.options.Pool
	options.InitSize = initSize
	made, err := open(ctx, profile, options)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		made.Close()
		return nil, c.closedError()
	}
	if other := c.pools[profile]; other != nil { // another call was quicker
		made.Close()
		return other, nil
	}
	c.pools[profile] = made
	return made, nil
}

func (c *Connector) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

func (c *Connector) closedError() error {
	return &client.ConnectionUnavailable{Reason: client.ReasonPoolZero, Address: c.profile.Address(),
		Message: "the connector was closed"}
}

// Pools returns the pools of the servers that can serve the graph, the least busy first. If the known routing table
// cannot be used, it returns an error that wraps [ErrRoutingTableInvalid]; it does not fetch a new table.
func (c *Connector) Pools(ctx context.Context, graphName string, readonly bool) ([]*ConnectionPool, error) {
	if c.router == nil {
		own, err := c.pool(ctx, c.profile, 0)
		if err != nil {
			return nil, err
		}
		return []*ConnectionPool{own}, nil
	}
	table := c.router.known(graphKey{name: graphName})
	if err := table.check(graphName, readonly, time.Now()); err != nil {
		return nil, err
	}
	return c.leastBusy(ctx, table.servers(readonly))
}

// RoutingTable returns the known table of a graph, or nil: without routing, or before the first fetch.
func (c *Connector) RoutingTable(graphName string) *RoutingTable {
	if c.router == nil {
		return nil
	}
	return c.router.known(graphKey{name: graphName})
}

// RefreshRoutingTable fetches a new table for a graph, at least as new as the bookmarks. Without routing it does
// nothing.
func (c *Connector) RefreshRoutingTable(ctx context.Context, graphName string, bookmarks ...string) error {
	if c.router == nil {
		return nil
	}
	_, err := c.router.refresh(ctx, need{graph: graphKey{name: graphName}, known: bookmarks, token: c.token})
	return err
}

// HomeGraph asks for the home graph of a user: the graph that is used if none is named. An empty user means the
// connector's own user. It returns "" if only the servers know the home graph: without routing, and before Bolt 4.4.
// Work that names this graph stays on it even if the user's home graph changes.
func (c *Connector) HomeGraph(ctx context.Context, user string, bookmarks ...string) (string, error) {
	if c.router == nil {
		return "", nil
	}
	table, err := c.router.refresh(ctx, need{graph: graphKey{user: user}, known: bookmarks, token: c.token})
	if err != nil {
		return "", err
	}
	c.router.adopt(table)
	return table.Database, nil
}

// InUse is the number of connections in use, by profile.
func (c *Connector) InUse() map[client.Profile]int {
	inUse := map[client.Profile]int{}
	for _, p := range c.allPools() {
		inUse[p.Profile()] = p.InUse()
	}
	return inUse
}

// Statistics returns a snapshot of every pool's statistics, by profile.
func (c *Connector) Statistics() map[client.Profile]Statistics {
	statistics := map[client.Profile]Statistics{}
	for _, p := range c.allPools() {
		statistics[p.Profile()] = p.Statistics()
	}
	return statistics
}

// Prune closes the free connections of one server's pool and removes the server from the routing tables, until a new
// table names it.
func (c *Connector) Prune(profile client.Profile) {
	c.mu.Lock()
	p := c.pools[profile]
	c.mu.Unlock()
	if p != nil {
		p.Prune()
	}
	if c.router != nil {
		c.router.remove(profile)
	}
}

// dropUnnamed closes the idle connections to servers that are no longer in any routing table, and removes pools that
// have no other connections.
func (c *Connector) dropUnnamed() {
	named := c.router.named()
	var unnamed, dropped []*ConnectionPool
	c.mu.Lock()
	for profile, p := range c.pools {
		if named[profile] || c.kept[profile] {
			continue
		}
		unnamed = append(unnamed, p)
		if p.InUse() == 0 {
			delete(c.pools, profile)
			dropped = append(dropped, p)
		}
	}
	c.mu.Unlock()
	for _, p := range dropped {
		_ = p.SetMaxSize(0) // a borrow that has chosen this pool uses its successor; see acquire
	}
	for _, p := range unnamed {
		p.Prune()
	}
}

// Close closes all pools with all their connections, those in use included.
func (c *Connector) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	for _, p := range c.allPools() {
		p.Close()
	}
	for _, l := range c.unbindAll() { // the transactions ended with the connections
		l.end(context.Background())
	}
}

// unbindAll detaches all transactions from their connections and notes them as rolled back.
func (c *Connector) unbindAll() []*lease {
	c.mu.Lock()
	defer c.mu.Unlock()
	var leases []*lease
	for key, l := range c.bound {
		c.undone.Add(client.NewTransactionRef(key.graphName, key.txID, false))
		leases = append(leases, l)
	}
	clear(c.bound)
	return leases
}

func (c *Connector) allPools() []*ConnectionPool {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]*ConnectionPool, 0, len(c.pools))
	for _, p := range c.pools {
		all = append(all, p)
	}
	return all
}
