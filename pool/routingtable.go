package pool

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/webbolt/webbolt/client"
)

// ErrRoutingTableInvalid: there is no routing table for the graph, it has expired, or no server in it suits. It comes
// wrapped, with the reason.
var ErrRoutingTableInvalid = errors.New("routing table invalid")

type routingTableInvalid struct{ reason string }

func (e *routingTableInvalid) Error() string { return ErrRoutingTableInvalid.Error() + ": " + e.reason }
func (e *routingTableInvalid) Unwrap() error { return ErrRoutingTableInvalid }

// RoutingTable says which servers serve one graph, and until when that holds. It is a value: nobody changes one.
type RoutingTable struct {
	Database                  string // the graph's real name, or "" where the server does not tell
	Routers, Readers, Writers []client.Profile
	Expires                   time.Time
	TTL                       time.Duration // for how long the table holds in all
}

// newRoutingTable reads a server's answer. The servers are reached in the same way, as the same user, as base.
func newRoutingTable(base client.Profile, route *client.Route, now time.Time) (*RoutingTable, error) {
	table := &RoutingTable{Database: route.Database, Expires: now.Add(route.TTL), TTL: route.TTL}
	for _, part := range []struct {
		addresses []string
		servers   *[]client.Profile
	}{{route.Routers, &table.Routers}, {route.Readers, &table.Readers}, {route.Writers, &table.Writers}} {
		for _, address := range part.addresses {
			server, err := base.WithAddress(address)
			if err != nil {
				return nil, &client.ProtocolError{Message: "a routing table names the server " + address, Err: err}
			}
			if !slices.Contains(*part.servers, server) {
				*part.servers = append(*part.servers, server)
			}
		}
	}
	if len(table.Routers) == 0 || len(table.Readers) == 0 {
		return nil, &client.ProtocolError{Message: "a routing table names no routers or no readers"}
	}
	return table, nil
}

// rename has a server take the place of another, in a table that nobody else has yet.
func (t *RoutingTable) rename(from, to client.Profile) {
	for _, servers := range []*[]client.Profile{&t.Routers, &t.Readers, &t.Writers} {
		i := slices.Index(*servers, from)
		switch {
		case i < 0:
		case slices.Contains(*servers, to):
			*servers = slices.Delete(*servers, i, i+1)
		default:
			(*servers)[i] = to
		}
	}
}

// servers are those for reading, or for writing.
func (t *RoutingTable) servers(readonly bool) []client.Profile {
	if readonly {
		return t.Readers
	}
	return t.Writers
}

// check says why the table cannot be used now, or nil.
func (t *RoutingTable) check(graphName string, readonly bool, now time.Time) error {
	name := "graph " + graphName
	if graphName == "" {
		name = "the home graph"
	}
	switch {
	case t == nil:
		return &routingTableInvalid{"there is none for " + name}
	case !now.Before(t.Expires):
		return &routingTableInvalid{"the one for " + name + " has expired"}
	case len(t.servers(readonly)) == 0 && readonly:
		return &routingTableInvalid{"the one for " + name + " has no reader left"}
	case len(t.servers(readonly)) == 0:
		return &routingTableInvalid{"the one for " + name + " has no writer; the cluster may be choosing a new leader"}
	}
	return nil
}

// without is the table less one server: for everything, or only for writing.
func (t *RoutingTable) without(server client.Profile, onlyWriting bool) *RoutingTable {
	less := func(servers []client.Profile) []client.Profile {
		return slices.DeleteFunc(slices.Clone(servers), func(p client.Profile) bool { return p == server })
	}
	changed := *t
	changed.Writers = less(t.Writers)
	if !onlyWriting {
		changed.Routers, changed.Readers = less(t.Routers), less(t.Readers)
	}
	return &changed
}

// String lists the servers.
func (t *RoutingTable) String() string {
	var b strings.Builder
	for _, part := range []struct {
		name    string
		servers []client.Profile
	}{{"routers", t.Routers}, {" readers", t.Readers}, {" writers", t.Writers}} {
		b.WriteString(part.name + "=")
		for i, server := range part.servers {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(server.Address())
		}
	}
	return b.String()
}
