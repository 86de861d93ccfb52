package pool

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client"
)

// Release gives a connection back. It goes back into the pool, or to whoever waits longest, if it is healthy, young enough and there is
// room; else it is closed. One with work still open on it is reset first, which may take a round trip.
//
// It returns an [*client.ArgumentError] when the connection is not of this pool. Releasing a connection that is free already does nothing.
func (p *ConnectionPool) Release(cx client.Connection, forceReset bool) error {
	p.mu.Lock()
	e, ours := p.entries[cx]
	switch {
	case !ours:
		p.mu.Unlock()
		return &client.ArgumentError{Argument: "cx", Message: "the connection is not of this pool"}
	case e.dropped:
		delete(p.entries, cx)
		p.mu.Unlock()
		return nil
	case !e.inUse || e.releasing:
		p.mu.Unlock()
		return nil
	}
	e.releasing = true
	p.mu.Unlock()

	healthy := !cx.Broken() && !cx.Closed() && p.reset(cx, forceReset)
	now := time.Now()
	healthy = healthy && (e.expires.IsZero() || now.Before(e.expires))

	p.mu.Lock()
	if e.dropped {
		delete(p.entries, cx)
		p.mu.Unlock()
		return nil
	}
	if healthy && p.size <= p.maxSize {
		e.idleSince = now
		p.hand(e)
		p.mu.Unlock()
		return nil
	}
	p.forget(e)
	p.mu.Unlock()
	_ = cx.Close()
	return nil
}

// reset makes a connection clean, within a limit of its own: what its borrower's context said does not count any more.
func (p *ConnectionPool) reset(cx client.Connection, force bool) bool {
	if !force && cx.Clean() {
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), p.options.ResetTimeout)
	defer cancel()
	return cx.Reset(ctx, force) == nil
}

// hand gives a healthy connection to whoever waits longest, or puts it among the free ones. Called with mu held.
func (p *ConnectionPool) hand(e *entry) {
	if p.waiters.len() > 0 {
		p.lend(e)
		p.waiters.first(grant{entry: e})
		return
	}
	e.inUse, e.releasing = false, false
	p.free = append(p.free, e)
}
