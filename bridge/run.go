//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/client"
)

// runner is a connection or a connector.
type runner interface {
	RunProg(ctx context.Context, graphName, cypher string, parameters map[string]any, readonly bool, options ...client.TxOptions) (*client.Result, error)
	RunQuery(ctx context.Context, tx *client.TransactionRef, cypher string, parameters map[string]any) (*client.Result, error)
}

// runProg carries out the call on a connection, which the page knows as cn, or on a connector, with nil for cn.
func (c *call) runProg(ctx context.Context, on runner, cn *connection) (any, error) {
	parameters, err := c.args.packed("parameters")
	if err != nil {
		return nil, err
	}
	options, err := c.args.txOptions()
	if err != nil {
		return nil, err
	}
	result, err := on.RunProg(client.AcceptBlocks(ctx), c.args.text("graphName"), c.args.text("cypher"), parameters, c.args.flag("readonly"), options)
	if err != nil {
		return nil, err
	}
	return c.stream(ctx, result, cn), nil
}

// runQuery is runProg in a transaction.
func (c *call) runQuery(ctx context.Context, on runner, cn *connection) (any, error) {
	parameters, err := c.args.packed("parameters")
	if err != nil {
		return nil, err
	}
	result, err := on.RunQuery(client.AcceptBlocks(ctx), c.transaction(), c.args.text("cypher"), parameters)
	if err != nil {
		return nil, err
	}
	return c.stream(ctx, result, cn), nil
}
