package server

import (
	"bytes"
	"crypto/rand"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/wire"
)

func TestCarriesBothWays(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()}})
	for _, path := range []string{"/bolt", "/", "/bolt/" + r.config.Upstreams[0][len("bolt://"):]} {
		p := r.dial(t, path)
		p.send(hello[:7]) // frames mean nothing
		p.send(hello[7:])
		require.Equal(t, hello, p.read(len(hello)))
		data := make([]byte, 300<<10)
		_, _ = rand.Read(data)
		go func() {
			for part := data; len(part) > 0; part = part[min(len(part), 50_000):] {
				if p.WriteMessage(websocket.BinaryMessage, part[:min(len(part), 50_000)]) != nil {
					return
				}
			}
		}()
		require.True(t, bytes.Equal(data, p.read(len(data))))
	}
}

func TestLoneMessageIsOneFrame(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()}})
	p := r.dial(t, "/bolt")
	for _, message := range []string{string(hello), "a", "bc"} {
		p.send([]byte(message))
		_, data, err := p.ReadMessage()
		require.NoError(t, err)
		require.Equal(t, message, string(data))
	}
}

func TestUpstreamClosesPage(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, func(conn net.Conn) {
		_, _ = io.ReadFull(conn, make([]byte, handshakeSize))
		_, _ = conn.Write([]byte("bye"))
	}).uri()}})
	p := r.dial(t, "/bolt")
	p.send(hello)
	require.Equal(t, "bye", string(p.read(3)))
	p.requireClosed(wire.CloseNormal, "the server closed")
	e := r.events.await(t, func(e Event) bool { return e.Kind == EventClosed })
	require.EqualValues(t, 3, e.Sent)
	require.EqualValues(t, handshakeSize, e.Received)
}

// A server that says why and hangs up is heard, even while the page goes on sending.
func TestLastWords(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, func(conn net.Conn) {
		_, _ = io.ReadFull(conn, make([]byte, handshakeSize))
		_, _ = conn.Write([]byte("bye"))
		_ = conn.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, conn)
	}).uri()}})
	for range 20 {
		p := r.dial(t, "/bolt")
		p.send(hello)
		sending := make(chan struct{})
		go func() {
			defer close(sending)
			for p.WriteMessage(websocket.BinaryMessage, make([]byte, 1000)) == nil {
			}
		}()
		require.Equal(t, "bye", string(p.read(3)))
		p.requireClosed(wire.CloseNormal, "")
		require.NoError(t, p.Close())
		<-sending
	}
}

func TestUpstreamBreaks(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, func(conn net.Conn) {
		_, _ = io.ReadFull(conn, make([]byte, handshakeSize))
		_ = conn.(*net.TCPConn).SetLinger(0) // Close sends a reset
	}).uri()}})
	p := r.dial(t, "/bolt")
	p.send(hello)
	p.requireClosed(wire.CloseUnreachable, "broke")
}

func TestPageClosesUpstream(t *testing.T) {
	for _, how := range []string{"close frame", "no word"} {
		t.Run(how, func(t *testing.T) {
			ended := make(chan error, 1)
			r := newRelay(t, Config{Upstreams: []string{newUpstream(t, func(conn net.Conn) {
				_, err := io.Copy(io.Discard, conn)
				ended <- err
			}).uri()}})
			p := r.dial(t, "/bolt")
			p.send(hello)
			r.events.await(t, func(e Event) bool { return e.Kind == EventOpened })
			if how == "close frame" {
				frame := websocket.FormatCloseMessage(1000, "")
				require.NoError(t, p.WriteControl(websocket.CloseMessage, frame, time.Now().Add(patience)))
			} else {
				require.NoError(t, p.Close())
			}
			<-ended
			e := r.events.await(t, func(e Event) bool { return e.Kind == EventClosed })
			require.Zero(t, e.Code)
		})
	}
}

func TestBackPressure(t *testing.T) {
	const size = 64 << 20
	written := make(chan int, 1)
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, func(conn net.Conn) {
		_, _ = io.ReadFull(conn, make([]byte, handshakeSize))
		_ = conn.SetWriteDeadline(time.Now().Add(time.Second)) // a page that does not read
		n, _ := conn.Write(make([]byte, size))
		written <- n
	}).uri()}})
	p := r.dial(t, "/bolt")
	p.send(hello)
	require.Less(t, <-written, size/2, "the relay took what nobody reads")
	for {
		if _, _, err := p.ReadMessage(); err != nil {
			break
		}
	}
}

func TestServesThePage(t *testing.T) {
	r := newRelay(t, Config{
		Upstreams: []string{"bolt://localhost:1"},
		Static:    fstest.MapFS{"index.html": {Data: []byte("<p>hello")}, "a.js": {Data: []byte("1")}},
	})
	for path, text := range map[string]string{"/": "<p>hello", "/a.js": "1"} {
		response, err := http.Get("http://" + r.address + path)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, text, string(body))
	}
	response, err := http.Get("http://" + r.address + "/bolt")
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusUpgradeRequired, response.StatusCode)
	http.DefaultClient.CloseIdleConnections()
}
