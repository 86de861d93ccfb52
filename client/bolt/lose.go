package bolt

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// interrupt sends RESET because a context ended, ends everything open with the context's cause, and returns that.
func (c *Connection) interrupt(ctx context.Context) error {
	cause := context.Cause(ctx)
	c.mu.Lock()
	c.endAll(cause)
	c.appendReset(nil)
	c.mu.Unlock()
	_ = c.conn.SetWriteDeadline(time.Now().Add(lastWords))
	// what is not written now is written before the next request, which reports a failure
	n, _ := c.conn.Write(c.out.rest())
	_ = c.conn.SetWriteDeadline(time.Time{})
	c.bytesOut.Add(uint64(n))
	c.out.advance(n)
	return cause
}

// abandonResult interrupts the server for a reader whose context ended between two batches. Otherwise the next call
// would have to read the rest of the result.
func (c *Connection) abandonResult(ctx context.Context) {
	if ctx.Err() == nil {
		return
	}
	if !c.turn.Try() {
		return // another call is being carried out, and reads what comes
	}
	defer c.unlock()
	if c.lost == nil {
		_ = c.interrupt(ctx)
		c.stopSilenceClock()
	}
}

// endAll ends everything open with err. Answers that are due are dropped when they come. The caller holds mu.
func (c *Connection) endAll(err error) {
	for len(c.open) > 0 {
		last := c.open[len(c.open)-1]
		last.cutLane()
		last.end(c, err)
	}
	c.abandon(err)
}

// unbind detaches the transaction, if there is one, from the connection. broken says why, or is nil if the caller ended
// it. The caller holds mu.
func (c *Connection) unbind(broken error) {
	tx := c.tx
	if tx == nil {
		return
	}
	c.tx = nil
	c.txEnd = broken
	if broken != nil {
		tx.MarkBroken()
		c.undone.Add(tx)
	}
	if callback := c.options.OnUnbind; callback != nil {
		c.turn.Later(func() { callback(tx) })
	}
}

// lose closes the connection, ends everything that is open on it, and returns the error that calls get from now on. The
// caller holds the turn.
func (c *Connection) lose(err error) error {
	_ = c.conn.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost != nil {
		return c.lost
	}
	c.broken = !c.closed
	if c.closed {
		err = c.brokenError("the connection was closed", nil)
	}
	c.lost, c.state = err, stateDefunct
	c.endAll(err)
	for ; !c.pending.empty(); c.pending.pop() {
		if on := c.pending.oldest().on; on != nil {
			_ = on.answered(c, nil, err) // there are no bytes that could be malformed
		}
	}
	if callback := c.options.OnBroken; callback != nil && c.broken {
		profile, message := c.profile, err.Error()
		c.turn.Later(func() { callback(profile, message) })
	}
	return err
}

// Close sends GOODBYE and closes the connection. A call that is being carried out fails. Closing twice does nothing.
func (c *Connection) Close() error {
	c.mu.Lock()
	closed := c.closed
	c.closed = true
	c.mu.Unlock()
	if closed {
		return nil
	}
	if !c.turn.Try() {
		_ = c.conn.Close() // wakes the call that holds the turn
		c.turn.Seize()
	} else if c.lost == nil {
		c.goodbye()
	}
	_ = c.lose(&client.ConnectionBroken{})
	c.unlock()
	return nil
}

func (c *Connection) goodbye() {
	c.out.end(c.out.begin(wire.MessageGoodbye, 0))
	_ = c.conn.SetWriteDeadline(time.Now().Add(lastWords))
	n, _ := c.conn.Write(c.out.rest()) // the server notices the close in any case
	c.bytesOut.Add(uint64(n))
}
