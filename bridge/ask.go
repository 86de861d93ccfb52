//go:build js && wasm

package bridge

import "context"

// asked are the callbacks that the page has been asked to call.
type asked struct {
	last    int
	waiting map[int]chan arguments
}

// ask has the page call a callback and waits for what it gives, in the calling goroutine.
func (e *engine) ask(ctx context.Context, callback int, value object) (arguments, error) {
	a := &e.asked
	if a.waiting == nil {
		a.waiting = map[int]chan arguments{}
	}
	a.last++
	n := a.last
	answer := make(chan arguments, 1)
	a.waiting[n] = answer
	defer delete(a.waiting, n)
	e.post(object{"ask": n, "callback": callback, "value": value})
	select {
	case reply := <-answer:
		if !reply.flag("ok") {
			given, _ := reply.object("error")
			return nil, &callbackError{cause: undescribed(given)}
		}
		given, _ := reply.object("value")
		return given, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// answered hands an answer to whoever waits for it.
func (a *asked) answered(n int, reply arguments) {
	if waiting := a.waiting[n]; waiting != nil {
		delete(a.waiting, n)
		waiting <- reply
	}
}

// callbackError is what a callback of the page threw. The page keeps the thrown value itself; cause is as much of it as Go needs to know.
type callbackError struct{ cause error }

func (e *callbackError) Error() string { return e.cause.Error() }
func (e *callbackError) Unwrap() error { return e.cause }
