package pool

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client"
)

// Release gives a connection back. It goes back into the pool, or to whoever waits longest, if it is healthy, young
// enough and there is room; else it is closed. One with work still open on it is reset first, which may take a round
// trip. One whose token the server has stopped taking is closed, and so are, before they are lent again, those that
// were opened before it was lent: their tokens are as old. One that was given another token (Authenticate) is closed,
// too: a pool is of one user.
//
// It returns an [*client.ArgumentError] when the connection is not of this pool. Releasing a connection that is free
// already does nothing.
func (p *ConnectionPool) Release(cx client.Connection, forceReset bool) error {
	usable := !cx.Broken() && !cx.Closed() && !cx.TokenRefused() && !cx.Reauthenticated()
	ready := usable && !forceReset && cx.Clean()
	now := p.clock()
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
	if cx.TokenRefused() {
		p.retire(e.lentAfter, now)
	}
	if usable && !ready {
		e.releasing = true
		p.mu.Unlock()
		ready = p.reset(context.Background(), cx, forceReset)
		now = p.clock()
		p.mu.Lock()
	}
	p.giveBack(e, ready, now)
	return nil
}

// retire has no connection lent again of those opened so far, by their number; those that are free are closed. Called
// with mu held.
func (p *ConnectionPool) retire(opened uint64, now time.Duration) {
	for _, e := range p.entries {
		if e.number <= opened {
			e.retired.Store(true)
		}
	}
	if len(p.free) > 0 {
		p.aging.set(now, now)
	}
}

// giveBack puts a connection that is ready for use back, and closes another. Called with mu held, which it lets go.
func (p *ConnectionPool) giveBack(e *entry, ready bool, now time.Duration) {
	switch {
	case e.dropped: // by Close, while it was reset
		delete(p.entries, e.cx)
	case ready && p.size <= p.maxSize && !e.old(now):
		p.hand(e, now)
	default:
		p.forget(e)
		p.mu.Unlock()
		_ = e.cx.Close() // it is gone either way
		return
	}
	p.mu.Unlock()
}

// reset makes a connection clean, or asks whether it lives, within a limit of its own.
func (p *ConnectionPool) reset(ctx context.Context, cx client.Connection, force bool) bool {
	ctx, cancel := context.WithTimeout(ctx, p.options.ResetTimeout)
	defer cancel()
	return cx.Reset(ctx, force) == nil
}

// hand gives a healthy connection to whoever waits longest, or puts it among the free ones. Called with mu held.
func (p *ConnectionPool) hand(e *entry, now time.Duration) {
	if p.waiters.length > 0 {
		p.lend(e)
		e.idleSince = 0
		p.waiters.serve(grant{entry: e}, now)
		return
	}
	e.inUse, e.releasing, e.idleSince = false, false, max(now, 1)
	p.free = append(p.free, e)
	p.watchAge(e)
	p.lookLater(now)
}
