package pool

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/webbolt/webbolt/client"
)

// lease is a connection that the connector has borrowed from a pool.
type lease struct {
	cx       client.Connection
	pool     *ConnectionPool
	graph    graphKey // that was asked for
	database string   // what the graph name resolved to, if the routing table says so

	bookmarks []string               // of the transaction that runs on it
	tx        *client.TransactionRef // that holds it, once it has begun; the connector's mu guards it
	once      sync.Once

	token  *client.Auth      // that it acts with, if the pool knows it
	own    bool              // the token is the borrower's own
	told   error             // the last failure that the pool's AuthManager was told
	reused bool              // it is not new, so it may have been closed while it was free
	before client.Statistics // when it was borrowed
}

// stale reports whether err means that a pooled connection had been closed while it was free, so that the call had no
// effect: nothing was sent; or, if the call is repeatable, nothing was answered.
func (l *lease) stale(err error, repeatable bool) bool {
	if _, broken := errors.AsType[*client.ConnectionBroken](err); !broken || !l.reused {
		return false
	}
	now := l.cx.Statistics()
	return now.BytesIn == l.before.BytesIn && (repeatable || now.BytesOut == l.before.BytesOut)
}

// end gives the connection back; later calls do nothing. It waits until the connection is reset, unless ctx has ended.
func (l *lease) end(ctx context.Context) {
	l.once.Do(func() {
		if ctx.Err() != nil {
			go func() { _ = l.pool.Release(l.cx, false) }()
			return
		}
		_ = l.pool.Release(l.cx, false)
	})
}

// allowance is the time that one borrow may take as a whole.
type allowance struct {
	ctx    context.Context
	until  time.Time // zero: it never ends
	waited bool
	// hurried says that the last wait had less than the whole time, so that its timeout says nothing about the server.
	hurried bool
}

func (c *Connector) allow(ctx context.Context) *allowance {
	a := &allowance{ctx: ctx}
	if limit := c.acquireTimeout(); limit >= 0 {
		a.until = time.Now().Add(limit)
	}
	return a
}

// next returns the context of the next wait. Acquire limits the first wait itself, so most borrows need no timer.
func (a *allowance) next() (context.Context, context.CancelFunc) {
	if !a.waited || a.until.IsZero() {
		a.waited = true
		return a.ctx, func() {}
	}
	return context.WithDeadline(a.ctx, a.until)
}

// over reports whether there is no time left.
func (a *allowance) over() bool {
	return a.ctx.Err() != nil || !a.until.IsZero() && !time.Now().Before(a.until)
}

// tellRefused tells the pool's AuthManager of a token that the server has refused.
func (l *lease) tellRefused(ctx context.Context, err error) {
	failure, is := errors.AsType[*client.Failure](err)
	if !is || l.told == failure {
		return
	}
	if failure.AuthorizationExpired() {
		l.pool.authenticateAgain(l.cx)
	}
	if l.own {
		return
	}
	l.told = failure
	_ = l.pool.refused(ctx, l.token, failure) // the failure itself says whether there is a new token
}

// need describes the connection that a caller needs.
type need struct {
	token    *client.Auth // to act with; nil for the pool's token
	fresh    bool         // fetch a new routing table in any case
	verify   bool         // authenticate again, to check whether the server accepts the token
	graph    graphKey
	readonly bool
	known    []string // the result of bookmarks
	// bookmarks returns the bookmarks that a routing table must include; nil means none. It is called only when a table
	// is fetched.
	bookmarks func(ctx context.Context) ([]string, error)
}

// on borrows a connection and calls use with it. If use fails because the connection was closed while it was free in
// the pool, on tries another connection at once. repeatable says that use may take effect twice. The caller ends the
// lease, unless there is an error.
func (c *Connector) on(ctx context.Context, n need, repeatable bool, use func(l *lease) error) (*lease, error) {
	for {
		l, err := c.borrow(ctx, n)
		if err != nil {
			return nil, err
		}
		if err = use(l); err == nil {
			return l, nil
		}
		again := l.stale(err, repeatable) && ctx.Err() == nil
		if !again {
			c.learn(ctx, l, err)
		}
		l.end(ctx)
		if !again { // the loop ends, because each round uses up a pooled connection
			return nil, err
		}
	}
}

// borrow acquires a connection to a server that serves the graph in the given mode. It tries one server after the
// other, and fetches a new routing table once if all servers of the known table fail. The whole borrow takes one
// AcquireTimeout at most.
func (c *Connector) borrow(ctx context.Context, n need) (*lease, error) {
	if c.isClosed() {
		return nil, c.closedError()
	}
	a := c.allow(ctx)
	if c.router == nil {
		own, err := c.pool(ctx, c.profile, 0)
		if err != nil {
			return nil, err
		}
		l, err := c.borrowOf(a, []*ConnectionPool{own}, n)
		if err != nil {
			return nil, err
		}
		l.database = n.graph.name
		return l, nil
	}
	var failures []error
	for range 2 {
		table, err := c.tableFor(a, n)
		if err != nil {
			return nil, lastOf(append(failures, err))
		}
		l, err := c.borrowFrom(a, table, n)
		if err == nil {
			l.graph = n.graph
			if l.database = n.graph.name; n.graph.name == "" {
				l.database = table.Database
			}
			return l, nil
		}
		failures = append(failures, err)
		if !serversFault(err) || a.over() || n.fresh { // the table is new
			break
		}
	}
	return nil, failures[len(failures)-1]
}

func (c *Connector) tableFor(a *allowance, n need) (*RoutingTable, error) {
	if table := c.router.usable(n.graph, n.readonly); table != nil && !n.fresh {
		return table, nil
	}
	ctx, cancel := a.next()
	defer cancel()
	if n.bookmarks != nil {
		var err error
		if n.known, err = n.bookmarks(ctx); err != nil {
			return nil, err
		}
	}
	return c.router.table(ctx, n)
}

// serversFault reports whether the server is the reason why there is no connection, not the pool's own limits or the
// caller.
func serversFault(err error) bool {
	unavailable, is := errors.AsType[*client.ConnectionUnavailable](err)
	if !is {
		return false
	}
	switch unavailable.Reason {
	case client.ReasonPoolZero, client.ReasonPoolFull, client.ReasonCancelled:
		return false
	}
	_, own := errors.AsType[allInUse](unavailable.Err)
	return !own
}

func (c *Connector) borrowFrom(a *allowance, table *RoutingTable, n need) (*lease, error) {
	pools, err := c.leastBusy(a.ctx, table.servers(n.readonly))
	if err != nil {
		return nil, err
	}
	return c.borrowOf(a, pools, n)
}

// borrowOf borrows from the first pool that has room. If none has, it waits for the least busy one.
func (c *Connector) borrowOf(a *allowance, pools []*ConnectionPool, n need) (*lease, error) {
	wanted := AcquireOptions{token: n.token, again: n.verify, alone: n.token != nil}
	atOnce := wanted
	atOnce.NoWait = true
	var full *ConnectionPool
	var failure error
	for _, p := range pools {
		l, err := c.acquireWithin(a, p, atOnce)
		switch {
		case err == nil:
			return l, nil
		case isFull(err):
			if full == nil {
				full = p
			}
			continue
		case !c.passOver(a, p, err):
			return nil, err
		}
		failure = err
	}
	if full == nil {
		return nil, failure
	}
	c.relieve(full)
	l, err := c.acquireWithin(a, full, wanted)
	if err != nil {
		c.passOver(a, full, err)
		c.tellHolders(full, err)
		return nil, err
	}
	return l, nil
}

// passOver reports whether to try another server after one has failed. If so, it removes the failed one from the
// routing tables.
func (c *Connector) passOver(a *allowance, p *ConnectionPool, err error) bool {
	if c.router == nil || !serversFault(err) || a.ctx.Err() != nil || a.hurried && a.over() {
		return false
	}
	c.Prune(p.Profile())
	return !a.over()
}

func isFull(err error) bool {
	unavailable, is := errors.AsType[*client.ConnectionUnavailable](err)
	return is && unavailable.Reason == client.ReasonPoolFull
}

func (c *Connector) acquireWithin(a *allowance, p *ConnectionPool, o AcquireOptions) (*lease, error) {
	a.hurried = a.waited
	ctx, cancel := a.next()
	defer cancel()
	l, err := c.acquire(ctx, p, o)
	if err != nil && isFull(err) {
		a.waited = a.hurried // acquire did not wait
	}
	return l, err
}

// acquire borrows from a pool, or from its successor if the pool was dropped meanwhile.
func (c *Connector) acquire(ctx context.Context, p *ConnectionPool, o AcquireOptions) (*lease, error) {
	for {
		e, err := p.acquire(ctx, o)
		if err == nil {
			return &lease{cx: e.cx, pool: p, token: e.token, own: o.alone, reused: e.idleSince > 0,
				before: e.cx.Statistics()}, nil
		}
		if unavailable, is := errors.AsType[*client.ConnectionUnavailable](err); !is ||
			unavailable.Reason != client.ReasonPoolZero {
			return nil, err
		}
		present, gone := c.pool(ctx, p.Profile(), 0)
		if gone != nil || present == p {
			return nil, err
		}
		p = present
	}
}

// leastBusy returns the servers' pools, those with the fewest connections in use first; equally busy pools take turns.
func (c *Connector) leastBusy(ctx context.Context, servers []client.Profile) ([]*ConnectionPool, error) {
	c.mu.Lock()
	turn := c.rotation
	c.rotation++
	c.mu.Unlock()
	type load struct {
		pool  *ConnectionPool
		inUse int
	}
	loads := make([]load, 0, len(servers))
	for i := range servers {
		p, err := c.pool(ctx, servers[(i+turn)%len(servers)], 0)
		if err != nil {
			return nil, err
		}
		loads = append(loads, load{p, p.InUse()})
	}
	slices.SortStableFunc(loads, func(a, b load) int { return cmp.Compare(a.inUse, b.inUse) })
	pools := make([]*ConnectionPool, len(loads))
	for i, l := range loads {
		pools[i] = l.pool
	}
	return pools, nil
}

// route asks one server for a routing table.
func (c *Connector) route(ctx context.Context, server client.Profile, n need) (*client.Route, error) {
	p, err := c.pool(ctx, server, 0)
	if err != nil {
		return nil, err
	}
	for {
		l, err := c.acquire(ctx, p, AcquireOptions{token: n.token, alone: n.token != nil})
		if err != nil {
			return nil, err
		}
		route, err := c.routeOn(ctx, l, n)
		l.tellRefused(ctx, err)
		again := err != nil && l.stale(err, true) && ctx.Err() == nil
		l.end(ctx)
		if !again {
			return route, err
		}
	}
}

func (c *Connector) routeOn(ctx context.Context, l *lease, n need) (*client.Route, error) {
	more, can := l.cx.(interface {
		RouteWith(ctx context.Context, graphName string, routingContext map[string]string,
			o client.RouteOptions) (*client.Route, error)
	})
	if can {
		return more.RouteWith(ctx, n.graph.name, c.profile.RoutingContext(),
			client.RouteOptions{ImpersonatedUser: n.graph.user, Bookmarks: n.known})
	}
	if n.graph.user != "" {
		return nil,
			&client.UnsupportedError{Message: "the home graph of another user is not known over this protocol; " +
				"name the graph"}
	}
	return l.cx.Route(ctx, n.graph.name, c.profile.RoutingContext())
}

// learn updates routing and tokens by what an error says about the server.
func (c *Connector) learn(ctx context.Context, l *lease, err error) {
	l.tellRefused(ctx, err)
	if c.router == nil || err == nil {
		return
	}
	if failure, is := errors.AsType[*client.Failure](err); is {
		switch {
		case failure.NotLeader():
			c.router.notWriter(l.pool.Profile(), l.graph, l.database)
		case failure.Code == "Neo.TransientError.General.DatabaseUnavailable":
			c.router.remove(l.pool.Profile())
		}
		return
	}
	if l.cx.Broken() {
		c.Prune(l.pool.Profile())
	}
}
