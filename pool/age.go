package pool

import "time"

// The pool lends the connection that was used last, so connections that were used long ago may never be lent again. One
// timer watches the ages of all free connections, so that lending need not check them, and a pool that is not used
// becomes empty. The timer is set when a connection becomes free and is not changed when one is lent, so it may find
// nothing to do.

// watchAge sets the timer that closes a free connection at its maximum age. Called with mu held.
func (p *ConnectionPool) watchAge(e *entry) {
	if e.expires > 0 && (p.aging.at == 0 || e.expires < p.aging.at) {
		p.aging.set(e.expires+1, p.clock()) // at expires itself the connection is not too old yet
	}
}

// closeOld closes the free connections that must not be lent again.
func (p *ConnectionPool) closeOld() {
	p.mu.Lock()
	p.aging.at = 0
	old := p.removeOld(p.clock())
	p.mu.Unlock()
	closeAll(old)
}

// removeOld removes the free connections that must not be lent again from the pool, and watches the others. Called with
// mu held.
func (p *ConnectionPool) removeOld(now time.Duration) (old []*entry) {
	kept := p.free[:0]
	for _, e := range p.free {
		if e.old(now) {
			old = append(old, e)
		} else {
			kept = append(kept, e)
			p.watchAge(e)
		}
	}
	clear(p.free[len(kept):])
	p.free = kept
	for _, e := range old {
		p.forget(e)
	}
	return old
}

// old reports whether a connection must not be lent again, because the connection or its token is too old.
func (e *entry) old(now time.Duration) bool {
	return e.retired.Load() || e.expires > 0 && now > e.expires
}
