//go:build js && wasm

package bridge

import (
	"context"
	"syscall/js"

	"github.com/webbolt/webbolt/bridge/protocol"
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
	writer       protocol.Writer
}

// Serve connects to host, a JavaScript object with two functions: attach(receive, schema) is called at once with the function that takes
// messages to the engine, each a Uint8Array, and the protocol's version; send(text, block) is called with those to the page. It never returns.
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
	}), protocol.Schema)
	select {}
}

// receive takes one message, whose bytes it keeps, and returns at once.
func (e *engine) receive(data []byte) {
	var message protocol.ToEngine
	if err := message.Read(data); err != nil {
		panic("the page and webbolt's engine are of different versions: " + err.Error())
	}
	switch {
	case message.Cancel != 0:
		if cancel := e.calls[message.Cancel]; cancel != nil {
			cancel()
		}
	case message.Answer != 0:
		e.asked.answered(message.Answer, &message)
	default:
		c := &call{engine: e, id: message.ID}
		var ctx context.Context
		ctx, c.cancel = context.WithCancel(context.Background())
		if c.id != 0 {
			e.calls[c.id] = c.cancel
		}
		go c.carryOut(ctx, message.Method, message.Args)
	}
}

// post posts a message to the page; a block, an ArrayBuffer, goes with it by transfer.
func (e *engine) post(text []byte, block ...any) {
	e.send.Invoke(append([]any{string(text)}, block...)...)
}
