// Package turn lets the calls of a connection go one after the other, and puts callbacks off until none is under way.
package turn

import (
	"context"
	"sync"
)

// Turn is held by the call that is carried out. It is safe for concurrent use; make one by [New].
type Turn struct {
	held chan struct{}

	mu    sync.Mutex
	later []func()
}

// New makes a Turn that nobody holds.
func New() *Turn { return &Turn{held: make(chan struct{}, 1)} }

// Wait waits for the turn, and returns the context's cause if that ends first. Who has the turn ends it by End.
func (t *Turn) Wait(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if t.Try() {
		return nil
	}
	select {
	case t.held <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Seize waits for the turn, however long that takes.
func (t *Turn) Seize() { t.held <- struct{}{} }

// Try takes the turn if nobody holds it, and reports whether it did.
func (t *Turn) Try() bool {
	select {
	case t.held <- struct{}{}:
		return true
	default:
		return false
	}
}

// Later has f called once the turn has ended. The caller need not hold the turn, but somebody must, or come to: who
// calls Later without it takes it afterwards.
func (t *Turn) Later(f func()) {
	t.mu.Lock()
	t.later = append(t.later, f)
	t.mu.Unlock()
}

// End ends the turn, and then calls what was put off, in this goroutine.
func (t *Turn) End() { callAll(t.release()) }

// EndAside is End for a caller that holds locks: what was put off is called in a goroutine of its own.
func (t *Turn) EndAside() {
	if later := t.release(); len(later) > 0 {
		go callAll(later)
	}
}

func (t *Turn) release() (later []func()) {
	t.mu.Lock()
	later = t.later
	t.later = nil
	t.mu.Unlock()
	<-t.held
	return later
}

func callAll(later []func()) {
	for _, f := range later {
		f()
	}
}
