package pool

import (
	"slices"
	"time"
)

// lookLater sets the timer that checks free connections. Called with mu held.
func (p *ConnectionPool) lookLater(now time.Duration) {
	if lookEvery > 0 && p.looking.at == 0 {
		p.looking.set(now+lookEvery, now)
	}
}

// lookAgain drops the free connections that the other side has closed, and sets the timer again while there are free
// ones.
func (p *ConnectionPool) lookAgain() {
	p.mu.Lock()
	p.looking.at = 0
	p.mu.Unlock()
	p.closeBroken()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) > 0 {
		p.lookLater(p.clock())
	}
}

// closeBroken drops the free connections that are broken, so that size and statistics are right before the next
// acquire.
func (p *ConnectionPool) closeBroken() {
	p.mu.Lock()
	idle := slices.Clone(p.free)
	p.mu.Unlock()
	broken := map[*entry]bool{}
	for _, e := range idle {
		if e.cx.Broken() {
			broken[e] = true
		}
	}
	if len(broken) == 0 {
		return
	}
	var gone []*entry
	p.mu.Lock()
	p.free = slices.DeleteFunc(p.free, func(e *entry) bool {
		if !broken[e] {
			return false
		}
		gone = append(gone, e)
		p.forget(e)
		return true
	})
	p.mu.Unlock()
	closeAll(gone)
}
