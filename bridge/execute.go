//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

func init() {
	handle(protocol.MethodConnectorExecute, onConnector(execute))
	handle(protocol.MethodConnectorExecuteQuery, onConnector(executeQuery))
}

// execute runs a unit of work, which is a callback of the page, with retries.
func execute(ctx context.Context, c *call, k *connector, args *protocol.Execute) (*protocol.None, error) {
	work := func(ctx context.Context, tx *pool.Transaction) error {
		wanted := protocol.WorkWanted{Transaction: *describeTransaction(tx.Ref())}
		_, err := ask(ctx, c.engine, protocol.AskWork, args.Callback, &wanted)
		return err
	}
	return nil, k.access(args.Readonly)(ctx, args.GraphName, work, pipelined(args.Options))
}

// pipelined saves work a round trip. Work can be tried again, so it does not matter that a later call reports a failure
// of BEGIN.
func pipelined(options client.TxOptions) client.TxOptions {
	options.Pipelined = true
	return options
}

// executeQuery runs one query with retries and sends its whole result before it answers.
func executeQuery(ctx context.Context, c *call, k *connector, args *protocol.RunProg) (*protocol.ResultHead, error) {
	s := c.engine.newStream(c.id, args.Credit)
	work := func(ctx context.Context, tx *pool.Transaction) error {
		if s.result != nil {
			s.restart()
		}
		var err error
		if s.result, err = tx.Run(client.AcceptBlocks(ctx), args.Cypher, args.Parameters); err != nil {
			return err
		}
		return s.send(ctx)
	}
	if err := k.access(args.Readonly)(ctx, args.GraphName, work, pipelined(args.Options)); err != nil {
		s.abandon()
		return nil, err
	}
	s.complete = true
	c.stream = s
	return headOf(s.result), nil
}
