//go:build !js

package dial

import (
	"bytes"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/probe"
)

// serveWebSocket serves one WebSocket and returns its address.
func serveWebSocket(t *testing.T, serve func(ws *websocket.Conn)) string {
	t.Helper()
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(done)
		upgrader := websocket.Upgrader{}
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		serve(ws)
	}))
	t.Cleanup(func() { <-done; server.Close() })
	return "ws" + strings.TrimPrefix(server.URL, "http") + "/"
}

func openURL(t *testing.T, url string) Conn {
	t.Helper()
	conn, err := Open(t.Context(), Target{URL: url, Address: "db:7687"})
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestWebSocketEcho(t *testing.T) {
	frames := make(chan int, 100)
	conn := openURL(t, serveWebSocket(t, func(ws *websocket.Conn) {
		ws.SetReadLimit(64 << 10)
		for {
			kind, message, err := ws.ReadMessage()
			if err != nil {
				return
			}
			frames <- len(message)
			if ws.WriteMessage(kind, message) != nil {
				return
			}
		}
	}))
	require.Equal(t, client.TransportWebSocket, TransportOf(conn))
	sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<14) // 256 KiB, more than four frames
	wrote := make(chan error, 1)
	go func() {
		n, err := conn.Write(sent)
		if n != len(sent) && err == nil {
			err = io.ErrShortWrite
		}
		wrote <- err
	}()
	got := make([]byte, len(sent))
	_, err := io.ReadFull(conn, got)
	require.NoError(t, err)
	require.NoError(t, <-wrote)
	require.True(t, bytes.Equal(sent, got))
	require.Len(t, frames, 5)
	for range 5 {
		require.LessOrEqual(t, <-frames, frameLimit)
	}
}

func TestWebSocketReadDeadlineLosesNothing(t *testing.T) {
	next := make(chan struct{})
	conn := openURL(t, serveWebSocket(t, func(ws *websocket.Conn) {
		for range next {
			if ws.WriteMessage(websocket.BinaryMessage, []byte("hello")) != nil {
				return
			}
		}
	}))
	defer close(next)
	buffer := make([]byte, 5)
	for range 3 {
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Millisecond)))
		_, err := conn.Read(buffer)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.NoError(t, conn.SetReadDeadline(time.Time{}))
		next <- struct{}{}
		_, err = io.ReadFull(conn, buffer)
		require.NoError(t, err)
		require.Equal(t, "hello", string(buffer))
	}
}

func TestWebSocketDeadlineWakesRead(t *testing.T) {
	quit := make(chan struct{})
	conn := openURL(t, serveWebSocket(t, func(ws *websocket.Conn) { <-quit }))
	defer close(quit)
	started := make(chan struct{})
	result := make(chan error, 1)
	go func() {
		close(started)
		_, err := conn.Read(make([]byte, 1))
		result <- err
	}()
	<-started
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(-time.Second)))
	require.ErrorIs(t, <-result, os.ErrDeadlineExceeded)
}

func TestWebSocketDeadlineEndsStuckWrite(t *testing.T) {
	quit := make(chan struct{})
	conn := openURL(t, serveWebSocket(t, func(*websocket.Conn) { <-quit }))
	defer close(quit)
	result := make(chan error, 1)
	started := make(chan struct{})
	go func() {
		close(started)
		_, err := conn.Write(make([]byte, 64<<20)) // more than the network buffers if the other side does not read
		result <- err
	}()
	<-started
	require.NoError(t, conn.SetWriteDeadline(time.Now().Add(-time.Second)))
	require.ErrorIs(t, <-result, os.ErrDeadlineExceeded)
}

func TestWebSocketHoldsTheServerBack(t *testing.T) {
	conn := openURL(t, serveWebSocket(t, func(ws *websocket.Conn) {
		for range 64 {
			if ws.WriteMessage(websocket.BinaryMessage, make([]byte, 256<<10)) != nil {
				return
			}
		}
	}))
	total, largest := 0, 0
	buffer := make([]byte, 100_000)
	for total < 16<<20 {
		n, err := conn.Read(buffer)
		require.NoError(t, err)
		total += n
		s := conn.(*socket)
		s.inbox.mu.Lock()
		largest = max(largest, len(s.inbox.data))
		s.inbox.mu.Unlock()
	}
	require.Equal(t, 16<<20, total)
	// Consumed bytes stay in front of waiting ones until all are consumed.
	require.Less(t, largest, 2*inboxLimit+2*readBufferSize)
}

func TestWebSocketClosedByServer(t *testing.T) {
	conn := openURL(t, serveWebSocket(t, func(ws *websocket.Conn) {
		_ = ws.WriteMessage(websocket.BinaryMessage, []byte("last words"))
		_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4502, "nobody there"),
			time.Now().Add(time.Minute))
		_, _, _ = ws.ReadMessage()
	}))
	words := make([]byte, 10)
	_, err := io.ReadFull(conn, words)
	require.NoError(t, err)
	require.Equal(t, "last words", string(words))
	for range 2 {
		_, err = conn.Read(words)
		var closed *CloseError
		require.ErrorAs(t, err, &closed)
		require.Equal(t, CloseError{Code: 4502, Reason: "nobody there"}, *closed)
		require.ErrorIs(t, err, io.EOF)
	}
	_, err = conn.Write(words)
	var closed *CloseError
	require.ErrorAs(t, err, &closed)
	require.Equal(t, 4502, closed.Code)
}

func TestWebSocketCut(t *testing.T) {
	conn := openURL(t, serveWebSocket(t, func(ws *websocket.Conn) { _ = ws.NetConn().Close() }))
	_, err := conn.Read(make([]byte, 1))
	var closed *CloseError
	require.ErrorAs(t, err, &closed)
	require.Equal(t, 1006, closed.Code)
}

func TestWebSocketText(t *testing.T) {
	conn := openURL(t, serveWebSocket(t, func(ws *websocket.Conn) {
		_ = ws.WriteMessage(websocket.TextMessage, []byte("hello"))
		_, _, _ = ws.ReadMessage()
	}))
	_, err := conn.Read(make([]byte, 1))
	var protocol *client.ProtocolError
	require.ErrorAs(t, err, &protocol)
}

func TestWebSocketClose(t *testing.T) {
	code := make(chan error, 1)
	conn := openURL(t, serveWebSocket(t, func(ws *websocket.Conn) {
		_, _, err := ws.ReadMessage()
		code <- err
	}))
	waiting := make(chan error, 1)
	go func() {
		_, err := conn.Read(make([]byte, 1))
		waiting <- err
	}()
	require.NoError(t, conn.Close())
	require.NoError(t, conn.Close(), "twice does nothing")
	require.True(t, websocket.IsCloseError(<-code, websocket.CloseNormalClosure))
	require.ErrorIs(t, <-waiting, net.ErrClosed)
	_, err := conn.Write([]byte("x"))
	require.ErrorIs(t, err, net.ErrClosed)
}

func TestUpgradeRefused(t *testing.T) {
	reasons := map[int]client.Reason{http.StatusOK: client.ReasonNotNeo4j, http.StatusNotFound: client.ReasonNotNeo4j,
		http.StatusForbidden: client.ReasonForbidden, http.StatusUnauthorized: client.ReasonForbidden,
		http.StatusBadGateway: client.ReasonClosed}
	for status, reason := range reasons {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
			_ *http.Request) {
			w.WriteHeader(status)
		}))
		_, err := Open(t.Context(), Target{URL: "ws" + strings.TrimPrefix(server.URL, "http"), Address: "db:7687"})
		require.Equal(t, "db:7687", requireUnavailable(t, err, reason).Address)
		server.Close()
	}
}

func TestWebSocketTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		upgrader := websocket.Upgrader{}
		if ws, err := upgrader.Upgrade(w, r, nil); err == nil {
			_ = ws.WriteMessage(websocket.BinaryMessage, []byte("hello"))
			_ = ws.Close()
		}
	}))
	defer server.Close()
	target := Target{URL: "wss" + strings.TrimPrefix(server.URL, "https") + "/",
		Address: server.Listener.Addr().String(), Verify: true}
	_, err := Open(t.Context(), target)
	requireUnavailable(t, err, client.ReasonTLS)
	target.RootCAs = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	conn, err := Open(t.Context(), target)
	require.NoError(t, err)
	words := make([]byte, 5)
	_, err = io.ReadFull(conn, words)
	require.NoError(t, err)
	require.Equal(t, "hello", string(words))
	require.NoError(t, conn.Close())
}

// A peer that answers pings may stay silent for any time; the connection to a peer that does not is given up.
func TestWebSocketSilence(t *testing.T) {
	for name, answers := range map[string]bool{"a peer that answers pings": true, "a peer that is gone": false} {
		t.Run(name, func(t *testing.T) {
			pings, release := make(chan struct{}, 100), make(chan struct{})
			conn := openURL(t, serveWebSocket(t, func(ws *websocket.Conn) {
				pong := ws.PingHandler()
				ws.SetPingHandler(func(data string) error {
					pings <- struct{}{}
					if answers {
						return pong(data)
					}
					return nil
				})
				go func() {
					<-release
					_ = ws.WriteMessage(websocket.BinaryMessage, []byte{1})
				}()
				_, _, _ = ws.ReadMessage()
			}))
			conn.(*socket).quiet = silence{after: 50 * time.Millisecond, interval: 50 * time.Millisecond}
			read := make(chan error, 1)
			go func() {
				_, err := conn.Read(make([]byte, 1))
				read <- err
			}()
			if !answers {
				require.ErrorIs(t, <-read, errSilent)
				require.Len(t, pings, probe.Count)
				_ = conn.Close()
				close(release)
				return
			}
			for range probe.Count + 1 {
				<-pings
			}
			close(release)
			require.NoError(t, <-read)
		})
	}
}
