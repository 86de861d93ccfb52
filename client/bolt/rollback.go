package bolt

import (
	"context"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// errRolledBack ends results that were open when their transaction was rolled back.
var errRolledBack = &client.ArgumentError{Argument: "result",
	Message: "the transaction was rolled back before the result came to its end"}

// Rollback ends tx and undoes its effects. It does nothing if tx has already ended without effect. Of open results,
// only what has arrived can be read afterwards.
func (c *Connection) Rollback(ctx context.Context, tx *client.TransactionRef) (bookmark string, err error) {
	if c.undone.Has(tx) {
		return "", nil
	}
	if err := c.lock(ctx); err != nil {
		return "", err
	}
	defer c.unlock()
	if err := c.own(tx); err != nil {
		return "", err
	}
	if err := c.dropOpen(ctx); err != nil {
		return "", err
	}
	if c.tx == nil { // a query of it has failed meanwhile
		return "", nil
	}
	bookmark, err = c.endTransaction(ctx, requestRollback, wire.MessageRollback)
	if err == nil {
		c.undone.Add(tx)
	}
	return bookmark, err
}

// dropOpen ends open results before ROLLBACK, as the protocol requires (Bolt, "Server states"): it waits for answers
// that are due, and queues a DISCARD for the rest.
func (c *Connection) dropOpen(ctx context.Context) error {
	err := c.converse(ctx, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, s := range c.open {
			if s.due() {
				return false
			}
		}
		return true
	})
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.open) > 0 {
		s := c.open[len(c.open)-1]
		if s.more {
			c.appendTransfer(s, requestDiscard, wire.MessageDiscard, allRecords)
		}
		s.end(c, errRolledBack)
	}
	return nil
}
