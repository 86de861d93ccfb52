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
	database string // what the graph name resolved to, where the routing table tells

	bookmarks []string // that what runs on it began with
	once      sync.Once
}

// end gives the connection back; only the first call counts. It waits until the connection is clean, but not for a caller whose context has ended.
func (l *lease) end(ctx context.Context) {
	l.once.Do(func() {
		if ctx.Err() != nil {
			go func() { _ = l.pool.Release(l.cx, false) }()
			return
		}
		_ = l.pool.Release(l.cx, false)
	})
}

// allowance is the time that one borrow may take in all.
type allowance struct {
	ctx    context.Context
	until  time.Time // zero: it never ends
	waited bool
}

func (c *Connector) allow(ctx context.Context) *allowance {
	a := &allowance{ctx: ctx}
	if limit := c.acquireTimeout(); limit >= 0 {
		a.until = time.Now().Add(limit)
	}
	return a
}

// next is the context of the next wait. The first wait has the same limit by itself, so that most borrows need no timer.
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

// borrow acquires a connection to a server that serves the graph in the given mode, trying one server after the other, and
// asking once for a new routing table when all of the known one fail. All of it has to be done within one AcquireTimeout.
func (c *Connector) borrow(ctx context.Context, graph graphKey, readonly bool) (*lease, error) {
	if c.router == nil {
		own, err := c.pool(ctx, c.profile, 0)
		if err != nil {
			return nil, err
		}
		l, err := c.acquire(ctx, own)
		if err != nil {
			return nil, err
		}
		l.database = graph.name
		return l, nil
	}
	a := c.allow(ctx)
	var failures []error
	for range 2 {
		table, err := c.tableFor(a, graph, readonly)
		if err != nil {
			return nil, errors.Join(append(failures, err)...)
		}
		l, err := c.borrowFrom(a, table, readonly)
		if err == nil {
			if l.database = graph.name; graph.name == "" {
				l.database = table.Database
			}
			return l, nil
		}
		failures = append(failures, err)
		if !serversFault(err) || a.over() {
			break
		}
	}
	return nil, failures[len(failures)-1]
}

func (c *Connector) tableFor(a *allowance, graph graphKey, readonly bool) (*RoutingTable, error) {
	if table := c.router.usable(graph, readonly); table != nil {
		return table, nil
	}
	ctx, cancel := a.next()
	defer cancel()
	return c.router.table(ctx, graph, readonly)
}

// serversFault reports whether the server is to blame that there is no connection to it, and not this pool's own limits or the caller.
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

// allInUse is the cause of a wait that ended because no connection was given back in time: of a pool that is too small, not of a server that is gone.
type allInUse struct{ error }

func (e allInUse) Unwrap() error { return e.error }

// waitedInVain marks the error of such a wait.
func waitedInVain(err *client.ConnectionUnavailable) error {
	if err.Reason == client.ReasonTimeout {
		err.Err = allInUse{err.Err}
	}
	return err
}

func (c *Connector) borrowFrom(a *allowance, table *RoutingTable, readonly bool) (*lease, error) {
	pools, err := c.leastBusy(a.ctx, table.servers(readonly))
	if err != nil {
		return nil, err
	}
	for _, p := range pools {
		var l *lease
		hurried := a.waited // it has not the whole time
		if l, err = c.acquireWithin(a, p); err == nil {
			return l, nil
		}
		if !serversFault(err) || a.ctx.Err() != nil || hurried && a.over() {
			return nil, err
		}
		c.Prune(p.Profile())
		if a.over() {
			return nil, err
		}
	}
	return nil, err
}

func (c *Connector) acquireWithin(a *allowance, p *ConnectionPool) (*lease, error) {
	ctx, cancel := a.next()
	defer cancel()
	return c.acquire(ctx, p)
}

// acquire borrows from a pool, or from the one that has come in the place of a pool that was dropped meanwhile.
func (c *Connector) acquire(ctx context.Context, p *ConnectionPool) (*lease, error) {
	for {
		cx, err := p.Acquire(ctx)
		if err == nil {
			return &lease{cx: cx, pool: p}, nil
		}
		if unavailable, is := errors.AsType[*client.ConnectionUnavailable](err); !is || unavailable.Reason != client.ReasonPoolZero {
			return nil, err
		}
		present, gone := c.pool(ctx, p.Profile(), 0)
		if gone != nil || present == p {
			return nil, err
		}
		p = present
	}
}

// leastBusy gives the servers' pools, those with the fewest connections in use first; equally busy ones take turns.
func (c *Connector) leastBusy(ctx context.Context, servers []client.Profile) ([]*ConnectionPool, error) {
	c.mu.Lock()
	c.rotation++
	turn := c.rotation
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
func (c *Connector) route(ctx context.Context, server client.Profile, graph graphKey) (*client.Route, error) {
	p, err := c.pool(ctx, server, 0)
	if err != nil {
		return nil, err
	}
	l, err := c.acquire(ctx, p)
	if err != nil {
		return nil, err
	}
	defer l.end(ctx)
	if graph.user == "" {
		return l.cx.Route(ctx, graph.name, c.profile.RoutingContext())
	}
	as, can := l.cx.(interface {
		RouteAs(ctx context.Context, user, graphName string, routingContext map[string]string) (*client.Route, error)
	})
	if !can {
		return nil, &client.UnsupportedError{Message: "the home graph of another user is not known over this protocol; name the graph"}
	}
	return as.RouteAs(ctx, graph.user, graph.name, c.profile.RoutingContext())
}

// learn draws from an error what it says about the server.
func (c *Connector) learn(l *lease, err error) {
	if c.router == nil || err == nil {
		return
	}
	if failure, is := errors.AsType[*client.Failure](err); is {
		switch {
		case failure.NotLeader():
			c.router.remove(l.pool.Profile(), true)
		case failure.Code == "Neo.TransientError.General.DatabaseUnavailable":
			c.router.remove(l.pool.Profile(), false)
		}
		return
	}
	if l.cx.Broken() {
		c.Prune(l.pool.Profile())
	}
}
