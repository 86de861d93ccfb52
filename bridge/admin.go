//go:build js && wasm

package bridge

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client"
)

func init() {
	register(map[string]method{
		"connection.getClusterOverview":    onConnection(clusterOverview),
		"connection.getConfig":             onConnection(config),
		"connection.getConnections":        onConnection(connections),
		"connection.getQueries":            onConnection(queries),
		"connection.getTransactions":       onConnection(openTransactions),
		"connection.getManagementData":     onConnection(managementData),
		"connection.terminateTransactions": onConnection(terminateTransactions),
	})
}

func clusterOverview(ctx context.Context, c *call, cn *connection) (any, error) {
	members, err := cn.ClusterOverview(ctx, c.transaction())
	if err != nil {
		return nil, err
	}
	return list(members, func(m client.ClusterMember) any {
		return object{
			"id": m.ID, "addresses": m.Addresses, "databases": entries(m.Databases, func(role string) any { return role }),
			"groups": m.Groups, "other": m.Other,
		}
	}), nil
}

func config(ctx context.Context, c *call, cn *connection) (any, error) {
	settings, err := cn.Config(ctx, c.transaction())
	if err != nil {
		return nil, err
	}
	return entries(settings, func(s client.ConfigSetting) any {
		return object{"name": s.Name, "description": s.Description, "value": s.Value, "dynamic": s.Dynamic}
	}), nil
}

func connections(ctx context.Context, c *call, cn *connection) (any, error) {
	records, err := cn.Connections(ctx, c.transaction())
	if err != nil {
		return nil, err
	}
	return list(records, func(r client.ConnectionRecord) any {
		return object{
			"cxid": r.CxID, "since": r.Since, "clientAddress": r.ClientAddress,
			"serverProfile": serverProfile(r.ServerProfile), "userAgent": r.UserAgent,
		}
	}), nil
}

func queries(ctx context.Context, c *call, cn *connection) (any, error) {
	records, err := cn.Queries(ctx, c.transaction())
	if err != nil {
		return nil, err
	}
	return list(records, func(r client.QueryRecord) any {
		return object{
			"qid": r.QID, "since": r.Since, "cxid": r.CxID, "clientAddress": r.ClientAddress,
			"serverProfile": serverProfile(r.ServerProfile), "metadata": r.Metadata, "database": r.Database,
			"query": r.Query, "parameters": r.Parameters, "planner": r.Planner, "runtime": r.Runtime,
			"indexes": r.Indexes, "status": r.Status, "stats": describeStats(r.Stats),
		}
	}), nil
}

func openTransactions(ctx context.Context, c *call, cn *connection) (any, error) {
	records, err := cn.Transactions(ctx, c.transaction())
	if err != nil {
		return nil, err
	}
	return list(records, func(r client.TransactionRecord) any {
		return object{
			"txid": r.TxID, "since": r.Since, "cxid": r.CxID, "clientAddress": r.ClientAddress,
			"serverProfile": serverProfile(r.ServerProfile), "metadata": r.Metadata, "database": r.Database,
			"currentQid": r.CurrentQID, "currentQuery": r.CurrentQuery, "status": r.Status, "stats": describeStats(r.Stats),
		}
	}), nil
}

// serverProfile is not one to connect with: schemes and hosts may be the server's own.
func serverProfile(p client.Profile) object {
	return object{"scheme": p.Scheme, "user": p.User, "host": p.Host, "port": p.Port}
}

func describeStats(s client.Stats) object {
	return object{
		"activeLockCount": count(s.ActiveLockCount), "elapsedTime": span(s.ElapsedTime), "cpuTime": span(s.CPUTime),
		"waitTime": span(s.WaitTime), "idleTime": span(s.IdleTime), "pageHits": count(s.PageHits), "pageFaults": count(s.PageFaults),
		"allocatedBytes": count(s.AllocatedBytes), "other": s.Other,
	}
}

func count(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

func span(d *time.Duration) any {
	if d == nil {
		return nil
	}
	return milliseconds(*d)
}

func managementData(ctx context.Context, c *call, cn *connection) (any, error) {
	beans, err := cn.ManagementData(ctx, c.transaction())
	if err != nil {
		return nil, err
	}
	return entries(beans, func(b client.ManagementBean) any {
		return object{"name": b.Name, "description": b.Description, "attributes": b.Attributes}
	}), nil
}

func terminateTransactions(ctx context.Context, c *call, cn *connection) (any, error) {
	ended, err := cn.TerminateTransactions(ctx, c.args.texts("ids")...)
	if err != nil {
		return nil, err
	}
	return list(ended, func(t client.TerminatedTransaction) any {
		return object{"txid": t.TxID, "username": t.Username, "message": t.Message}
	}), nil
}
