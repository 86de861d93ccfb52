//go:build js && wasm

package bridge

import (
	"context"
	"syscall/js"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/dial"
	"github.com/webbolt/webbolt/internal/jsx"
	"github.com/webbolt/webbolt/pool"
)

// engine carries out calls for one page.
type engine struct {
	post         js.Value // these are functions of the host
	send         js.Value
	take         js.Value
	calls        map[int]context.CancelFunc
	handles      handles
	connections  map[client.Connection]*connection
	pools        map[*pool.ConnectionPool]*connectionPool
	transactions transactions
	streams      map[int]*stream // by the id of the call that gave the result
	asked        asked
	work         chan func() // for goroutines that are idle
	resting      int         // how many these are
	block        []byte      // memory in which blocks are built
	writer       protocol.Writer
}

// Serve connects to host, a JavaScript object with these functions. Functions with addresses read or write the engine's
// memory:
//
//	attach(receive, schema)            called at once: receive is to be called when there are messages to the engine
//	take(address, size)                moves the next message to the engine there and gives its length, negative for
//	                                   the last; of one longer than size it only gives the length; 0 if there is none
//	post(text, length, block, length)  posts a message to the page, by addresses; the block's length is 0 for none
//	send(text, block)                  posts one whose block is an ArrayBuffer
//	waker(id)                          see package jsx
//	openLane, takeBytes, sendBytes     see package dial
//
// It never returns.
func Serve(host js.Value) {
	e := &engine{
		post: host.Get("post"), send: host.Get("send"), take: host.Get("take"), calls: map[int]context.CancelFunc{},
		connections: map[client.Connection]*connection{}, pools: map[*pool.ConnectionPool]*connectionPool{},
		transactions: transactions{}, streams: map[int]*stream{}, work: make(chan func()),
	}
	jsx.UseHost(host)
	dial.UseLanes(host.Get("openLane"))
	dial.UseSockets(host.Get("takeBytes"), host.Get("sendBytes"))
	arrived := make(chan struct{}, 1)
	receive := jsx.NewWaker(func() {
		select {
		case arrived <- struct{}{}:
		default:
		}
	})
	host.Call("attach", receive.Func, protocol.Schema)
	for range arrived {
		e.receiveAll()
	}
}

// usualMessage is the size up to which a message to the engine is taken at once.
const usualMessage = 4 << 10

// receiveAll receives all messages that have arrived.
func (e *engine) receiveAll() {
	usual := make([]byte, usualMessage)
	for last := false; !last; {
		size := e.take.Invoke(jsx.Address(usual), len(usual)).Int()
		if last = size <= 0; last {
			size = -size
		}
		switch {
		case size == 0:
		case size > len(usual):
			data := make([]byte, size)
			last = e.take.Invoke(jsx.Address(data), size).Int() < 0
			e.receive(data)
		default:
			e.receive(usual[:size:size])
			if usual = usual[size:]; len(usual) < usualMessage/2 {
				usual = make([]byte, usualMessage)
			}
		}
	}
}

// receive handles one message and returns at once. It keeps data.
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
		e.goOn(func() { c.carryOut(ctx, message.Method, message.Args) })
	}
}

// maxResting is the maximum number of idle goroutines that are kept for further calls: their stacks have already grown
// to the size that calls need.
const maxResting = 32

// goOn runs do in an idle goroutine, or in a new one if none is idle.
func (e *engine) goOn(do func()) {
	select {
	case e.work <- do:
	default:
		go e.workOn(do)
	}
}

func (e *engine) workOn(do func()) {
	for do(); e.resting < maxResting; do() {
		e.resting++
		do = <-e.work
		e.resting--
	}
}

// postText posts a message to the page.
func (e *engine) postText(text []byte) { e.post.Invoke(jsx.Address(text), len(text), 0, 0) }

// postWith posts a message to the page with a block, which may be nil, by transfer.
func (e *engine) postWith(text []byte, block *client.Block) {
	switch {
	case block == nil:
		e.postText(text)
	case block.Foreign != nil:
		e.send.Invoke(string(text), block.Foreign)
	default:
		e.post.Invoke(jsx.Address(text), len(text), jsx.Address(block.Bytes), len(block.Bytes))
	}
}
