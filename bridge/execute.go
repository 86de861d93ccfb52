//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

func init() {
	register(map[string]method{
		"connector.execute":      onConnector(execute),
		"connector.executeQuery": onConnector(executeQuery),
	})
}

// execute carries out a unit of work that is a callback of the page, with retries.
func execute(ctx context.Context, c *call, k *connector) (any, error) {
	options, err := c.args.txOptions()
	if err != nil {
		return nil, err
	}
	work := func(ctx context.Context, tx *pool.Transaction) error {
		c.engine.transactions.add(tx.Ref())
		_, err := c.engine.ask(ctx, c.args.number("callback"), object{"call": c.id, "transaction": describeTransaction(tx.Ref())})
		return err
	}
	return nil, k.access(c.args.flag("readonly"))(ctx, c.args.text("graphName"), work, options)
}

// unlimited is more credit than any result needs.
const unlimited = 1 << 30

// executeQuery runs one query with retries and sends its whole result before it answers.
func executeQuery(ctx context.Context, c *call, k *connector) (any, error) {
	parameters, err := c.args.packed("parameters")
	if err != nil {
		return nil, err
	}
	options, err := c.args.txOptions()
	if err != nil {
		return nil, err
	}
	s := c.engine.newStream(c.id, unlimited)
	work := func(ctx context.Context, tx *pool.Transaction) error {
		if s.result != nil {
			s.restart()
		}
		var err error
		if s.result, err = tx.Run(client.AcceptBlocks(ctx), c.args.text("cypher"), parameters); err != nil {
			return err
		}
		return s.send(ctx)
	}
	if err := k.access(c.args.flag("readonly"))(ctx, c.args.text("graphName"), work, options); err != nil {
		s.abandon()
		return nil, err
	}
	s.finish(nil)
	return resultHead(s.result), nil
}

func resultHead(result *client.Result) object {
	return object{"graphName": result.GraphName(), "protocolVersion": result.ProtocolVersion().String()}
}
