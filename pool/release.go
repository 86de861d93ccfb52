package pool

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client"
)

// Release gives a connection back. If it is healthy, young enough and there is room, it goes to the longest waiting
// caller or back into the pool; else it is closed. A connection with open work is reset first, which may take a round
// trip. A connection whose token the server no longer accepts is closed. Without an AuthManager, connections that were
// opened before it was lent are closed too, before they are lent again, because their tokens are as old. A connection
// that was given another token (Authenticate) is closed, because a pool has one user.
//
// It returns an [*client.ArgumentError] if the connection is not of this pool. Releasing a free connection does
// nothing.
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
	if cx.TokenRefused() && p.options.Client.AuthManager == nil {
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

// retire makes sure that no connection with a number up to opened is lent again; free ones are closed. Called with mu
// held.
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

// giveBack puts a connection back if it is ready for use, else it closes it. Called with mu held; it unlocks mu.
func (p *ConnectionPool) giveBack(e *entry, ready bool, now time.Duration) {
	switch {
	case e.dropped: // by Close, while it was reset
		delete(p.entries, e.cx)
	case ready && p.size <= p.maxSize && !e.old(now):
		p.hand(e, now)
	default:
		p.forget(e)
		p.mu.Unlock()
		_ = e.cx.Close() // the connection is gone either way
		return
	}
	p.mu.Unlock()
}

// reset resets a connection, or checks whether the server answers, within ResetTimeout.
func (p *ConnectionPool) reset(ctx context.Context, cx client.Connection, force bool) bool {
	ctx, cancel := context.WithTimeout(ctx, p.options.ResetTimeout)
	defer cancel()
	return cx.Reset(ctx, force) == nil
}

// hand gives a healthy connection to the longest waiting caller, or adds it to the free ones. Called with mu held.
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
