//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/bridge/protocol"
)

// asked holds the questions to the page that are not answered yet.
type asked struct {
	last    int
	waiting map[int]chan *protocol.ToEngine
}

// ask makes the page call a callback and waits for its result, in the calling goroutine.
func ask[Q, A any](ctx context.Context, e *engine, kind protocol.Callback[Q, A], callback int, value Q) (given A,
	err error) {
	reply, err := e.ask(ctx, callback, kind.Value(value))
	if err != nil {
		return given, err
	}
	return kind.Read(reply)
}

func (e *engine) ask(ctx context.Context, callback int, value protocol.Value) ([]byte, error) {
	a := &e.asked
	if a.waiting == nil {
		a.waiting = map[int]chan *protocol.ToEngine{}
	}
	a.last++
	n := a.last
	answer := make(chan *protocol.ToEngine, 1)
	a.waiting[n] = answer
	defer delete(a.waiting, n)
	e.postText(e.writer.Ask(&protocol.Ask{Ask: n, Callback: callback, Value: value}))
	select {
	case reply := <-answer:
		if reply.Error != nil {
			return nil, &callbackError{cause: undescribed(reply.Error), number: n}
		}
		return reply.Value, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// answered hands an answer to the goroutine that waits for it.
func (a *asked) answered(n int, reply *protocol.ToEngine) {
	if waiting := a.waiting[n]; waiting != nil {
		delete(a.waiting, n)
		waiting <- reply
	}
}

// callbackError is what a callback of the page threw. The page keeps the thrown value, under the question's number;
// cause is the part of it that Go needs.
type callbackError struct {
	cause  error
	number int
}

func (e *callbackError) Error() string { return e.cause.Error() }
func (e *callbackError) Unwrap() error { return e.cause }
