package session

import (
	"sync"
	"time"

	"github.com/webbolt/webbolt/client/wire"
)

// DefaultGrace gives the server time to end the transaction itself: it checks every two seconds, and its error says
// more.
const DefaultGrace = 5 * time.Second

// clock ends a session whose transaction runs longer than its grant allows, if the server does not end the transaction.
type clock struct {
	over  func()
	grace time.Duration

	mu            sync.Mutex
	limit         time.Duration // of a transaction, with the grace; 0 for none
	timer         *time.Timer   // nil while nothing is under way
	inTransaction bool          // between BEGIN and its end
	stopped       bool
}

// set sets the limit of a grant.
func (c *clock) set(limit time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.limit = 0
	if limit > 0 {
		c.limit = limit + c.grace
	}
}

// asked notes that a request was sent to the server.
func (c *clock) asked() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer == nil {
		c.start()
	}
}

// answered notes an answer of the server, and whether more answers are due.
func (c *clock) answered(question byte, success, owesMore bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case !success, question == wire.MessageReset, question == wire.MessageCommit, question == wire.MessageRollback:
		c.inTransaction = false
	case question == wire.MessageBegin:
		c.inTransaction = true
	}
	if c.inTransaction { // the time of the whole transaction counts
		return
	}
	c.cancel()
	if owesMore {
		c.start()
	}
}

// stop stops the clock for good.
func (c *clock) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	c.cancel()
}

func (c *clock) start() {
	if c.limit > 0 && !c.stopped && c.over != nil {
		c.timer = time.AfterFunc(c.limit, c.over)
	}
}

func (c *clock) cancel() {
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
}
