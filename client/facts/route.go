package facts

import (
	"time"

	"github.com/webbolt/webbolt/client"
)

// Route reads a routing table: {ttl, servers: [{role, addresses}], db}. database is the requested name, for servers
// that do not send one. The error is a [*client.ProtocolError].
func Route(table map[string]any, database string) (*client.Route, error) {
	ttl, ok := table["ttl"].(int64)
	servers, listed := table["servers"].([]any)
	if !ok || !listed || ttl < 0 {
		return nil, &client.ProtocolError{Message: "the server sent a routing table without ttl and servers"}
	}
	const longest = int64(1<<63-1) / int64(time.Second)
	route := &client.Route{Database: Text(table, "db"), TTL: time.Duration(min(ttl, longest)) * time.Second}
	if route.Database == "" {
		route.Database = database
	}
	for _, server := range servers {
		entry, _ := server.(map[string]any)
		addresses := Texts(entry, "addresses")
		switch Text(entry, "role") {
		case "ROUTE":
			route.Routers = append(route.Routers, addresses...)
		case "READ":
			route.Readers = append(route.Readers, addresses...)
		case "WRITE":
			route.Writers = append(route.Writers, addresses...)
		}
	}
	return route, nil
}
