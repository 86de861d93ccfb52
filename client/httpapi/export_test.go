package httpapi

import (
	"context"

	"github.com/webbolt/webbolt/client"
)

// RollBackUnnoticed has the server end a transaction, as it does with one that is idle for long, and leaves the connection unaware of it.
func (c *Connection) RollBackUnnoticed(ctx context.Context, ref *client.TransactionRef) error {
	if err := c.take(ctx); err != nil {
		return err
	}
	defer c.give()
	tx, err := c.transaction(ref)
	if err != nil {
		return err
	}
	_, err = c.exchange(ctx, tx.form, tx.form.rollback(tx))
	return err
}
