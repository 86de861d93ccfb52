// Package jsx crosses between Go and JavaScript: exceptions become errors, promises are awaited, bytes are copied.
package jsx

import (
	"context"
	"syscall/js"
)

// Error is an exception of JavaScript, or the reason of a rejected promise.
type Error struct {
	Name    string // such as "TypeError", or "" where something else than an Error was thrown
	Message string
	Value   js.Value // what was thrown
}

func (e *Error) Error() string {
	switch {
	case e.Name == "":
		return e.Message
	case e.Message == "":
		return e.Name
	}
	return e.Name + ": " + e.Message
}

// ErrorOf makes an error of what was thrown.
func ErrorOf(thrown js.Value) *Error {
	if thrown.Type() != js.TypeObject {
		return &Error{Message: thrown.String(), Value: thrown}
	}
	e := &Error{Value: thrown}
	if name := thrown.Get("name"); name.Type() == js.TypeString {
		e.Name = name.String()
	}
	if message := thrown.Get("message"); message.Type() == js.TypeString {
		e.Message = message.String()
	}
	return e
}

// Try runs f, which calls JavaScript, and returns the exception that it threw, if any, as an [*Error].
func Try(f func() js.Value) (value js.Value, err error) {
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case js.Error:
			value, err = js.Undefined(), ErrorOf(thrown.Value)
		default:
			panic(thrown)
		}
	}()
	return f(), nil
}

// Await waits for a promise and returns its value, or an [*Error] if it was rejected. When ctx ends first it gives the
// context's cause, and what becomes of the promise is ignored. It must not be called from a js.Func.
func Await(ctx context.Context, promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	settled := make(chan outcome, 1)
	var resolved, rejected js.Func
	settle := func(o outcome) {
		// Exactly one of the two is called, and only once.
		resolved.Release()
		rejected.Release()
		settled <- o
	}
	resolved = js.FuncOf(func(_ js.Value, args []js.Value) any {
		settle(outcome{value: first(args)})
		return nil
	})
	rejected = js.FuncOf(func(_ js.Value, args []js.Value) any {
		settle(outcome{err: ErrorOf(first(args))})
		return nil
	})
	promise.Call("then", resolved, rejected)
	select {
	case o := <-settled:
		return o.value, o.err
	case <-ctx.Done():
		return js.Undefined(), context.Cause(ctx)
	}
}

func first(args []js.Value) js.Value {
	if len(args) == 0 {
		return js.Undefined()
	}
	return args[0]
}

var uint8Array = js.Global().Get("Uint8Array")

// Uint8Array copies bytes into a new Uint8Array.
func Uint8Array(b []byte) js.Value {
	array := uint8Array.New(len(b))
	js.CopyBytesToJS(array, b)
	return array
}
