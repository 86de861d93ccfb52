//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
)

func init() {
	handle(protocol.MethodConnectionGetClusterOverview, onConnection(clusterOverview))
	handle(protocol.MethodConnectionGetConfig, onConnection(config))
	handle(protocol.MethodConnectionGetConnections, onConnection(connections))
	handle(protocol.MethodConnectionGetQueries, onConnection(queries))
	handle(protocol.MethodConnectionGetTransactions, onConnection(openTransactions))
	handle(protocol.MethodConnectionGetManagementData, onConnection(managementData))
	handle(protocol.MethodConnectionTerminateTransactions, onConnection(terminateTransactions))
}

func clusterOverview(ctx context.Context, c *call, cn *connection,
	args *protocol.InTransaction) (*[]client.ClusterMember, error) {
	members, err := cn.ClusterOverview(ctx, c.transaction(args.Transaction))
	return &members, err
}

func config(ctx context.Context, c *call, cn *connection, args *protocol.InTransaction) (
	*map[string]client.ConfigSetting, error) {
	settings, err := cn.Config(ctx, c.transaction(args.Transaction))
	return &settings, err
}

func connections(ctx context.Context, c *call, cn *connection,
	args *protocol.InTransaction) (*[]client.ConnectionRecord, error) {
	records, err := cn.Connections(ctx, c.transaction(args.Transaction))
	return &records, err
}

func queries(ctx context.Context, c *call, cn *connection, args *protocol.InTransaction) (*[]client.QueryRecord,
	error) {
	records, err := cn.Queries(ctx, c.transaction(args.Transaction))
	return &records, err
}

func openTransactions(ctx context.Context, c *call, cn *connection,
	args *protocol.InTransaction) (*[]client.TransactionRecord, error) {
	records, err := cn.Transactions(ctx, c.transaction(args.Transaction))
	return &records, err
}

func managementData(ctx context.Context, c *call, cn *connection,
	args *protocol.InTransaction) (*map[string]client.ManagementBean, error) {
	beans, err := cn.ManagementData(ctx, c.transaction(args.Transaction))
	return &beans, err
}

func terminateTransactions(ctx context.Context, _ *call, cn *connection,
	args *protocol.Terminate) (*[]client.TerminatedTransaction, error) {
	ended, err := cn.TerminateTransactions(ctx, args.IDs...)
	return &ended, err
}
