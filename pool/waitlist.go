package pool

import (
	"sync"
	"time"
)

// grant is what a waiter gets: a connection, or room to open one, or neither because the wait was too long or the pool
// was closed.
type grant struct {
	entry  *entry
	room   bool
	closed bool
}

// waiter waits for one grant. It is in the list until it has the grant.
type waiter struct {
	granted        chan grant    // has capacity for one, so that granting never blocks
	since          time.Duration // on the pool's clock, like until
	until          time.Duration // 0: for ever
	listed         bool
	previous, next *waiter
}

// waitList is the queue of callers that wait for a connection. The pool's lock guards it.
type waitList struct {
	first, last *waiter
	length      int
	waitTime    time.Duration // of all waits that have ended
	spare       sync.Pool     // waiters for reuse; needs no lock
}

func (w *waitList) join(since, until time.Duration) *waiter {
	joined, _ := w.spare.Get().(*waiter)
	if joined == nil {
		joined = &waiter{granted: make(chan grant, 1)}
	}
	joined.since, joined.until, joined.listed = since, until, true
	joined.previous, joined.next = w.last, nil
	if w.last == nil {
		w.first = joined
	} else {
		w.last.next = joined
	}
	w.last = joined
	w.length++
	return joined
}

// remove removes a waiter from the list. It reports false if the waiter has its grant already.
func (w *waitList) remove(left *waiter, now time.Duration) bool {
	if !left.listed {
		return false
	}
	if left.previous == nil {
		w.first = left.next
	} else {
		left.previous.next = left.next
	}
	if left.next == nil {
		w.last = left.previous
	} else {
		left.next.previous = left.previous
	}
	left.previous, left.next, left.listed = nil, nil, false
	w.length--
	w.waitTime += now - left.since
	return true
}

// serve gives a grant to the longest waiting caller. It reports false if none waits.
func (w *waitList) serve(g grant, now time.Duration) bool {
	served := w.first
	if served == nil {
		return false
	}
	w.remove(served, now)
	served.granted <- g
	return true
}
