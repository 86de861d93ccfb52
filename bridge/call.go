//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
)

// call is one call from the page.
type call struct {
	engine *engine
	id     int // 0 if the page waits for no answer
	cancel context.CancelFunc
	stream *stream // that the call made, or nil; it sends the answer

	tx      *client.TransactionRef // that the call was for, or nil
	subject subject                // that the call was for, or nil
}

// subject is a connection or a pool whose state goes with the answer.
type subject interface{ state() *protocol.State }

// method carries out one kind of call, with its arguments as they came. What it returns becomes the answer's value.
type method func(ctx context.Context, c *call, arguments []byte) (protocol.Value, error)

// methods are all methods that a page can call, by name.
var methods = map[string]method{}

// handle registers do as the implementation of a method; do gets pointers to its arguments and its result. It is not
// inlined: each copy would have closures of its own.
//
//go:noinline
func handle[A, R any](m protocol.Method[A, R], do func(ctx context.Context, c *call, args A) (R, error)) {
	methods[m.Name] = func(ctx context.Context, c *call, arguments []byte) (protocol.Value, error) {
		args, err := m.Read(arguments)
		if err != nil {
			return protocol.Value{}, err
		}
		result, err := do(ctx, c, args)
		return m.Value(result), err
	}
}

// targeted is implemented by arguments that name the object of the call.
type targeted interface{ Handle() int }

func (c *call) carryOut(ctx context.Context, name string, arguments []byte) {
	defer c.release()
	value, err := c.guarded(ctx, name, arguments)
	switch {
	case c.stream != nil && err == nil:
		c.stream.run(ctx, c.answer(value, nil))
	case c.id != 0:
		c.engine.postText(c.engine.writer.Answer(c.answer(value, err)))
	}
}

func (c *call) answer(value protocol.Value, err error) *protocol.Answer {
	answer := &protocol.Answer{ID: c.id}
	if c.subject != nil {
		answer.State = c.subject.state()
	}
	if err == nil {
		answer.Value = value
		return answer
	}
	answer.Error = describe(err)
	if c.tx != nil {
		answer.Transaction = describeTransaction(c.tx)
	}
	return answer
}

// release ends the call's context.
func (c *call) release() {
	c.cancel()
	delete(c.engine.calls, c.id)
}

// guarded turns a panic, for example a JavaScript exception, into an error: a fault in one call must not end the
// others.
func (c *call) guarded(ctx context.Context, name string, arguments []byte) (value protocol.Value, err error) {
	m := methods[name]
	if m == nil {
		return value, &missingMethod{name}
	}
	defer func() {
		if thrown := recover(); thrown != nil {
			err = &internalFault{text: thrownText(thrown)}
		}
	}()
	return m(ctx, c, arguments)
}

// missingMethod means that page and engine are of different builds.
type missingMethod struct{ name string }

func (m *missingMethod) Error() string {
	return "webbolt's engine has no method " + m.name + "; the .wasm and the JavaScript are of different versions"
}

// internalFault is a panic in a call.
type internalFault struct{ text string }

func (f *internalFault) Error() string {
	return "fault in webbolt's engine, please report it: " + f.text
}

func thrownText(thrown any) string {
	switch t := thrown.(type) {
	case error:
		return t.Error()
	case string:
		return t
	}
	return "unknown"
}
