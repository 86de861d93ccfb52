package pool

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/webbolt/webbolt/client"
)

// Resolver returns the addresses to try instead of the initial router's "host:port".
type Resolver func(ctx context.Context, address string) ([]string, error)

// router keeps the routing table of every graph up to date. For a profile without routing it has one table that always
// names the profile's own server.
type router struct {
	initial  client.Profile
	resolver Resolver
	timeout  time.Duration // of one lookup; negative: no limit
	// ask asks one server for its routing table.
	ask func(ctx context.Context, server client.Profile, n need) (*client.Route, error)
	// renewed is called after the callers have got a new table.
	renewed func()

	mu sync.Mutex
	// the resolver replaced the initial address, so there may be no server at it
	replaced  bool
	tables    map[graphKey]*RoutingTable
	refreshes map[graphKey]*refresh
}

// graphKey identifies a routing table: a graph by its name or, without a name, the home graph of a user. An empty user
// is the one who logged in.
type graphKey struct{ name, user string }

// tableKept is how long an expired table is kept that is not used again.
const tableKept = 10 * time.Minute

// refresh is one lookup; all calls that need its table wait for it.
type refresh struct {
	done  chan struct{}
	table *RoutingTable
	err   error
}

// usable returns the known table if it is valid and has servers for the access mode, else nil.
func (r *router) usable(graph graphKey, readonly bool) *RoutingTable {
	if table := r.known(graph); table.check(graph.name, readonly, time.Now()) == nil {
		return table
	}
	return nil
}

// table fetches a new table, which must have servers for the access mode.
func (r *router) table(ctx context.Context, n need) (*RoutingTable, error) {
	table, err := r.refresh(ctx, n)
	if err != nil {
		return nil, err
	}
	if len(table.servers(n.readonly)) == 0 {
		return nil, table.check(n.graph.name, n.readonly, time.Time{})
	}
	return table, nil // even a table with a TTL of zero serves the calls that waited for it
}

func (r *router) known(graph graphKey) *RoutingTable {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tables[graph]
}

// named returns the servers that the tables name.
func (r *router) named() map[client.Profile]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	named := map[client.Profile]bool{}
	for _, table := range r.tables {
		for _, servers := range [][]client.Profile{table.Routers, table.Readers, table.Writers} {
			for _, server := range servers {
				named[server] = true
			}
		}
	}
	return named
}

// refresh fetches a table, once for all calls at the same time. The lookup does not end with the context of the call
// that began it.
func (r *router) refresh(ctx context.Context, n need) (*RoutingTable, error) {
	r.mu.Lock()
	look, under := r.refreshes[n.graph]
	if !under {
		look = &refresh{done: make(chan struct{})}
		r.refreshes[n.graph] = look
		go r.lookUp(look, n)
	}
	r.mu.Unlock()
	select {
	case <-look.done:
		return look.table, look.err
	case <-ctx.Done():
		return nil, client.UnavailableFromContext(ctx, r.initial.Address(), "waiting for a routing table")
	}
}

func (r *router) lookUp(look *refresh, n need) {
	ctx := context.Background()
	if r.timeout >= 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.timeout)
		defer cancel()
	}
	look.table, look.err = r.fetch(ctx, n)
	r.mu.Lock()
	delete(r.refreshes, n.graph)
	if look.err == nil {
		r.tables[n.graph] = look.table
		r.forgetOld(time.Now())
	}
	r.mu.Unlock()
	close(look.done)
	if look.err == nil {
		r.renewed()
	}
}

// adopt stores the table of a home graph under the graph's name, too.
func (r *router) adopt(table *RoutingTable) {
	if table.Database == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tables[graphKey{name: table.Database}] = table
}

// forgetOld drops the tables that have not been used for long: there may be one for each user. Called with mu held.
func (r *router) forgetOld(now time.Time) {
	for graph, table := range r.tables {
		if now.Sub(table.Expires) > tableKept {
			delete(r.tables, graph)
		}
	}
}

// fetch asks the known routers one after the other, and then the initial one.
func (r *router) fetch(ctx context.Context, n need) (*RoutingTable, error) {
	var asked []client.Profile
	var failures []error
	try := func(server client.Profile) (*RoutingTable, error) {
		if slices.Contains(asked, server) {
			return nil, nil
		}
		asked = append(asked, server)
		route, err := r.ask(ctx, server, n)
		if err == nil {
			var table *RoutingTable
			if table, err = newRoutingTable(r.initial, route, time.Now()); err == nil {
				if r.hasReplaced() {
					table.rename(r.initial, server)
				}
				return table, nil
			}
		}
		failures = append(failures, err)
		if decisive(err) {
			return nil, err
		}
		return nil, nil
	}
	if table := r.known(n.graph); table != nil {
		for _, server := range table.Routers {
			if found, err := try(server); found != nil || err != nil {
				return found, err
			}
		}
	}
	first, err := r.initialRouters(ctx)
	if err != nil {
		if len(failures) == 0 {
			return nil, err
		}
		failures = append(failures, err)
	}
	for _, server := range first {
		if found, err := try(server); found != nil || err != nil {
			return found, err
		}
	}
	return nil, &client.ConnectionUnavailable{Reason: client.ReasonNetwork, Address: r.initial.Address(),
		Message: "no router could give a routing table; check the address, and that the server is one of a cluster " +
			"or a single Neo4j 4.0 or later",
		Err: errors.Join(failures...)}
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
	r.mu.Lock()
	defer r.mu.Unlock()
	r.replaced = !slices.Contains(servers, r.initial)
	return servers, nil
}

// hasReplaced reports whether a server that names itself by the initial address is at the address where it was asked
// instead.
func (r *router) hasReplaced() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.replaced
}

// decisive reports whether another router would answer the same, because the caller, the user's rights, or a supplier
// of the caller is the cause.
func decisive(err error) bool {
	var failure *client.Failure
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
	return !serverGone(err) && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled)
}

// serverGone reports whether the server was not reached or broke the protocol. An error that is not of this client's
// types comes from a supplier of tokens or addresses.
func serverGone(err error) bool {
	var unavailable *client.ConnectionUnavailable
	var broken *client.ConnectionBroken
	var protocol *client.ProtocolError
	return errors.As(err, &unavailable) || errors.As(err, &broken) || errors.As(err, &protocol)
}

// remove removes a server from every table.
func (r *router) remove(server client.Profile) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for graph, table := range r.tables {
		r.tables[graph] = table.without(server, false)
	}
}

// notWriter removes a server from the writers of one graph, in every table of that graph; database is the graph's real
// name, or "" if it is not known. The server may be the leader of other graphs.
func (r *router) notWriter(server client.Profile, graph graphKey, database string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for key, table := range r.tables {
		if key == graph || database != "" && (key.name == database || table.Database == database) {
			r.tables[key] = table.without(server, true)
		}
	}
}
