package server

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/wire"
)

// patience is how long a test waits for what must happen; a test that needs it all fails.
const patience = time.Minute

// hello is a handshake that asks for the manifest and Bolt 5.8 to 5.0.
var hello = unhex("6060B017 000001FF 00080805 00000000 00000000")

func unhex(text string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

// fakeUpstream accepts connections and has each served by a function.
type fakeUpstream struct {
	net.Listener
	served sync.WaitGroup
}

func newUpstream(t testing.TB, serve func(net.Conn)) *fakeUpstream {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	u := &fakeUpstream{Listener: listener}
	accepting := make(chan struct{})
	go func() {
		defer close(accepting)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			u.served.Go(func() {
				defer conn.Close()
				serve(conn)
			})
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-accepting
		u.served.Wait()
	})
	return u
}

func (u *fakeUpstream) uri() string { return "bolt://" + u.Addr().String() }

// echo answers with what comes, the handshake included.
func echo(conn net.Conn) { _, _ = io.Copy(conn, conn) }

// relay is a relay under test.
type relay struct {
	*Server
	address string
	events  *eventLog
}

func newRelay(t testing.TB, config Config) *relay {
	t.Helper()
	events := &eventLog{changed: make(chan struct{}, 1)}
	config.Events = events.add
	s, err := New(config)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(context.Background(), listener) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		_ = s.Shutdown(ctx)
		require.ErrorIs(t, <-ended, ErrClosed)
		require.Empty(t, s.open(), "connections are left")
		s.census.requireEmpty(t) // handlers whose client is gone end by themselves
		require.Eventually(t, func() bool { return s.budget.Used() == 0 }, patience, time.Millisecond)
		s.sockets.requireEmpty(t)
	})
	return &relay{Server: s, address: listener.Addr().String(), events: events}
}

// eventLog keeps events, and lets a test wait for one.
type eventLog struct {
	mu      sync.Mutex
	events  []Event
	changed chan struct{}
}

func (l *eventLog) add(e Event) {
	l.mu.Lock()
	l.events = append(l.events, e)
	l.mu.Unlock()
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

func (l *eventLog) await(t testing.TB, fits func(Event) bool) Event {
	t.Helper()
	late := time.After(patience)
	for {
		l.mu.Lock()
		for _, e := range l.events {
			if fits(e) {
				l.mu.Unlock()
				return e
			}
		}
		l.mu.Unlock()
		select {
		case <-l.changed:
		case <-late:
			require.FailNow(t, "the event did not come")
		}
	}
}

// page is a client of the relay.
type page struct {
	testing.TB
	*websocket.Conn
}

func (r *relay) open1(t testing.TB, path string, header http.Header) (*page, error) {
	t.Helper()
	dialer := websocket.Dialer{HandshakeTimeout: patience}
	ws, response, err := dialer.Dial("ws://"+r.address+path, header)
	if err != nil {
		if response != nil {
			err = errors.Join(err, errors.New(response.Status))
		}
		return nil, err
	}
	_ = ws.SetReadDeadline(time.Now().Add(patience))
	t.Cleanup(func() { _ = ws.Close() })
	return &page{t, ws}, nil
}

// dial opens a WebSocket to the relay.
func (r *relay) dial(t testing.TB, path string) *page {
	t.Helper()
	p, err := r.open1(t, path, nil)
	require.NoError(t, err)
	return p
}

func (p *page) send(data []byte) {
	p.Helper()
	require.NoError(p, p.WriteMessage(websocket.BinaryMessage, data))
}

// read returns the next n bytes.
func (p *page) read(n int) []byte {
	p.Helper()
	var got []byte
	for len(got) < n {
		kind, data, err := p.ReadMessage()
		require.NoError(p, err)
		require.Equal(p, websocket.BinaryMessage, kind)
		got = append(got, data...)
	}
	require.Len(p, got, n)
	return got
}

// closed reads until the relay closes, and returns code and reason.
func (p *page) closed() (wire.CloseCode, string) {
	p.Helper()
	for {
		if _, _, err := p.ReadMessage(); err != nil {
			var closed *websocket.CloseError
			require.ErrorAs(p, err, &closed)
			return wire.CloseCode(closed.Code), closed.Text
		}
	}
}

func (p *page) requireClosed(code wire.CloseCode, text string) {
	p.Helper()
	got, reason := p.closed()
	require.Equal(p, code, got, reason)
	require.Contains(p, reason, text)
}
