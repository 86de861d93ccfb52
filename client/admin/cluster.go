package admin

import (
	"context"

	"github.com/webbolt/webbolt/client"
)

// ClusterOverview lists the members of the cluster; it returns an UnsupportedError if the server is not in a cluster.
// From Neo4j 5 on, tx must be a transaction of the system database.
func (c Calls) ClusterOverview(ctx context.Context, tx *client.TransactionRef) ([]client.ClusterMember, error) {
	old, err := c.before(ctx, 5, 0)
	if err != nil {
		return nil, err
	}
	if old {
		return c.overviewProcedure(ctx, tx)
	}
	return c.showServers(ctx, tx)
}

// overviewProcedure is for 4.x, where one procedure returns everything.
func (c Calls) overviewProcedure(ctx context.Context, tx *client.TransactionRef) ([]client.ClusterMember, error) {
	rows, err := c.query(ctx, tx, home, "CALL dbms.cluster.overview()", nil)
	if err != nil {
		return nil, err
	}
	members := make([]client.ClusterMember, len(rows))
	for i, r := range rows {
		members[i] = client.ClusterMember{ID: r.text("id"), Addresses: r.texts("addresses"),
			Databases: map[string]string{}, Groups: r.texts("groups")}
		for database, role := range r.dictionary("databases") {
			if name, ok := role.(string); ok {
				members[i].Databases[database] = name
			}
		}
		members[i].Other = r.others()
	}
	return members, nil
}

// showServers is for 5 and later: the servers, and which databases each of them holds.
func (c Calls) showServers(ctx context.Context, tx *client.TransactionRef) ([]client.ClusterMember, error) {
	servers, err := c.query(ctx, tx, system, "SHOW SERVERS YIELD *", nil)
	if err != nil {
		return nil, err
	}
	databases, err := c.query(ctx, tx, system, "SHOW DATABASES YIELD *", nil)
	if err != nil {
		return nil, err
	}
	members := make([]client.ClusterMember, len(servers))
	for i, r := range servers {
		member := client.ClusterMember{ID: r.text("serverId"), Databases: map[string]string{}, Groups: r.texts("tags")}
		address := r.text("address")
		for _, listens := range [...]struct{ scheme, address string }{{"bolt", address},
			{"http", r.text("httpAddress")}, {"https", r.text("httpsAddress")}} {
			if listens.address != "" {
				member.Addresses = append(member.Addresses, listens.scheme+"://"+listens.address)
			}
		}
		var writes []any
		for _, database := range databases {
			if !onServer(database, member.ID, address) {
				continue
			}
			name := database.text("name")
			member.Databases[name] = database.text("role")
			if database.flag("writer") {
				writes = append(writes, name)
			}
		}
		member.Other = r.others()
		if len(writes) > 0 && member.Other == nil {
			member.Other = map[string]any{}
		}
		if len(writes) > 0 {
			member.Other["writer"] = writes // the databases for which SHOW DATABASES says so
		}
		members[i] = member
	}
	return members, nil
}

// onServer reports whether a row of SHOW DATABASES is about the given server. An unreachable server has no address.
func onServer(database row, id, address string) bool {
	if own := database.text("serverID"); own != "" {
		return own == id
	}
	return address != "" && database.text("address") == address
}
