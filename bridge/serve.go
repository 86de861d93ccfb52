//go:build js && wasm

package bridge

import (
	"context"
	"syscall/js"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/dial"
	"github.com/webbolt/webbolt/pool"
)

// engine carries out calls for one page.
type engine struct {
	send         js.Value // function (text, block)
	calls        map[int]context.CancelFunc
	handles      handles
	connections  map[client.Connection]*connection
	pools        map[*pool.ConnectionPool]*connectionPool
	transactions transactions
	streams      map[int]*stream // by the id of the call that gave the result
	asked        asked
	block        []byte // where blocks are put together
	writer       messageWriter
}

// Serve connects to host, a JavaScript object with two functions: attach(receive) is called at once with the function that takes
// messages to the engine, each a Uint8Array, and send(text, block) is called with those to the page. It never returns.
func Serve(host js.Value) {
	e := &engine{
		send: host.Get("send"), calls: map[int]context.CancelFunc{},
		connections: map[client.Connection]*connection{}, pools: map[*pool.ConnectionPool]*connectionPool{}, transactions: transactions{}, streams: map[int]*stream{},
	}
	dial.UseLanes(host.Get("openLane"))
	host.Call("attach", js.FuncOf(func(_ js.Value, args []js.Value) any {
		data := make([]byte, args[0].Length())
		js.CopyBytesToGo(data, args[0])
		e.receive(data)
		return nil
	}))
	select {}
}

// receive takes one message, whose bytes it keeps, and returns at once.
func (e *engine) receive(data []byte) {
	message, err := readMessage(data)
	if err != nil {
		panic("the page and webbolt's engine are of different versions: " + err.Error())
	}
	if id := message.number("cancel"); id != 0 {
		if cancel := e.calls[id]; cancel != nil {
			cancel()
		}
		return
	}
	if n := message.number("answer"); n != 0 {
		e.asked.answered(n, message)
		return
	}
	args, _ := message.object("args")
	c := &call{engine: e, id: message.number("id"), args: args}
	var ctx context.Context
	ctx, c.cancel = context.WithCancel(context.Background())
	if c.id != 0 {
		e.calls[c.id] = c.cancel
	}
	go c.carryOut(ctx, message.text("method"))
}

// call is one call from the page.
type call struct {
	engine *engine
	id     int // 0 when nobody waits for the answer
	args   arguments
	cancel context.CancelFunc
	then   func() // what the call goes on with once it is answered, its result

	tx      *client.TransactionRef // that the call was for, or nil
	subject subject                // that the call was for, or nil
}

// subject is a connection or a pool, of which an answer tells the state.
type subject interface{ state() object }

// method carries out one kind of call. What it returns becomes the answer's value.
type method func(ctx context.Context, c *call) (any, error)

func (c *call) carryOut(ctx context.Context, name string) {
	var value any
	err := error(&missingMethod{name})
	if m := methods[name]; m != nil {
		value, err = c.guarded(ctx, m)
	}
	if c.then == nil {
		c.release()
	}
	if c.id != 0 {
		c.engine.post(c.answer(value, err))
	}
	if c.then != nil {
		c.then()
		c.release()
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

func (e *engine) post(message object) {
	e.send.Invoke(e.writer.message(message))
}

// postBlock posts a message that has a block, which goes to the page by transfer.
func (e *engine) postBlock(message object, block js.Value) {
	e.send.Invoke(e.writer.message(message), block)
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
