package pool

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/webbolt/webbolt/client"
)

// Resolver gives the addresses to try in place of a first router's "host:port".
type Resolver func(ctx context.Context, address string) ([]string, error)

// router keeps the routing table of every graph up to date. For a profile without routing it has one table that always
// names the profile's own server.
type router struct {
	initial  client.Profile
	resolver Resolver
	timeout  time.Duration
	// ask asks one server for its routing table.
	ask func(ctx context.Context, server client.Profile, graphName string) (*client.Route, error)

	mu        sync.Mutex
	tables    map[string]*RoutingTable
	refreshes map[string]*refresh
}

// refresh is one look-up that all who need its table wait for.
type refresh struct {
	done  chan struct{}
	table *RoutingTable
	err   error
}

// table gives a table that has servers for the access mode, asking for a new one where that is needed.
func (r *router) table(ctx context.Context, graphName string, readonly bool) (*RoutingTable, error) {
	table := r.known(graphName)
	if table.check(graphName, readonly, time.Now()) == nil {
		return table, nil
	}
	table, err := r.refresh(ctx, graphName)
	if err != nil {
		return nil, err
	}
	if len(table.servers(readonly)) == 0 {
		return nil, table.check(graphName, readonly, time.Time{})
	}
	return table, nil // even one with no time to live serves those who waited for it
}

func (r *router) known(graphName string) *RoutingTable {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tables[graphName]
}

// refresh looks a table up, once for all who ask at the same time. The look-up does not end with the context of who began it.
func (r *router) refresh(ctx context.Context, graphName string) (*RoutingTable, error) {
	r.mu.Lock()
	look, under := r.refreshes[graphName]
	if !under {
		look = &refresh{done: make(chan struct{})}
		r.refreshes[graphName] = look
		go r.lookUp(look, graphName)
	}
	r.mu.Unlock()
	select {
	case <-look.done:
		return look.table, look.err
	case <-ctx.Done():
		return nil, client.UnavailableFromContext(ctx, r.initial.Address(), "waiting for a routing table")
	}
}

func (r *router) lookUp(look *refresh, graphName string) {
	ctx, cancel := context.WithTimeout(context.Background(), r.timeout)
	defer cancel()
	look.table, look.err = r.fetch(ctx, graphName)
	r.mu.Lock()
	delete(r.refreshes, graphName)
	if look.err == nil {
		r.tables[graphName] = look.table
	}
	r.mu.Unlock()
	close(look.done)
}

// fetch asks the known routers one after the other, then the initial one.
func (r *router) fetch(ctx context.Context, graphName string) (*RoutingTable, error) {
	var asked []client.Profile
	var failures []error
	try := func(server client.Profile) (*RoutingTable, error) {
		if slices.Contains(asked, server) {
			return nil, nil
		}
		asked = append(asked, server)
		route, err := r.ask(ctx, server, graphName)
		if err == nil {
			var table *RoutingTable
			if table, err = newRoutingTable(r.initial, route, time.Now()); err == nil {
				return table, nil
			}
		}
		failures = append(failures, err)
		if decisive(err) {
			return nil, err
		}
		return nil, nil
	}
	if table := r.known(graphName); table != nil {
		for _, server := range table.Routers {
			if found, err := try(server); found != nil || err != nil {
				return found, err
			}
		}
	}
	first, err := r.initialRouters(ctx)
	if err != nil {
		failures = append(failures, err)
	}
	for _, server := range first {
		if found, err := try(server); found != nil || err != nil {
			return found, err
		}
	}
	return nil, &client.ConnectionUnavailable{Reason: client.ReasonNetwork, Address: r.initial.Address(),
		Message: "no router could give a routing table; check the address, and that the server is one of a cluster or a single Neo4j 4.0 or later",
		Err:     errors.Join(failures...)}
}

func (r *router) initialRouters(ctx context.Context) ([]client.Profile, error) {
	if r.resolver == nil {
		return []client.Profile{r.initial}, nil
	}
	addresses, err := r.resolver(ctx, r.initial.Address())
	if err != nil {
		return nil, err
	}
	var servers []client.Profile
	for _, address := range addresses {
		server, err := r.initial.WithAddress(address)
		if err != nil {
			return nil, err
		}
		servers = append(servers, server)
	}
	return servers, nil
}

// decisive reports whether another router would say the same: the caller or the user's rights are the cause.
func decisive(err error) bool {
	var failure *client.Failure
	var unsupported *client.UnsupportedError
	var argument *client.ArgumentError
	if errors.As(err, &failure) {
		switch failure.Code {
		case "Neo.ClientError.Database.DatabaseNotFound", "Neo.ClientError.Transaction.InvalidBookmark",
			"Neo.ClientError.Transaction.InvalidBookmarkMixture", "Neo.ClientError.Statement.TypeError",
			"Neo.ClientError.Statement.ArgumentError", "Neo.ClientError.Request.Invalid":
			return true
		}
		const security = "Neo.ClientError.Security."
		return len(failure.Code) > len(security) && failure.Code[:len(security)] == security &&
			failure.Code != security+"AuthorizationExpired"
	}
	return errors.As(err, &unsupported) || errors.As(err, &argument)
}

// remove takes a server out of every table, or only out of the writers.
func (r *router) remove(server client.Profile, onlyWriting bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for graphName, table := range r.tables {
		r.tables[graphName] = table.without(server, onlyWriting)
	}
}
