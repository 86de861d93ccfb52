//go:build !js

package dial

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/probe"
)

const (
	readBufferSize = 32 << 10
	// closeTimeout limits how long Close waits to send a close frame to a peer that reads no bytes.
	closeTimeout = time.Second
)

var writeBuffers = &sync.Pool{}

// socket is a WebSocket as a stream. After a read deadline gorilla cannot read on, so a goroutine reads without a
// deadline and fills the inbox. A reader of the inbox can stop waiting without losing bytes.
type socket struct {
	ws     *websocket.Conn
	raw    *deadlineKeeper
	inbox  *inbox
	read   deadline
	closed chan struct{} // by Close
	pumped chan struct{} // the pump has ended

	quiet     silence // the reader's
	closeOnce sync.Once
}

func (*socket) overWebSocket() {} // for TransportOf

// deadlineKeeper ignores the write deadlines that gorilla sets at every frame, so that our deadline also ends a running
// write.
type deadlineKeeper struct{ net.Conn }

// SetWriteDeadline does nothing.
func (*deadlineKeeper) SetWriteDeadline(time.Time) error { return nil }

func openWebSocket(ctx context.Context, target Target) (Conn, error) {
	var raw *deadlineKeeper
	upgrade := websocket.Dialer{
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := probe.Dialer().DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			raw = &deadlineKeeper{conn}
			return raw, nil
		},
		ReadBufferSize:  readBufferSize,
		WriteBufferSize: frameLimit,
		WriteBufferPool: writeBuffers,
	}
	if strings.HasPrefix(target.URL, "wss:") {
		config, err := target.tlsConfig()
		if err != nil {
			return nil, err
		}
		upgrade.TLSClientConfig = config
	}
	ws, response, err := upgrade.DialContext(ctx, target.URL, nil)
	if err != nil {
		return nil, refusedUpgrade(ctx, target, response, err)
	}
	s := &socket{ws: ws, raw: raw, inbox: newInbox(), closed: make(chan struct{}), pumped: make(chan struct{}),
		quiet: silence{after: probe.After, interval: probe.Interval}}
	ws.SetPongHandler(func(string) error {
		wake(s.inbox.arrived)
		return nil
	})
	go s.pump()
	return s, nil
}

func refusedUpgrade(ctx context.Context, target Target, response *http.Response, err error) error {
	if response == nil {
		return unavailable(ctx, target, "opening the WebSocket", err)
	}
	answer := "HTTP " + strconv.Itoa(response.StatusCode) + " instead of a WebSocket"
	wrong := &client.ConnectionUnavailable{Reason: client.ReasonNotNeo4j, Address: target.Address, Err: err,
		Message: "the server answers " + answer + "; check host, port and path"}
	switch {
	case response.StatusCode == http.StatusUnauthorized || response.StatusCode == http.StatusForbidden:
		wrong.Reason, wrong.Message = client.ReasonForbidden, "not allowed: the server answers "+answer
	case response.StatusCode >= 500:
		wrong.Reason, wrong.Message = client.ReasonClosed, "the server answers "+answer
	}
	return wrong
}

func (s *socket) pump() {
	defer close(s.pumped)
	buffer := make([]byte, readBufferSize)
	for {
		kind, message, err := s.ws.NextReader()
		if err == nil && kind != websocket.BinaryMessage {
			err = &client.ProtocolError{Message: "the server sent a text message over the WebSocket; Bolt is binary"}
		}
		for err == nil {
			var n int
			n, err = message.Read(buffer)
			if n > 0 && !s.inbox.put(buffer[:n], s.closed) {
				return
			}
		}
		if err != io.EOF {
			s.inbox.end(lost(err))
			return
		}
	}
}

// lost turns gorilla's close error into a [*CloseError].
func lost(err error) error {
	if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
		return &CloseError{Code: closed.Code, Reason: closed.Text}
	}
	return err
}

func (s *socket) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for waits := 0; ; waits++ {
		passed := s.read.wait()
		switch {
		case isClosed(s.closed):
			return 0, net.ErrClosed
		case isClosed(passed):
			return 0, errTimeout
		}
		if n, err := s.inbox.read(p); n > 0 || err != nil {
			return n, err
		}
		if waits == 0 {
			s.quiet.begin()
			defer s.quiet.stop()
		}
		select {
		case <-s.inbox.arrived:
			s.quiet.begin()
		case <-s.quiet.timer.C:
			s.probe()
		case <-passed:
		case <-s.closed:
		}
	}
}

// probe pings a peer that has been silent, and gives the connection up after some pings without an answer.
func (s *socket) probe() {
	if s.quiet.unanswered == probe.Count {
		s.inbox.end(errSilent)
		return
	}
	s.quiet.unanswered++
	s.quiet.timer.Reset(s.quiet.interval)
	// only the answer matters
	go func() { _ = s.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(probe.Interval)) }()
}

var errSilent = errors.New("the other side has sent nothing for " + probe.Vanished.String() +
	", not even answers to pings")

// silence measures how long a reader has waited for bytes from the peer.
type silence struct {
	after, interval time.Duration // before the first ping, and between pings
	timer           *time.Timer
	unanswered      int // pings
}

func (q *silence) begin() {
	q.unanswered = 0
	if q.timer == nil {
		q.timer = time.NewTimer(q.after)
		return
	}
	q.timer.Reset(q.after)
}

func (q *silence) stop() { q.timer.Stop() }

func (s *socket) Write(p []byte) (written int, err error) {
	for written < len(p) {
		if isClosed(s.closed) {
			return written, net.ErrClosed
		}
		part := p[written:min(len(p), written+frameLimit)]
		if err := s.ws.WriteMessage(websocket.BinaryMessage, part); err != nil {
			return written, s.writeFailed(err)
		}
		written += len(part)
	}
	return written, nil
}

// writeFailed returns the reason in the other side's close frame, if there is one, else err.
func (s *socket) writeFailed(err error) error {
	if TimedOut(err) {
		return errTimeout
	}
	s.inbox.mu.Lock()
	defer s.inbox.mu.Unlock()
	if closed, ok := errors.AsType[*CloseError](s.inbox.err); ok {
		return closed
	}
	return lost(err)
}

// Readable implements [Readable].
func (s *socket) Readable() bool { return s.inbox.readable() }

// OnEnd implements [OnEnd].
func (s *socket) OnEnd(told func()) { s.inbox.onEnd(told) }

func (s *socket) SetReadDeadline(t time.Time) error {
	s.read.set(t)
	return nil
}

func (s *socket) SetWriteDeadline(t time.Time) error { return s.raw.Conn.SetWriteDeadline(t) }

// Close sends a close frame and waits for the pump. Errors on the way do not matter any more.
func (s *socket) Close() error {
	s.closeOnce.Do(func() {
		close(s.closed)
		s.read.stop()
		_ = s.SetWriteDeadline(time.Now().Add(closeTimeout)) // also ends a write that is stuck
		goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
		_ = s.ws.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(closeTimeout))
		_ = s.ws.Close()
		<-s.pumped
	})
	return nil
}
