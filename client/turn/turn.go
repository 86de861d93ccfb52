// Package turn runs the calls of a connection one after the other, and defers callbacks until no call is running.
package turn

import (
	"context"
	"sync"
)

// Turn is held by the running call. It is safe for concurrent use; make one by [New].
type Turn struct {
	held chan struct{}

	mu    sync.Mutex
	later []func()
}

// New makes a Turn that nobody holds.
func New() *Turn { return &Turn{held: make(chan struct{}, 1)} }

// Wait waits for the turn, and returns the context's cause if that ends first. The call that has the turn ends it by
// End.
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

// Later makes End call f. The caller need not hold the turn, but if no call holds it, the caller must take and end the
// turn afterwards.
func (t *Turn) Later(f func()) {
	t.mu.Lock()
	t.later = append(t.later, f)
	t.mu.Unlock()
}

// End ends the turn, and then calls the deferred callbacks, in this goroutine.
func (t *Turn) End() { callAll(t.release()) }

// EndAside is End for a caller that holds locks: the deferred callbacks run in a goroutine of their own.
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
