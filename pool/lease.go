package pool

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

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

// end gives the connection back; only the first call counts.
func (l *lease) end() {
	l.once.Do(func() { _ = l.pool.Release(l.cx, false) })
}

// borrow acquires a connection to a server that serves the graph in the given mode, trying one server after the other, and
// asking once for a new routing table when all of the known one fail.
func (c *Connector) borrow(ctx context.Context, graphName string, readonly bool) (*lease, error) {
	if c.router == nil {
		own, err := c.pool(ctx, c.profile, 0)
		if err != nil {
			return nil, err
		}
		cx, err := own.Acquire(ctx)
		if err != nil {
			return nil, err
		}
		return &lease{cx: cx, pool: own, database: graphName}, nil
	}
	var failures []error
	for range 2 {
		table, err := c.router.table(ctx, graphName, readonly)
		if err != nil {
			return nil, errors.Join(append(failures, err)...)
		}
		l, err := c.borrowFrom(ctx, table, readonly)
		if err == nil {
			if l.database = graphName; graphName == "" {
				l.database = table.Database
			}
			return l, nil
		}
		if unavailable, is := errors.AsType[*client.ConnectionUnavailable](err); !is || ctx.Err() != nil || ofPool(unavailable.Reason) {
			return nil, err
		}
		failures = append(failures, err)
	}
	return nil, failures[len(failures)-1]
}

// ofPool reports whether the reason lies in this pool's own limits, so that the server is not to blame.
func ofPool(reason client.Reason) bool {
	return reason == client.ReasonPoolZero || reason == client.ReasonPoolFull || reason == client.ReasonCancelled
}

func (c *Connector) borrowFrom(ctx context.Context, table *RoutingTable, readonly bool) (*lease, error) {
	pools, err := c.leastBusy(ctx, table.servers(readonly))
	if err != nil {
		return nil, err
	}
	for _, p := range pools {
		var cx client.Connection
		cx, err = p.Acquire(ctx)
		if err == nil {
			return &lease{cx: cx, pool: p}, nil
		}
		if unavailable, is := errors.AsType[*client.ConnectionUnavailable](err); !is || ctx.Err() != nil || ofPool(unavailable.Reason) {
			return nil, err
		}
		c.Prune(p.Profile())
	}
	return nil, err
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
func (c *Connector) route(ctx context.Context, server client.Profile, graphName string) (*client.Route, error) {
	p, err := c.pool(ctx, server, 0)
	if err != nil {
		return nil, err
	}
	cx, err := p.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = p.Release(cx, false) }()
	return cx.Route(ctx, graphName, c.profile.RoutingContext())
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
