package bolt

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// Reset brings the connection back to a clean state: open results and transactions end. Without force it asks the
// server only if something is open or an answer is due.
func (c *Connection) Reset(ctx context.Context, force bool) error {
	if !force && c.Clean() {
		return nil
	}
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.unlock()
	if !force && len(c.open) == 0 && c.tx == nil && c.resets > 0 {
		return c.converse(ctx, c.settled) // a RESET was sent already
	}
	var r reply
	c.mu.Lock()
	c.endAll(client.ErrReset)
	c.appendReset(&r)
	c.mu.Unlock()
	if err := c.converse(ctx, func() bool { return r.done }); err != nil {
		return err
	}
	return r.err
}

// settled reports whether all requests were answered.
func (c *Connection) settled() bool { return c.pending.empty() }

// appendReset queues RESET. The caller holds the turn and mu.
func (c *Connection) appendReset(r *reply) {
	if c.resets == 0 {
		c.resetSent = time.Now()
	}
	c.resets++
	c.out.end(c.out.begin(wire.MessageReset, 0))
	if r == nil {
		c.expect(requestReset, nil)
	} else {
		c.expect(requestReset, r)
	}
}
