package bolt

import (
	"context"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// errRolledBack ends results that were open when their transaction was rolled back.
var errRolledBack = &client.ArgumentError{Argument: "result",
	Message: "the transaction was rolled back before the result came to its end"}

// Rollback ends tx, undoing its effects; one that has ended without effect already is left as it is. Of results that
// are still open, what has arrived can be read, and no more.
func (c *Connection) Rollback(ctx context.Context, tx *client.TransactionRef) (bookmark string, err error) {
	if c.undone.Has(tx) {
		return "", nil
	}
	if err := c.take(ctx); err != nil {
		return "", err
	}
	defer c.give()
	if err := c.own(tx); err != nil {
		return "", err
	}
	bookmark, err = c.endTransaction(ctx, requestRollback, wire.MessageRollback)
	if err == nil {
		c.undone.Add(tx)
	}
	return bookmark, err
}
