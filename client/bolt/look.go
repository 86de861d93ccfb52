package bolt

import (
	"time"

	"github.com/webbolt/webbolt/client/dial"
)

const (
	// lookLimit is how long a look may wait for the rest of an encrypted record.
	lookLimit = 10 * time.Millisecond
	// maxLooks is how many reads a look may take: an idle connection receives only keep-alives.
	maxLooks = 16
)

// look checks whether the other side has closed an idle connection. If a call is being carried out, it does nothing:
// that call finds out. Its callers may hold locks, so callbacks run in a goroutine of their own.
func (c *Connection) look() {
	if !c.turn.Try() {
		return
	}
	c.readIdle()
	c.turn.EndAside()
}

// ended is called when the other side has closed the stream. If a result is open, its reader finds out.
func (c *Connection) ended() {
	c.turn.Seize()
	c.readIdle()
	c.unlock()
}

// readIdle reads what has arrived on an idle connection. The caller holds the turn.
func (c *Connection) readIdle() {
	for looks := 0; looks < maxLooks && c.lost == nil && len(c.open) == 0 && dial.Readable(c.conn); looks++ {
		_ = c.conn.SetReadDeadline(time.Now().Add(lookLimit))
		n, err := c.conn.Read(c.in.room())
		c.deadline = time.Time{}
		_ = c.conn.SetReadDeadline(c.deadline)
		if err := c.received(n); err != nil {
			_ = c.lose(err)
			return
		}
		if err != nil && n == 0 {
			if !dial.TimedOut(err) {
				_ = c.lose(c.brokenBy(err))
			}
			return
		}
	}
}
