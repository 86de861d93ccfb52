package server

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/neo4jtest"
	"github.com/webbolt/webbolt/server/household"
)

// stillServes requires that somebody who behaves is served.
func (r *relay) stillServes(t *testing.T) {
	t.Helper()
	p := r.dial(t, "/bolt")
	p.send(hello)
	require.Equal(t, hello, p.read(len(hello)))
	require.NoError(t, p.Close())
}

// raw opens a socket to the relay without any protocol.
func (r *relay) raw(t testing.TB) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", r.address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestThousandHalfOpenHandshakes(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()},
		Limits: Limits{Pending: 100, ConnectionsPerClient: 100}})
	var sockets []net.Conn
	for i := range 1000 {
		conn := r.raw(t)
		if i%2 == 0 {
			_, _ = conn.Write([]byte("GET /bolt HT")) // an upgrade that never ends
		}
		sockets = append(sockets, conn)
	}
	for range 10 {
		r.stillServes(t)
	}
	// The oldest made room.
	_ = sockets[0].SetReadDeadline(time.Now().Add(patience))
	_, err := sockets[0].Read(make([]byte, 1))
	require.Error(t, err)
	require.False(t, timedOut(err), "the oldest socket is open still")
	r.sockets.mu.Lock()
	require.LessOrEqual(t, r.sockets.unfinished, 100)
	r.sockets.mu.Unlock()
}

// A flood of silent sockets pushes out itself, not requests under way.
func TestSilentSocketsBesideARequest(t *testing.T) {
	arrived, answer := make(chan struct{}), make(chan struct{})
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-answer
		_, _ = io.WriteString(w, "at last")
	}))
	defer api.Close()
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()}, HTTP: api.URL,
		Limits: Limits{Pending: 10}})
	got := make(chan string, 1)
	go func() {
		_, text, _ := r.api(t, "POST", "/http/db/neo4j/query/v2", `{"statement":"RETURN 7"}`)
		got <- text
	}()
	<-arrived
	for range 50 {
		r.raw(t)
	}
	r.stillServes(t)
	close(answer)
	require.Equal(t, "at last", <-got)
}

// A body that drips in does not hold the relay's place.
func TestDrippingBody(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	r := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()}, HTTP: neo4j.HTTPURI(),
		Limits: Limits{Write: 500 * time.Millisecond}})
	conn := r.raw(t)
	_, err := io.WriteString(conn, "POST /http/db/neo4j/query/v2 HTTP/1.1\r\nHost: x\r\nContent-Type: "+
		"application/json\r\nContent-Length: 10000\r\n\r\n{")
	require.NoError(t, err)
	go func() {
		for err == nil {
			time.Sleep(50 * time.Millisecond)
			_, err = conn.Write([]byte(" "))
		}
	}()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	_, err2 := io.ReadAll(conn)
	require.False(t, timedOut(err2), "it was not ended")
	status, text, _ := r.api(t, "GET", "/http/", "", "Accept", "application/json")
	require.Equal(t, 200, status, text)
}

func TestThousandSilentWebSockets(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()},
		Limits: Limits{Connections: 2000, ConnectionsPerClient: 2000, Handshake: 3 * time.Second}})
	var pages []*page
	for range 1000 {
		pages = append(pages, r.dial(t, "/bolt"))
	}
	r.stillServes(t)
	for _, p := range pages {
		p.requireClosed(wire.CloseTimeOver, "handshake")
	}
}

func TestSlowloris(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()},
		Limits: Limits{Handshake: 300 * time.Millisecond}})
	conn := r.raw(t)
	began := time.Now()
	_ = conn.SetReadDeadline(began.Add(patience))
	done := make(chan struct{})
	go func() { // a byte now and then
		defer close(done)
		for _, b := range []byte("GET /bolt HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 10000)) {
			if _, err := conn.Write([]byte{b}); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond) // being slow is what this is about
		}
	}()
	r.stillServes(t)
	_, err := io.Copy(io.Discard, conn)
	if err != nil {
		require.False(t, timedOut(err), "the relay waits for ever")
	}
	require.NoError(t, conn.Close())
	<-done

	// The same after the upgrade: the handshake comes byte by byte.
	p := r.dial(t, "/bolt")
	go func() {
		for _, b := range hello {
			if p.WriteMessage(websocket.BinaryMessage, []byte{b}) != nil {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
	}()
	p.requireClosed(wire.CloseTimeOver, "handshake")
}

func TestFloodOfConnections(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()}, Limits: Limits{ConnectionsPerClient: 50}})
	var refused, carried, other int
	var mu sync.Mutex
	var flood sync.WaitGroup
	for range 20 {
		flood.Go(func() {
			for range 25 {
				ws, _, err := websocket.DefaultDialer.Dial("ws://"+r.address+"/bolt", nil)
				if err != nil {
					mu.Lock()
					other++ // 503 where even the refusals are too many
					mu.Unlock()
					continue
				}
				_ = ws.SetReadDeadline(time.Now().Add(patience))
				_ = ws.WriteMessage(websocket.BinaryMessage, hello)
				_, _, err = ws.ReadMessage()
				mu.Lock()
				if websocket.IsCloseError(err, int(wire.CloseTooMany)) {
					refused++
				} else if err == nil {
					carried++
				}
				mu.Unlock()
				t.Cleanup(func() { _ = ws.Close() })
			}
		})
	}
	flood.Wait()
	require.Equal(t, 50, carried)
	require.Equal(t, 450, refused+other)
}

func TestGarbageFrames(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()}})
	for name, frame := range map[string][]byte{
		"not masked":           {0x82, 0x01, 0x00},
		"reserved bits":        {0xF2, 0x81, 0, 0, 0, 0, 0},
		"unknown opcode":       {0x8B, 0x80, 0, 0, 0, 0},
		"long control frame":   {0x89, 0xFE, 0x01, 0x00, 0, 0, 0, 0},
		"continuation of none": {0x80, 0x81, 0, 0, 0, 0, 0},
		"negative length":      {0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0},
		"no frame at all":      []byte("hello, is anybody there?"),
		"half a frame":         {0x82, 0xFE},
	} {
		t.Run(name, func(t *testing.T) {
			conn := r.raw(t)
			fmt.Fprintf(conn, "GET /bolt HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: "+
				"websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
				r.address)
			in := bufio.NewReader(conn)
			response, err := http.ReadResponse(in, nil)
			require.NoError(t, err)
			require.Equal(t, http.StatusSwitchingProtocols, response.StatusCode)
			_, err = conn.Write(frame)
			require.NoError(t, err)
			if name == "half a frame" {
				require.NoError(t, conn.(*net.TCPConn).CloseWrite())
			}
			_ = conn.SetReadDeadline(time.Now().Add(patience))
			_, err = io.Copy(io.Discard, in)
			require.False(t, err != nil && timedOut(err), "the relay keeps the connection")
			r.stillServes(t)
		})
	}
}

func TestFragmentedMessageWithoutEnd(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t,
		func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }).uri()}, Limits: Limits{Frame: 1 << 16}})
	p := r.dial(t, "/bolt")
	p.send(hello)
	w, err := p.NextWriter(websocket.BinaryMessage)
	require.NoError(t, err)
	go func() {
		part := make([]byte, 4096)
		for {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
	}()
	p.requireClosed(wire.CloseTooLarge, "")
	require.NoError(t, p.Close())
	r.stillOpen(t, 0)
}

// stillOpen waits until so many connections are carried.
func (r *relay) stillOpen(t *testing.T, n int) {
	t.Helper()
	require.Eventually(t, func() bool { return len(r.open()) == n }, patience, time.Millisecond)
}

// A page that takes nothing of a large result is cut; others are not.
func TestSlowPageIsCut(t *testing.T) {
	r := newRelay(t, Config{Limits: Limits{Write: 200 * time.Millisecond},
		Upstreams: []string{newUpstream(t, func(conn net.Conn) {
			b := make([]byte, 1<<20)
			_, _ = io.ReadFull(conn, b[:handshakeSize])
			if b[19] == 1 { // the slow one
				for {
					if _, err := conn.Write(b); err != nil {
						return
					}
				}
			}
			_, _ = conn.Write(hello)
			echo(conn)
		}).uri()}})
	slow := r.dial(t, "/bolt")
	last := append([]byte(nil), hello...)
	last[19] = 1
	slow.send(last)
	r.stillServes(t)
	e := r.events.await(t, func(e Event) bool { return e.Kind == EventClosed && e.Code == wire.CloseTimeOver })
	require.Contains(t, e.Reason, "takes nothing")
}

// resultOf has a page ask a real server for a large result, and reads the beginning of it.
func resultOf(t *testing.T, r *relay) *boltPage {
	t.Helper()
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	p := r.bolt(t)
	p.login(5, 8, dict{"scheme": "basic", "principal": neo4j.User, "credentials": neo4j.Password})
	p.ask(wire.MessageRun, "UNWIND range(1, 10000000) AS x RETURN x, toString(x)", dict{}, dict{})
	p.ask(wire.MessagePull, dict{"n": int64(-1)})
	p.want(wire.MessageSuccess)
	for range 1000 {
		p.want(wire.MessageRecord)
	}
	return p
}

func TestPageGoneInMidResult(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	r := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()}})
	p := resultOf(t, r)
	require.NoError(t, p.NetConn().(*net.TCPConn).SetLinger(0))
	require.NoError(t, p.Close())
	r.stillOpen(t, 0)
	other := r.bolt(t)
	other.login(5, 8, dict{"scheme": "basic", "principal": neo4j.User, "credentials": neo4j.Password})
	require.EqualValues(t, 1, other.value("RETURN 1", dict{}))
}

// The connection to Neo4j ends with a reset, as it does when its process is killed.
func TestUpstreamKilledInMidResult(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	killed := make(chan struct{})
	up := newUpstream(t, func(conn net.Conn) {
		behind, err := net.Dial("tcp", neo4j.BoltAddr)
		if err != nil {
			return
		}
		defer behind.Close()
		go func() { _, _ = io.Copy(behind, conn) }()
		go func() { _, _ = io.Copy(conn, behind) }()
		<-killed
		_ = conn.(*net.TCPConn).SetLinger(0)
	})
	r := newRelay(t, Config{Upstreams: []string{up.uri(), neo4j.BoltURI()}})
	p := resultOf(t, r)
	close(killed)
	p.requireClosed(wire.CloseUnreachable, "broke")
	r.stillOpen(t, 0)
	other := &boltPage{page: r.dial(t, "/bolt/"+neo4j.BoltAddr)}
	other.login(5, 8, dict{"scheme": "basic", "principal": neo4j.User, "credentials": neo4j.Password})
	require.EqualValues(t, 1, other.value("RETURN 1", dict{}))
}

func TestGoroutinesEnd(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()}})
	r.stillServes(t)
	r.stillOpen(t, 0)
	before := runtime.NumGoroutine()
	for range 200 {
		r.stillServes(t)
	}
	r.stillOpen(t, 0)
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+5 }, patience, 10*time.Millisecond)
}

func TestClientsBehindProxies(t *testing.T) {
	p := proxies{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		remote string
		hops   []string
		want   string
	}{
		{"1.2.3.4:5", []string{"9.9.9.9"}, "1.2.3.4"}, // no proxy of ours
		{"10.0.0.1:5", nil, "10.0.0.1"},
		{"10.0.0.1:5", []string{"1.2.3.4"}, "1.2.3.4"},
		{"10.0.0.1:5", []string{"9.9.9.9, 1.2.3.4"}, "1.2.3.4"}, // the first is the client's invention
		{"10.0.0.1:5", []string{"9.9.9.9", "1.2.3.4, 10.0.0.2"}, "1.2.3.4"},
		{"10.0.0.1:5", []string{"1.2.3.4, nonsense"}, "10.0.0.1"},
		{"10.0.0.1:5", []string{"::ffff:1.2.3.4"}, "1.2.3.4"},
		{"10.0.0.1:5", []string{"9.9.9.9:1, 1.2.3.4:56789"}, "1.2.3.4"},
		{"10.0.0.1:5", []string{"[2a00::1]:443"}, "2a00::1"},
		{"10.0.0.1:5", []string{"[2a00::1]"}, "2a00::1"},
		{"10.0.0.1:5", []string{"1.2.3.4, 10.0.0.2:80"}, "1.2.3.4"},
		{"10.0.0.1:5", []string{"1.2.3.4:x"}, "10.0.0.1"},
	} {
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{"X-Forwarded-For": c.hops}}
		require.Equal(t, c.want, p.clientOf(r).String(), c.hops)
	}
	require.Equal(t, household.Of(netip.MustParseAddr("2a00::1")), household.Of(netip.MustParseAddr("2a00::ffff")))
	require.NotEqual(t, household.Of(netip.MustParseAddr("1.2.3.4")), household.Of(netip.MustParseAddr("1.2.3.5")))
}
