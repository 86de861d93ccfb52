package pool

import "time"

// A connection that was used last is lent first, so those at the other end may never be looked at again. One timer
// watches the ages of all that are free: lending looks at nothing more for it, and a pool that nobody uses grows empty,
// too. It is set when a connection becomes free and is left alone when one is lent, so it may find nothing to do.

// watchAge has a free connection closed when its age ends. Called with mu held.
func (p *ConnectionPool) watchAge(e *entry) {
	if e.expires > 0 && (p.aging.at == 0 || e.expires < p.aging.at) {
		p.aging.set(e.expires+1, p.clock()) // at expires itself it is not too old yet
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

// removeOld takes the free connections that must not be lent again out of the pool, and watches the others. Called with
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

// old reports whether a connection must not be lent again: for its age, or for that of its token.
func (e *entry) old(now time.Duration) bool {
	return e.retired.Load() || e.expires > 0 && now > e.expires
}
