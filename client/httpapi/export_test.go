package httpapi

import (
	"context"
	"testing"
	"time"

	"github.com/webbolt/webbolt/client"
)

// LimitParts limits the parts of answers.
func LimitParts(t testing.TB, limit int) {
	before := maxPart
	maxPart = limit
	t.Cleanup(func() { maxPart = before })
}

// RollBackUnnoticed makes the server end a transaction, as it ends one that is idle for long, without the connection
// knowing.
func (c *Connection) RollBackUnnoticed(ctx context.Context, ref *client.TransactionRef) error {
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.unlock()
	tx, err := c.transaction(ref)
	if err != nil {
		return err
	}
	_, err = c.exchange(ctx, tx.form, tx.form.rollback(tx))
	return err
}

// Terminate ends a query of an auto-commit transaction that began within a period, as the connection ends an abandoned
// one.
func (c *Connection) Terminate(ctx context.Context, cypher string, parameters map[string]any,
	from, until time.Time) error {
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.unlock()
	c.terminate(ctx, leftover{query: cypher, parameters: parameters, address: c.form.address(c.home, false),
		began: period{from, until}})
	return ctx.Err()
}
