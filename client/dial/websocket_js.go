package dial

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"syscall/js"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/jsx"
)

// States of a WebSocket (WHATWG WebSockets, readyState).
const (
	stateConnecting = 0
	stateOpen       = 1
	stateClosed     = 3
)

const (
	// sendLimit is how many bytes may wait in the browser before Write waits.
	sendLimit = 1 << 20
	// urgentWaits is how many waits after a request wake at the first message: Neo4j sends an answer, and a record, as
	// two messages each.
	urgentWaits = 4
	// A browser does not report when its buffer has been sent, so Write checks after these times, which double.
	firstLook, lastLook = time.Millisecond, 32 * time.Millisecond
	// eventPatience is how long to wait for an event that says why a socket could not be opened; a browser may not send
	// it.
	eventPatience = 200 * time.Millisecond
)

var errClosed = errors.New("this side has closed the connection")

// Open opens a stream to target. It returns a [*client.ConnectionUnavailable] that says why it could not, as far
// as the browser tells, or a [*client.UnsupportedError] for a target that a browser cannot reach.
func Open(ctx context.Context, target Target) (Conn, error) {
	switch {
	case target.URL == "":
		return nil,
			&client.UnsupportedError{Message: "a browser has no TCP; use a WebSocket address or a webbolt relay"}
	case len(target.URL) > 4 && target.URL[:4] == "wss:" && !target.Verify:
		return nil,
			&client.UnsupportedError{Message: "a browser always checks certificates, so a +ssc scheme " +
				"cannot work in one; use +s with a certificate that the browser trusts, or a webbolt relay, " +
				"which can be told to skip the check"}
	case len(target.RootCAs) > 0:
		return nil,
			&client.UnsupportedError{Message: "a browser trusts its own list of authorities, " +
				"so RootCAs cannot be used in one"}
	case target.Certificate != nil:
		return nil,
			&client.UnsupportedError{Message: "a browser shows certificates of its own, " +
				"so ClientCertificate cannot be used in one"}
	}
	if err := mixedContent(pageOrigin(), target.URL, target.Address); err != nil {
		return nil, err
	}
	constructor := js.Global().Get("WebSocket")
	if constructor.Type() != js.TypeFunction {
		return nil,
			&client.UnsupportedError{Message: "there is no global WebSocket here; Node.js has one from version 22"}
	}
	policy := jsx.WatchPolicy(target.URL)
	defer policy.Stop()
	ws, err := jsx.Try(func() js.Value { return constructor.New(target.URL) })
	if err != nil {
		return nil, refusedByBrowser(target, policy, err)
	}
	s := newSocket(ws)
	s.laneURL = laneURL(target)
	if err := s.waitOpen(ctx, target, policy); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// pageOrigin is the origin of the page or worker, also of a worker made from a blob; "" outside a browser.
func pageOrigin() string {
	if origin := js.Global().Get("origin"); origin.Type() == js.TypeString {
		return origin.String()
	}
	return ""
}

// refusedByBrowser makes an error from what the constructor threw. If a policy forbids the address, Firefox throws, and
// reports the policy later.
func refusedByBrowser(target Target, policy *jsx.PolicyWatch, err error) error {
	thrown, ok := errors.AsType[*jsx.Error](err)
	if !ok || thrown.Name != "SecurityError" && thrown.Name != "NS_ERROR_CONTENT_BLOCKED" {
		return &client.ArgumentError{Argument: "address",
			Message: "the browser does not take " + target.URL + " as a WebSocket address", Err: err}
	}
	patience := time.NewTimer(eventPatience)
	defer patience.Stop()
	select {
	case directive := <-policy.Violated():
		return forbidden(target, directive)
	case <-patience.C:
		return &client.ConnectionUnavailable{Reason: client.ReasonForbidden, Address: target.Address,
			Message: "the browser does not allow it", Err: err}
	}
}

func forbidden(target Target, directive string) error {
	return &client.ConnectionUnavailable{Reason: client.ReasonForbidden, Address: target.Address,
		Message: jsx.PolicyAdvice(directive, target.URL)}
}

// socket is a browser's WebSocket as a stream.
//
// Events go into a JavaScript array without entering Go. While a reader waits, one listener, itself no Go either, posts
// a message to a MessageChannel; its turn comes after the events that arrived together, and enters Go once for all of
// them. The first few events after a request enter Go at once, so that an answer and its first record, which a server
// may send in several messages, do not wait behind all that follows them.
type socket struct {
	ws      js.Value
	queue   js.Value     // array of events that are not read yet
	push    js.Value     // queue.push, bound
	post    js.Value     // channel.port1.postMessage, bound
	channel js.Value     // MessageChannel
	arm     js.Value     // a function: the next message wakes the reader, after all that arrive together with it
	armNow  js.Value     // a function: the next message wakes the reader at once
	urgent  atomic.Int32 // how many more waits wake at the first message
	woken   *jsx.Waker   // listens at channel.port2
	arrived chan struct{}

	reading sync.Mutex
	batch   js.Value // array of events taken from queue; those from next on wait
	next    int
	length  int
	begun   bool          // a message is being read
	signs   time.Duration // interval of the relay's signs of life, or 0
	signed  time.Time     // when the last sign was read
	view    js.Value      // its bytes as a Uint8Array, of which those from offset on are left
	offset  int

	unseen int // upper bound of the bytes that wait in the browser: its buffer when last checked, and all bytes since

	laneURL string // where a relay opens lanes; "" if it was not asked for row blocks
	laneKey string // of the relay's greeting, or ""

	mu     sync.Mutex
	end    error // why no more bytes will come
	gone   js.Func
	told   func() // to be called when the other side has ended the stream, or nil
	closed chan struct{}

	read, write deadline
}

func (*socket) overWebSocket() {} // for TransportOf

func newSocket(ws js.Value) *socket {
	ws.Set("binaryType", "arraybuffer")
	s := &socket{ws: ws, queue: js.Global().Get("Array").New(), channel: js.Global().Get("MessageChannel").New(),
		arrived: make(chan struct{}, 1), closed: make(chan struct{})}
	s.push = s.queue.Get("push").Call("bind", s.queue)
	port := s.channel.Get("port1")
	s.post = port.Get("postMessage").Call("bind", port, 0, js.Global().Get("Array").New())
	once := map[string]any{"once": true}
	s.arm = ws.Get("addEventListener").Call("bind", ws, "message", s.post, once)
	s.woken = jsx.NewWaker(func() {
		select {
		case s.arrived <- struct{}{}:
		default:
		}
	})
	s.armNow = ws.Get("addEventListener").Call("bind", ws, "message", s.woken.Func, once)
	s.channel.Get("port2").Set("onmessage", s.woken.Func)
	for _, event := range [...]string{"message", "close"} {
		ws.Call("addEventListener", event, s.push)
	}
	for _, event := range [...]string{"open", "error", "close"} {
		ws.Call("addEventListener", event, s.post, once)
	}
	return s
}

func (s *socket) waitOpen(ctx context.Context, target Target, policy *jsx.PolicyWatch) error {
	var patience <-chan time.Time
	for woken := false; ; woken = true {
		switch s.ws.Get("readyState").Int() {
		case stateConnecting:
			if woken { // in Node.js 22, an error is the only event of a WebSocket that cannot be opened
				return unreachable(target, &CloseError{Code: int(wire.CloseAbnormal)})
			}
		case stateOpen:
			return nil
		default:
			if err := s.failedToOpen(target); err != nil {
				return err
			}
			if woken && patience == nil { // Chromium sends no close event if a policy forbids the address
				patience = time.After(eventPatience)
			}
		}
		select {
		case <-s.arrived:
		case directive := <-policy.Violated():
			return forbidden(target, directive)
		case <-patience:
			return unreachable(target, &CloseError{Code: int(wire.CloseAbnormal)})
		case <-ctx.Done():
			return client.UnavailableFromContext(ctx, target.Address, "opening the WebSocket")
		}
	}
}

// failedToOpen returns why the socket could not be opened, after the close event.
func (s *socket) failedToOpen(target Target) error {
	if s.queue.Length() == 0 {
		return nil
	}
	closed := closeError(s.queue.Index(s.queue.Length() - 1))
	if refused := Refused(target.Address, closed); refused != nil {
		return refused
	}
	return unreachable(target, closed)
}

func unreachable(target Target, closed *CloseError) error {
	return &client.ConnectionUnavailable{Reason: client.ReasonNetwork, Address: target.Address, CloseCode: closed.Code,
		Message: hiddenCause(target), Err: closed}
}

func closeError(event js.Value) *CloseError {
	return &CloseError{Code: event.Get("code").Int(), Reason: event.Get("reason").String()}
}
