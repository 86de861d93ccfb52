package bolt

import (
	"context"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
	"github.com/webbolt/webbolt/client/wire"
)

// Commit ends tx and keeps its effects. Open results are buffered, so that they can be read afterwards.
func (c *Connection) Commit(ctx context.Context, tx *client.TransactionRef) (bookmark string, err error) {
	if err := c.lock(ctx); err != nil {
		return "", err
	}
	defer c.unlock()
	if err := c.own(tx); err != nil {
		return "", err
	}
	if err := c.settle(ctx); err != nil {
		return "", err
	}
	if c.tx == nil {
		return "", c.txEnd // a query of the transaction failed
	}
	return c.endTransaction(ctx, requestCommit, wire.MessageCommit)
}

// endTransaction sends COMMIT or ROLLBACK and waits for the answer.
func (c *Connection) endTransaction(ctx context.Context, r request, tag byte) (bookmark string, err error) {
	var ended reply
	defer func() {
		if ended.ignored && r == requestRollback {
			err = nil // a query whose result nobody has read has failed, which undid the effects
		}
	}()
	c.send(r, c.out.begin(tag, 0), &ended)
	if err := c.converse(ctx, func() bool { return ended.done }); err != nil {
		return "", err
	}
	if ended.err != nil {
		return "", ended.err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unbind(nil)
	return facts.Text(facts.Decode(ended.metadata), "bookmark"), nil
}
