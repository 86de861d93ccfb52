//go:build js && wasm

package bridge

import (
	"context"
	"syscall/js"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

// object is a JavaScript object to be.
type object = map[string]any

// engine carries out calls for one page.
type engine struct {
	send         js.Value // function (message, transfer)
	calls        map[int]context.CancelFunc
	handles      handles
	connections  map[client.Connection]*connection
	pools        map[*pool.ConnectionPool]*connectionPool
	transactions transactions
	streams      map[int]*stream // by the id of the call that gave the result
	asked        asked
	block        []byte // where blocks are put together
}

// Serve connects to host, a JavaScript object with two functions: attach(receive) is called at once with the function that takes
// messages to the engine, and send(message, transfer) is called with those to the page. It never returns.
func Serve(host js.Value) {
	e := &engine{
		send: host.Get("send"), calls: map[int]context.CancelFunc{},
		connections: map[client.Connection]*connection{}, pools: map[*pool.ConnectionPool]*connectionPool{}, transactions: transactions{}, streams: map[int]*stream{},
	}
	host.Call("attach", js.FuncOf(func(_ js.Value, args []js.Value) any {
		e.receive(args[0])
		return nil
	}))
	select {}
}

// receive takes one message and returns at once.
func (e *engine) receive(message js.Value) {
	if id := message.Get("cancel"); id.Type() == js.TypeNumber {
		if cancel := e.calls[id.Int()]; cancel != nil {
			cancel()
		}
		return
	}
	if n := message.Get("answer"); n.Type() == js.TypeNumber {
		e.asked.answered(n.Int(), message)
		return
	}
	c := &call{engine: e, args: arguments{message.Get("args")}}
	if id := message.Get("id"); id.Type() == js.TypeNumber {
		c.id = id.Int()
	}
	name := message.Get("method").String()
	var ctx context.Context
	ctx, c.cancel = context.WithCancel(context.Background())
	if c.id != 0 {
		e.calls[c.id] = c.cancel
	}
	go c.carryOut(ctx, name)
}

// call is one call from the page.
type call struct {
	engine *engine
	id     int // 0 when nobody waits for the answer
	args   arguments
	cancel context.CancelFunc
	kept   bool // the call's context goes on with the result that it gave

	tx      *client.TransactionRef // that the call was for, or nil
	subject subject                // that the call was for, or nil
}

// subject is a connection or a pool, of which an answer tells the state.
type subject interface{ state() object }

// method carries out one kind of call. What it returns becomes the answer's value, through [js.ValueOf].
type method func(ctx context.Context, c *call) (any, error)

func (c *call) carryOut(ctx context.Context, name string) {
	var value any
	err := error(&missingMethod{name})
	if m := methods[name]; m != nil {
		value, err = c.guarded(ctx, m)
	}
	if !c.kept {
		c.release()
	}
	if c.id != 0 {
		c.engine.post(c.answer(value, err))
	}
}

func (c *call) answer(value any, err error) object {
	answer := object{"id": c.id, "ok": err == nil}
	if c.subject != nil {
		answer["state"] = c.subject.state()
	}
	if err == nil {
		answer["value"] = value
		return answer
	}
	answer["error"] = describe(err)
	if c.tx != nil {
		answer["transaction"] = describeTransaction(c.tx)
	}
	return answer
}

// release ends the call's context.
func (c *call) release() {
	c.cancel()
	delete(c.engine.calls, c.id)
}

// guarded turns a panic, a JavaScript exception for instance, into an error: a fault in one call must not end the others.
func (c *call) guarded(ctx context.Context, m method) (value any, err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = &internalFault{text: thrownText(thrown)}
		}
	}()
	return m(ctx, c)
}

func (e *engine) post(message object, transfer ...any) {
	e.send.Invoke(message, transfer)
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

// methods are all that a page can call.
var methods = map[string]method{}

func register(named map[string]method) {
	for name, m := range named {
		methods[name] = m
	}
}
