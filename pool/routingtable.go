package pool

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/webbolt/webbolt/client"
)

// ErrRoutingTableInvalid means that there is no routing table for the graph, that it has expired, or that it has no
// server for the access mode. It is wrapped in an error with the reason.
var ErrRoutingTableInvalid = errors.New("routing table invalid")

type routingTableInvalid struct{ reason string }

func (e *routingTableInvalid) Error() string { return ErrRoutingTableInvalid.Error() + ": " + e.reason }
func (e *routingTableInvalid) Unwrap() error { return ErrRoutingTableInvalid }

// RoutingTable lists the servers of one graph, and until when the list is valid. It is never changed.
type RoutingTable struct {
	Database                  string // the graph's real name, or "" where the server does not tell
	Routers, Readers, Writers []client.Profile
	Expires                   time.Time
	TTL                       time.Duration // how long the table is valid as a whole
}

// newRoutingTable reads a server's answer. Scheme and user of the servers' profiles are those of base.
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

// rename replaces a server in a table that is not shared yet.
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

// servers returns the readers or the writers.
func (t *RoutingTable) servers(readonly bool) []client.Profile {
	if readonly {
		return t.Readers
	}
	return t.Writers
}

// check returns why the table cannot be used now, or nil.
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

// without returns the table without one server, for all uses or only for writing.
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
