package bolt

import (
	"time"

	"github.com/webbolt/webbolt/client/dial"
)

const (
	// lookLimit is how long a look at what has arrived may wait for the rest of an encrypted record.
	lookLimit = 10 * time.Millisecond
	// maxLooks is how many reads a look may take: an idle connection gets a keep-alive now and then, and no more.
	maxLooks = 16
)

// look finds out whether the other side has closed an idle connection. It never waits for a call that is under way:
// that finds out by itself. Who calls it may hold locks, so that callbacks get a goroutine of their own.
func (c *Connection) look() {
	if !c.turn.Try() {
		return
	}
	c.readIdle()
	c.turn.EndAside()
}

// ended is called when the stream tells that the other side has closed it. With a result open, its reader finds out.
func (c *Connection) ended() {
	c.turn.Seize()
	c.readIdle()
	c.unlock()
}

// readIdle reads what has arrived on a connection that nobody reads. The caller has the turn.
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
