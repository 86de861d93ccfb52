package pool

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client"
)

// AcquireOptions are the options of an acquire. The zero value is the default of each.
type AcquireOptions struct {
	ForceReset bool // ask the server to reset the connection, even a clean one
	NoWait     bool // fail at once when the pool is full

	token *client.Auth // to act with instead of the pool's token
	again bool         // authenticate even if the connection acts with the token already
	alone bool         // the token is the borrower's own, not the pool's
}

// Acquire lends a connection: a free healthy one, else a new one if there is room, else the next one that is released;
// callers that wait are served in order. Give the connection back with Release, or with its own Release. Acquire does
// not lend a free connection that the other side has closed, if that is known without waiting; see Options.IdleCheck.
//
// It returns a [*client.ConnectionUnavailable] when the pool's maximum size is zero, when ctx or AcquireTimeout ends
// the wait, and when the pool is full and NoWait is set. When a new connection cannot be opened, it returns the error
// of opening.
func (p *ConnectionPool) Acquire(ctx context.Context, options ...AcquireOptions) (client.Connection, error) {
	e, err := p.acquire(ctx, firstOf(options))
	if err != nil {
		return nil, err
	}
	return e.cx, nil
}

func (p *ConnectionPool) acquire(ctx context.Context, o AcquireOptions) (*entry, error) {
	if ctx.Err() != nil {
		return nil, client.UnavailableFromContext(ctx, p.profile.Address(), "before acquiring a connection")
	}
	until := time.Duration(0) // not known: an acquire of a free connection does not need it
	if err := p.wantToken(ctx, &o); err != nil {
		return nil, err
	}
	for {
		e, err := p.next(ctx, &until, o)
		if err != nil {
			return nil, err
		}
		if p.usable(ctx, e, o) {
			acts, err := p.actAs(ctx, e, o)
			if err != nil {
				_ = p.Release(e.cx, false)
				return nil, err
			}
			if acts {
				return e, nil
			}
			p.discard(e)
			if !o.alone { // the manager may have another one by now
				o.token = nil
				if err := p.wantToken(ctx, &o); err != nil {
					return nil, err
				}
			}
		}
		if until == 0 {
			until = p.until(p.clock())
		}
		limited, cancel := p.within(ctx, until)
		late := client.UnavailableFromContext(limited, p.profile.Address(), "checking an idle connection")
		cancel()
		if late != nil {
			return nil, late
		}
	}
}

// until is the time on the pool's clock at which an acquire that began at now times out; 0 means never.
func (p *ConnectionPool) until(now time.Duration) time.Duration {
	if p.options.AcquireTimeout > 0 {
		return now + p.options.AcquireTimeout
	}
	return 0
}

// within is ctx with the deadline of an acquire, until on the pool's clock. Only an acquire that opens a connection
// makes this context: making it costs more than all other work of an acquire.
func (p *ConnectionPool) within(ctx context.Context, until time.Duration) (context.Context, context.CancelFunc) {
	if until == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, until-p.clock())
}

// popFree lends the free connection that was used last, so that connections that are not needed reach their maximum
// age. Called with mu held.
func (p *ConnectionPool) popFree() *entry {
	last := len(p.free) - 1
	if last < 0 {
		return nil
	}
	e := p.free[last]
	p.free[last] = nil
	p.free = p.free[:last]
	p.lend(e)
	return e
}

// lend marks a connection as in use. Called with mu held.
func (p *ConnectionPool) lend(e *entry) {
	e.inUse, e.releasing = true, false
	e.acquired++
	e.lentAfter = p.totals.opened
	p.totals.acquired++
}

// next lends a connection that is free, new or handed over by another borrower. It sets until where it is 0 and counts.
func (p *ConnectionPool) next(ctx context.Context, until *time.Duration, o AcquireOptions) (*entry, error) {
	p.mu.Lock()
	if p.maxSize == 0 { // even if connections are free
		p.mu.Unlock()
		return nil, p.zero()
	}
	if e := p.popFree(); e != nil {
		p.mu.Unlock()
		return e, nil
	}
	now := p.clock()
	if *until == 0 {
		*until = p.until(now)
	}
	if p.size < p.maxSize && p.waiters.length == 0 {
		p.size++
		p.mu.Unlock()
		return p.opened(ctx, *until, o.token)
	}
	if o.NoWait {
		p.mu.Unlock()
		return nil, &client.ConnectionUnavailable{Reason: client.ReasonPoolFull, Address: p.profile.Address(),
			Message: "all connections of the pool are in use"}
	}
	joined := p.waiters.join(now, *until)
	p.totals.waited++
	p.watchWait(*until, now)
	p.mu.Unlock()
	return p.wait(ctx, joined, o.token)
}

func (p *ConnectionPool) opened(ctx context.Context, until time.Duration, token *client.Auth) (*entry, error) {
	ctx, cancel := p.within(ctx, until)
	defer cancel()
	cx, err := p.open(ctx, token)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.entries[cx], nil
}

func (p *ConnectionPool) wait(ctx context.Context, joined *waiter, token *client.Auth) (*entry, error) {
	var g, unwanted grant
	select {
	case g = <-joined.granted:
	case <-ctx.Done():
		p.mu.Lock()
		if !p.waiters.remove(joined, p.clock()) {
			unwanted = <-joined.granted
		}
		p.passOn(unwanted)
	}
	until := joined.until
	p.waiters.spare.Put(joined)
	switch {
	case g.entry != nil:
		return g.entry, nil
	case g.room:
		return p.opened(ctx, until, token)
	case g.closed:
		return nil, p.zero()
	}
	limited, cancel := p.within(ctx, until)
	defer cancel()
	return nil, waitedInVain(client.UnavailableFromContext(limited, p.profile.Address(),
		"waiting for a connection of the pool; all are in use: read or discard "+
			"results, end transactions, or raise MaxSize"))
}

// passOn gives a grant that its waiter no longer wants to another waiter, if the pool can still give it. Called with mu
// held; it unlocks mu.
func (p *ConnectionPool) passOn(g grant) {
	switch {
	case g.entry != nil:
		g.entry.acquired--
		p.totals.acquired--
		p.giveBack(g.entry, true, p.clock())
		return
	case g.room:
		p.size--
		p.grantRoom()
	}
	p.mu.Unlock()
}

// grantRoom lets waiters open connections while there is room. Called with mu held.
func (p *ConnectionPool) grantRoom() {
	for p.size < p.maxSize && p.waiters.length > 0 {
		p.waiters.serve(grant{room: true}, p.clock())
		p.size++
	}
}

// refuseAll tells all waiters that the pool was closed. Called with mu held.
func (p *ConnectionPool) refuseAll() {
	for now := p.clock(); p.waiters.serve(grant{closed: true}, now); {
	}
	p.waiting.stop()
}

// watchWait sets the timer that ends waits which take too long. The timer rings at until or earlier; 0 means never. One
// timer serves all waiters. Called with mu held.
func (p *ConnectionPool) watchWait(until, now time.Duration) {
	if until > 0 {
		p.waiting.set(until, now)
	}
}

func (p *ConnectionPool) endLongWaits() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting.at = 0
	now := p.clock()
	for w := p.waiters.first; w != nil; {
		following := w.next
		if w.until > 0 && w.until <= now {
			p.waiters.remove(w, now)
			w.granted <- grant{}
		} else {
			p.watchWait(w.until, now)
		}
		w = following
	}
}

// usable checks a connection that was just lent. One that fails leaves the pool.
func (p *ConnectionPool) usable(ctx context.Context, e *entry, o AcquireOptions) bool {
	stale := e.cx.Broken() || e.cx.Closed() || e.retired.Load() || e.cx.Reauthenticated()
	if !stale && e.idleSince > 0 && (e.expires > 0 || p.options.IdleCheck > 0) {
		now := p.clock()
		stale = e.old(now)
		if p.options.IdleCheck > 0 && now-e.idleSince >= p.options.IdleCheck {
			o.ForceReset = true
		}
	}
	if !stale && (!o.ForceReset || p.reset(ctx, e.cx, true)) {
		return true
	}
	p.discard(e)
	return false
}

// discard closes a connection that was just lent.
func (p *ConnectionPool) discard(e *entry) {
	p.mu.Lock()
	p.forget(e)
	p.mu.Unlock()
	_ = e.cx.Close()
}
