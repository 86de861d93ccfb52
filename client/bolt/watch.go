package bolt

import (
	"context"
	"sync"
	"time"

	"github.com/webbolt/webbolt/client/dial"
)

// watch ends reads and writes by deadlines when a context ends. A nil watch is for a context that cannot end, and does
// nothing.
type watch struct {
	mu      sync.Mutex
	conn    dial.Conn
	unwatch func() bool
	fired   bool // the context ended and deadlines are set
	over    bool
}

// watch starts to watch; stop must follow.
func (c *Connection) watch(ctx context.Context) *watch {
	if ctx.Done() == nil {
		return nil
	}
	w := &watch{conn: c.conn}
	w.unwatch = context.AfterFunc(ctx, w.fire)
	return w
}

func (w *watch) fire() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	w.fired = true
	now := time.Now()
	_ = w.conn.SetReadDeadline(now.Add(-time.Second))
	_ = w.conn.SetWriteDeadline(now.Add(blockedWrite))
}

// abandoned reports whether the context ended.
func (w *watch) abandoned() bool {
	if w == nil {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.fired
}

// setReadDeadline sets a deadline of the connection's own, unless the context ended.
func (w *watch) setReadDeadline(conn dial.Conn, t time.Time) {
	if w == nil {
		_ = conn.SetReadDeadline(t)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.fired {
		_ = conn.SetReadDeadline(t)
	}
}

// stop ends the watch and reports whether the context ended meanwhile; deadlines are gone then.
func (w *watch) stop() bool {
	if w == nil {
		return false
	}
	w.unwatch()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	if w.fired {
		_ = w.conn.SetReadDeadline(time.Time{})
		_ = w.conn.SetWriteDeadline(time.Time{})
	}
	return w.fired
}
