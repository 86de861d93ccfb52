package server

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// requireEmpty requires that every socket that was accepted has left.
func (s *sockets) requireEmpty(t testing.TB) {
	t.Helper()
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.all == 0 && len(s.byClient) == 0 && s.unfinished == 0 && len(s.crowds) == 0 && len(s.crowdOf) == 0
	}, patience, time.Millisecond, "sockets are left")
}

// bodiless sends a request whose body never comes.
func (r *relay) bodiless(t testing.TB, path string, header ...string) net.Conn {
	t.Helper()
	conn := r.raw(t)
	_, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "+
		"1000\r\n%s\r\n", path, strings.Join(header, ""))
	require.NoError(t, err)
	return conn
}

// ended requires that the relay ends the socket.
func ended(t testing.TB, conn net.Conn) {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	_, err := io.Copy(io.Discard, conn)
	require.False(t, err != nil && timedOut(err), "the relay keeps the socket")
}

// Requests whose body never comes have an end on every path, though net/http waits for bodies without one.
func TestBodiesThatNeverCome(t *testing.T) {
	up := newUpstream(t, echo)
	r := newRelay(t, Config{Upstreams: []string{up.uri()}, HTTP: "http://" + up.Addr().String(),
		Limits: Limits{Write: 300 * time.Millisecond, Handshake: 300 * time.Millisecond, Ping: time.Hour}})
	var sockets []net.Conn
	for _, path := range []string{"/", "/bolt", "/bolt/x:1", "/healthz", "/readyz", "/no/such", "/http/",
		"/http/db/neo4j/query/v2", "/http/db/neo4j/no/such", "//"} {
		chunked := r.raw(t)
		_, err := fmt.Fprintf(chunked, "POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
			path)
		require.NoError(t, err)
		sockets = append(sockets, chunked, r.bodiless(t, path), r.bodiless(t, path, "Expect: 100-continue\r\n"))
	}
	for _, conn := range sockets {
		ended(t, conn)
	}
}

// One client that holds thousands of sockets in every way there is takes nobody's place.
func TestOneClientsSocketsAreBounded(t *testing.T) {
	up := newUpstream(t, echo)
	r := newRelay(t, Config{Upstreams: []string{up.uri()}, HTTP: "http://" + up.Addr().String(),
		TrustedProxies: behindProxy,
		Limits:         Limits{Sockets: 200, SocketsPerClient: 100, Pending: 100}})
	for range 500 {
		r.bodiless(t, "/http/db/neo4j/query/v2", "X-Forwarded-For: 192.0.2.66\r\n")
	}
	status, text, _ := r.api(t, "GET", "/healthz", "", "X-Forwarded-For", "192.0.2.1")
	require.Equal(t, 200, status, text)
	p := r.boltFrom(t, "192.0.2.1")
	p.send(hello)
	require.Equal(t, hello, p.readN(len(hello)))
	r.sockets.mu.Lock()
	defer r.sockets.mu.Unlock()
	require.LessOrEqual(t, r.sockets.all, 200)
	require.LessOrEqual(t, r.sockets.unfinished, 101)
	require.Equal(t, 1, r.sockets.byClient[netip.MustParsePrefix("192.0.2.1/32")],
		"the WebSocket counts for who the proxy says opened it")
}

// A body is no reason to keep a socket open beyond the limits of one address, without any proxy.
func TestBodilessFloodOfOneAddress(t *testing.T) {
	up := newUpstream(t, echo)
	r := newRelay(t, Config{Upstreams: []string{up.uri()}, HTTP: "http://" + up.Addr().String(),
		Limits: Limits{SocketsPerClient: 50}})
	first := r.bodiless(t, "/http/db/neo4j/query/v2")
	for range 300 {
		r.bodiless(t, "/http/db/neo4j/query/v2")
	}
	r.stillServes(t)
	ended(t, first)
	require.LessOrEqual(t, r.sockets.count(), 50.)
	require.NotZero(t, counted(t, r, "sockets_per_client"))
}

// counted is how often the limit was reached.
func counted(t *testing.T, r *relay, limit string) int {
	t.Helper()
	_, text := get(t, r.AdminHandler(), "/metrics")
	_, rest, found := strings.Cut(text, `webbolt_relay_limits_reached_total{limit="`+limit+`"} `)
	if !found {
		return 0
	}
	var n int
	_, err := fmt.Sscan(rest, &n)
	require.NoError(t, err)
	return n
}

// peer is a socket that claims to come from an address.
type peer struct {
	net.Conn
	address netip.Addr
	closed  bool
}

func (p *peer) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(p.address, 1234))
}

func (p *peer) Close() error {
	p.closed = true
	return nil
}

// A flood of silent sockets, of one address or of a network, does not push out the slow handshake of a distant client.
func TestSilentFloodLeavesDistantClientsAlone(t *testing.T) {
	for name, address := range map[string]func(i int) netip.Addr{
		"one address":     func(int) netip.Addr { return netip.MustParseAddr("198.51.100.7") },
		"an IPv4 network": func(i int) netip.Addr { return netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}) },
		"one IPv6 customer": func(i int) netip.Addr {
			return netip.AddrFrom16([16]byte{0: 0x20, 1: 0x01, 14: byte(i >> 8), 15: byte(i)})
		},
		"an IPv6 network": func(i int) netip.Addr {
			return netip.AddrFrom16([16]byte{0: 0x20, 1: 0x01, 6: byte(i >> 8), 7: byte(i)})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSockets(Limits{Sockets: 1000, SocketsPerClient: -1, Pending: 100}, nil, func(string) {})
			distant := &peer{address: netip.MustParseAddr("203.0.113.1")}
			require.NotNil(t, s.accept(distant))
			flood := make([]*peer, 5000)
			for i := range flood {
				flood[i] = &peer{address: address(i)}
				require.NotNil(t, s.accept(flood[i]))
			}
			require.False(t, distant.closed)
			require.True(t, flood[0].closed, "the oldest of the greediest goes first")
			require.False(t, flood[len(flood)-1].closed)
			require.Equal(t, 100, s.unfinished)
			require.Equal(t, 100, s.all)
		})
	}
}

// Of many clients with one socket each, the oldest goes: nothing tells more.
func TestSilentFloodFromEverywhere(t *testing.T) {
	s := newSockets(Limits{Sockets: -1, SocketsPerClient: -1, Pending: 10}, nil, func(string) {})
	var flood []*peer
	for i := range 30 {
		flood = append(flood, &peer{address: netip.AddrFrom4([4]byte{10, byte(i), 0, 1})})
		s.accept(flood[i])
	}
	for i, p := range flood {
		require.Equal(t, i < 20, p.closed, i)
	}
}

// When all sockets are at work, no new one is taken; when one is unfinished, it makes room.
func TestSocketsInAll(t *testing.T) {
	s := newSockets(Limits{Sockets: 3, SocketsPerClient: -1, Pending: -1}, nil, func(string) {})
	at := func(text string) (*peer, *socket) {
		p := &peer{address: netip.MustParseAddr(text)}
		return p, s.accept(p)
	}
	for _, text := range []string{"10.0.0.1", "10.0.1.1"} {
		_, k := at(text)
		require.True(t, k.requested(k.peer, true))
	}
	waiting, _ := at("10.0.2.1")
	_, k := at("10.0.3.1")
	require.NotNil(t, k)
	require.True(t, waiting.closed)
	require.True(t, k.requested(k.peer, true))
	_, none := at("10.0.4.1")
	require.Nil(t, none)
	k.answered() // it waits for another request
	_, k = at("10.0.4.1")
	require.NotNil(t, k)
	k.closed()
	k.closed()
	require.Equal(t, 2, s.all)
}

func TestTLSHandshakeThatNeverEnds(t *testing.T) {
	certificateFile, keyFile := certificate(t, t.TempDir(), "relay")
	config, err := Certificates(certificateFile, keyFile, nil)
	require.NoError(t, err)
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()}, TLS: config,
		Limits: Limits{Handshake: 300 * time.Millisecond, Pending: 20}})
	half := r.raw(t)
	_, err = half.Write([]byte{0x16, 3, 1, 2, 0, 1}) // a record's header, and no more
	require.NoError(t, err)
	ended(t, half)
	for range 100 {
		r.raw(t)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		DisableKeepAlives: true}}
	response, err := client.Get("https://" + r.address + "/healthz")
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, 200, response.StatusCode)
}

// Over HTTP/2 a request's body has the same time, and the other requests on its connection go on.
func TestBodiesThatNeverComeOverHTTP2(t *testing.T) {
	certificateFile, keyFile := certificate(t, t.TempDir(), "relay")
	config, err := Certificates(certificateFile, keyFile, nil)
	require.NoError(t, err)
	api := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_,
			_ = io.Copy(io.Discard, r.Body)
	}))
	defer api.Close()
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()}, HTTP: api.URL, TLS: config,
		Limits: Limits{Write: 300 * time.Millisecond}})
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	for range 3 {
		never, end := io.Pipe()
		defer end.Close()
		response, err := client.Post("https://"+r.address+"/http/db/neo4j/query/v2", "application/json", never)
		require.NoError(t, err)
		require.Equal(t, 2, response.ProtoMajor)
		require.Equal(t, http.StatusRequestTimeout, response.StatusCode)
		require.NoError(t, response.Body.Close())
		response, err = client.Get("https://" + r.address + "/healthz")
		require.NoError(t, err)
		require.Equal(t, 200, response.StatusCode)
		require.NoError(t, response.Body.Close())
	}
}

func TestHeadersAreBounded(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()}})
	for name, header := range map[string]string{"one": "X: " + strings.Repeat("a", 1<<20),
		"many": strings.Repeat("X: a\r\n", 100_000)} {
		conn := r.raw(t)
		go func() { _, _ = io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\n"+header+"\r\n\r\n") }()
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil { // or it was reset, with so much unread
			require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, response.StatusCode, name)
			_ = response.Body.Close()
		}
	}
}

func TestIdleSocketsAreClosed(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()},
		Limits: Limits{Ping: 200 * time.Millisecond}})
	conn := r.raw(t)
	_, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
	require.NoError(t, err)
	ended(t, conn)
}

func TestLimitsFitTheDescriptors(t *testing.T) {
	for _, c := range []struct {
		descriptors int
		limits      Limits
		lowered     bool
		connections int
	}{
		{20_000, Limits{}, false, 4096},
		{1024, Limits{}, true, 320},
		{1024, Limits{Connections: 100, Sockets: 5000}, true, 100},
		{1024, Limits{Connections: -1}, true, 320},
		{1024, Limits{Connections: 100}, false, 100},
		{10, Limits{}, true, 1},
	} {
		got, lowered := c.limits.Fit(c.descriptors)
		full := got.withDefaults()
		require.Equal(t, c.lowered, lowered, c)
		require.Equal(t, c.connections, full.Connections, c)
		if c.descriptors > 100 {
			require.LessOrEqual(t, full.Connections+full.Sockets, c.descriptors-spareDescriptors, c)
		}
	}
}

// requireEmpty requires that all that entered has left.
func (c *census) requireEmpty(t testing.TB) {
	t.Helper()
	require.Eventually(t, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.total == 0 && len(c.byClient) == 0
	}, patience, time.Millisecond, "connections are counted still")
}
