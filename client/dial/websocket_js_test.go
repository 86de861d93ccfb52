package dial

import (
	"bytes"
	"context"
	"io"
	"os"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/jsx"
)

// pageSocket stands in for the browser's WebSocket: an EventTarget whose events the test dispatches. The real one is
// used by the conformance tests.
type pageSocket struct {
	js.Value
	sent      []byte
	frames    int
	closeCode int
}

// install puts a constructor of pageSockets in place of the global WebSocket for the time of the test.
func install(t *testing.T, constructed func(p *pageSocket)) {
	t.Helper()
	original := js.Global().Get("WebSocket")
	var funcs []js.Func
	method := func(f func(args []js.Value)) js.Func {
		wrapped := js.FuncOf(func(_ js.Value, args []js.Value) any { f(args); return nil })
		funcs = append(funcs, wrapped)
		return wrapped
	}
	constructor := js.FuncOf(func(js.Value, []js.Value) any {
		p := &pageSocket{Value: js.Global().Get("EventTarget").New()}
		p.Set("readyState", stateConnecting)
		p.Set("bufferedAmount", 0)
		p.Set("send", method(func(args []js.Value) {
			part := make([]byte, args[0].Length())
			js.CopyBytesToGo(part, args[0])
			p.sent = append(p.sent, part...)
			p.frames++
		}))
		p.Set("close", method(func(args []js.Value) { p.closeCode = args[0].Int() }))
		constructed(p)
		return p.Value
	})
	js.Global().Set("WebSocket", constructor)
	t.Cleanup(func() {
		js.Global().Set("WebSocket", original)
		constructor.Release()
		for _, f := range funcs {
			f.Release()
		}
	})
}

func (p *pageSocket) dispatch(event string, properties map[string]any) {
	e := js.Global().Get("Event").New(event)
	for name, value := range properties {
		e.Set(name, value)
	}
	p.Call("dispatchEvent", e)
}

func (p *pageSocket) open() {
	p.Set("readyState", stateOpen)
	p.dispatch("open", nil)
}

func (p *pageSocket) message(b []byte) {
	p.dispatch("message", map[string]any{"data": jsx.Uint8Array(b).Get("buffer")})
}

func (p *pageSocket) end(code int, reason string) {
	p.Set("readyState", 3)
	p.dispatch("close", map[string]any{"code": code, "reason": reason})
}

var pageTarget = Target{URL: "ws://db:7687/", Address: "db:7687"}

func openPage(t *testing.T) (*pageSocket, *socket) {
	t.Helper()
	var p *pageSocket
	install(t, func(made *pageSocket) {
		p = made
		js.Global().Call("queueMicrotask", opener(t, p.open))
	})
	conn, err := Open(t.Context(), pageTarget)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return p, conn.(*socket)
}

func opener(t *testing.T, f func()) js.Func {
	once := js.FuncOf(func(js.Value, []js.Value) any { f(); return nil })
	t.Cleanup(once.Release)
	return once
}

// later runs f in a later turn of the event loop, in which a burst of events can be dispatched.
func later(t *testing.T, f func()) {
	js.Global().Call("setTimeout", opener(t, f), 0)
}

func TestBurstWakesGoOnce(t *testing.T) {
	p, s := openPage(t)
	wakes := 0
	s.channel.Get("port2").Set("onmessage", opener(t, func() {
		wakes++
		s.woken.Func.Invoke()
	}))
	var want []byte
	for i := range 300 {
		want = append(want, bytes.Repeat([]byte{byte(i)}, i%7+1)...)
	}
	later(t, func() {
		rest := want
		for i := range 300 {
			p.message(rest[:i%7+1])
			rest = rest[i%7+1:]
		}
	})
	got := make([]byte, len(want))
	_, err := io.ReadFull(s, got)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.Equal(t, 1, wakes)
}

func TestSmallReads(t *testing.T) {
	p, s := openPage(t)
	p.message(nil)
	p.message([]byte("hello, "))
	p.message([]byte("world"))
	var got []byte
	piece := make([]byte, 3)
	for len(got) < 12 {
		n, err := s.Read(piece)
		require.NoError(t, err)
		got = append(got, piece[:n]...)
	}
	require.Equal(t, "hello, world", string(got))
}

func TestReadDeadlineLosesNothing(t *testing.T) {
	p, s := openPage(t)
	buffer := make([]byte, 5)
	for range 3 {
		require.NoError(t, s.SetReadDeadline(time.Now().Add(time.Millisecond)))
		_, err := s.Read(buffer)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.NoError(t, s.SetReadDeadline(time.Time{}))
		later(t, func() { p.message([]byte("hello")) })
		_, err = io.ReadFull(s, buffer)
		require.NoError(t, err)
		require.Equal(t, "hello", string(buffer))
	}
}

func TestClosedByServer(t *testing.T) {
	p, s := openPage(t)
	later(t, func() {
		p.message([]byte("last words"))
		p.end(4502, "nobody there")
	})
	words, err := io.ReadAll(s)
	require.Equal(t, "last words", string(words))
	var closed *CloseError
	require.ErrorAs(t, err, &closed)
	require.Equal(t, CloseError{Code: 4502, Reason: "nobody there"}, *closed)
	_, err = s.Write([]byte("x"))
	require.ErrorAs(t, err, &closed)
	require.Equal(t, 4502, closed.Code)
}

func TestTextMessage(t *testing.T) {
	p, s := openPage(t)
	later(t, func() { p.dispatch("message", map[string]any{"data": "hello"}) })
	_, err := s.Read(make([]byte, 1))
	var protocol *client.ProtocolError
	require.ErrorAs(t, err, &protocol)
}

func TestWriteSplitsAndWaits(t *testing.T) {
	p, s := openPage(t)
	p.Set("bufferedAmount", 2*sendLimit)
	s.unseen = 2 * sendLimit // that was sent before
	require.NoError(t, s.SetWriteDeadline(time.Now().Add(10*time.Millisecond)))
	n, err := s.Write([]byte("x"))
	require.Zero(t, n)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)

	require.NoError(t, s.SetWriteDeadline(time.Time{}))
	later(t, func() { p.Set("bufferedAmount", 0) })
	long := bytes.Repeat([]byte("0123456789"), 20_000)
	n, err = s.Write(long)
	require.NoError(t, err)
	require.Equal(t, len(long), n)
	require.Equal(t, (len(long)+frameLimit-1)/frameLimit, p.frames)
	require.True(t, bytes.Equal(long, p.sent))
}

func TestCloseWakesRead(t *testing.T) {
	p, s := openPage(t)
	result := make(chan error, 1)
	go func() {
		_, err := s.Read(make([]byte, 1))
		result <- err
	}()
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	require.ErrorIs(t, <-result, errClosed)
	require.Equal(t, 1000, p.closeCode)
	p.message([]byte("nobody listens any more"))
	require.Zero(t, s.queue.Length())
	_, err := s.Write([]byte("x"))
	require.ErrorIs(t, err, errClosed)
}

func requireReason(t *testing.T, err error, reason client.Reason) *client.ConnectionUnavailable {
	t.Helper()
	var unavailable *client.ConnectionUnavailable
	require.ErrorAs(t, err, &unavailable)
	require.Equal(t, reason, unavailable.Reason)
	return unavailable
}

func TestNotOpened(t *testing.T) {
	for code, reason := range map[int]client.Reason{1006: client.ReasonNetwork, 4403: client.ReasonForbidden,
		4504: client.ReasonTimeout} {
		install(t, func(p *pageSocket) { later(t, func() { p.end(code, "") }) })
		_, err := Open(t.Context(), pageTarget)
		require.Equal(t, code, requireReason(t, err, reason).CloseCode)
	}
}

func TestCancelledWhileOpening(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var p *pageSocket
	install(t, func(made *pageSocket) { p = made; later(t, cancel) })
	_, err := Open(ctx, pageTarget)
	requireReason(t, err, client.ReasonCancelled)
	require.Equal(t, 1000, p.closeCode)
}

func TestThrowingConstructor(t *testing.T) {
	original := js.Global().Get("WebSocket")
	defer js.Global().Set("WebSocket", original)
	throws := func(kind string) {
		js.Global().Set("WebSocket", js.Global().Get("Function").New("throw new DOMException('no', '"+kind+"')"))
	}
	throws("SecurityError")
	_, err := Open(t.Context(), pageTarget)
	requireReason(t, err, client.ReasonForbidden)
	throws("SyntaxError")
	_, err = Open(t.Context(), pageTarget)
	var argument *client.ArgumentError
	require.ErrorAs(t, err, &argument)
	require.Contains(t, err.Error(), "SyntaxError")
}

// tellOfPolicy dispatches the event by which a browser reports that a policy forbids url.
func tellOfPolicy(url, disposition string) {
	event := js.Global().Get("Event").New("securitypolicyviolation")
	event.Set("blockedURI", url)
	event.Set("effectiveDirective", "connect-src")
	event.Set("disposition", disposition)
	js.Global().Call("dispatchEvent", event)
}

func TestPolicyForbids(t *testing.T) {
	// Chromium: the socket is closed from the beginning, and there is an error event but no close event.
	install(t, func(p *pageSocket) {
		p.Set("readyState", 3)
		later(t, func() {
			tellOfPolicy("ws://elsewhere:7687/", "enforce")
			tellOfPolicy(pageTarget.URL, "report")
			tellOfPolicy(pageTarget.URL, "enforce")
			p.dispatch("error", nil)
		})
	})
	_, err := Open(t.Context(), pageTarget)
	require.Contains(t, requireReason(t, err, client.ReasonForbidden).Error(), "connect-src")

	// Firefox: the constructor throws.
	original := js.Global().Get("WebSocket")
	defer js.Global().Set("WebSocket", original)
	js.Global().Set("WebSocket",
		js.Global().Get("Function").New("throw { name: 'NS_ERROR_CONTENT_BLOCKED', message: '' }"))
	later(t, func() { tellOfPolicy(pageTarget.URL, "enforce") })
	_, err = Open(t.Context(), pageTarget)
	require.Contains(t, requireReason(t, err, client.ReasonForbidden).Error(), "connect-src")
}

func TestClosedWithoutACloseEvent(t *testing.T) {
	install(t, func(p *pageSocket) {
		p.Set("readyState", 3)
		later(t, func() {
			tellOfPolicy("ws://elsewhere:7687/", "enforce")
			tellOfPolicy(pageTarget.URL, "report")
			p.dispatch("error", nil)
		})
	})
	_, err := Open(t.Context(), pageTarget)
	requireReason(t, err, client.ReasonNetwork)
}

func noCertificate(context.Context) (client.ClientCertificate, error) {
	return client.ClientCertificate{}, nil
}

func TestNotInABrowser(t *testing.T) {
	for _, target := range []Target{
		{Address: "db:7687"},
		{URL: "wss://db:7687/", Address: "db:7687"},
		{URL: "ws://db:7687/", Address: "db:7687", RootCAs: []byte("x")},
		{URL: "ws://db:7687/", Address: "db:7687", Certificate: noCertificate},
	} {
		_, err := Open(t.Context(), target)
		var unsupported *client.UnsupportedError
		require.ErrorAs(t, err, &unsupported)
	}
	_, err := Open(t.Context(), Target{URL: "wss://db:7687/", Address: "db:7687"})
	require.Contains(t, err.Error(), "relay")
}

func TestHTTPSPage(t *testing.T) {
	original := js.Global().Get("origin")
	js.Global().Set("origin", "https://example.org")
	defer js.Global().Set("origin", original)
	_, err := Open(t.Context(), pageTarget)
	requireReason(t, err, client.ReasonMixedContent)
}
