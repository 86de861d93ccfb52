package pool

import "container/list"

// grant is what a waiter gets: a connection, or room to open one, or neither when the pool was closed.
type grant struct {
	entry *entry
	room  bool
}

// waiter waits for one grant.
type waiter struct {
	granted chan grant // has room for one, so that granting never waits
	place   *list.Element
}

// waitList holds who waits for a connection, first come first served. The pool's lock guards it.
type waitList struct {
	list list.List // of *waiter
}

func (w *waitList) len() int { return w.list.Len() }

func (w *waitList) join() *waiter {
	joined := &waiter{granted: make(chan grant, 1)}
	joined.place = w.list.PushBack(joined)
	return joined
}

// leave takes a waiter out. False when it has its grant already.
func (w *waitList) leave(left *waiter) bool {
	if left.place == nil {
		return false
	}
	w.list.Remove(left.place)
	left.place = nil
	return true
}

// first hands a grant to whoever waits longest; false when nobody waits.
func (w *waitList) first(g grant) bool {
	front := w.list.Front()
	if front == nil {
		return false
	}
	served := w.list.Remove(front).(*waiter)
	served.place = nil
	served.granted <- g
	return true
}

func (w *waitList) refuseAll() {
	for w.first(grant{}) {
	}
}
