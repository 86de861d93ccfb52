package server

import (
	"container/heap"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"sync"

	"github.com/webbolt/webbolt/server/household"
)

// sockets counts every socket of the listener from accept to close, in all and for each client. A socket is unfinished
// until a whole request has come, header and body, and again when it has been answered. If there are too many, an
// unfinished one is closed: the oldest of the client that has most of them. So a flood of sockets only closes its own.
type sockets struct {
	limits  Limits
	proxies proxies
	hit     func(limit string) // called with the limit that closed a socket

	mu         sync.Mutex
	all        int
	byClient   map[netip.Prefix]int
	unfinished int
	crowds     crowds
	crowdOf    map[netip.Prefix]*crowd
	last       uint64 // number of the last socket that became unfinished
}

// socket is one socket. sockets.mu guards its fields.
type socket struct {
	table *sockets
	conn  net.Conn // without TLS
	peer  netip.Prefix
	proxy bool // the peer is a trusted proxy

	client netip.Prefix // the client that it counts for: the peer, or the client that a proxy names
	place  *place       // nil if it is not unfinished
	gone   bool
}

func newSockets(limits Limits, proxies proxies, hit func(limit string)) *sockets {
	return &sockets{limits: limits, proxies: proxies, hit: hit, byClient: map[netip.Prefix]int{},
		crowdOf: map[netip.Prefix]*crowd{}}
}

// accept counts a new socket. It returns nil if there is no room for it.
func (s *sockets) accept(conn net.Conn) *socket {
	address := peerOf(conn.RemoteAddr().String())
	k := &socket{table: s, conn: conn, peer: household.Of(address), proxy: s.proxies.trust(address)}
	k.client = k.peer
	s.mu.Lock()
	defer s.mu.Unlock()
	if limit := s.limits.SocketsPerClient; !k.proxy && limit >= 0 && s.byClient[k.client] >= limit {
		s.hit("sockets_per_client")
		if !s.drop(s.oldestOf(k.client)) {
			return nil
		}
	}
	if limit := s.limits.Sockets; limit >= 0 && s.all >= limit {
		s.hit("sockets")
		if !s.drop(s.oldestOfGreediest()) {
			return nil
		}
	}
	s.all++
	s.byClient[k.client]++
	s.wait(k)
	if limit := s.limits.Pending; limit >= 0 && s.unfinished > limit {
		s.hit("pending")
		s.drop(s.oldestOfGreediest())
	}
	if k.gone { // this one was closed
		return nil
	}
	return k
}

// count is the number of sockets, for the metrics.
func (s *sockets) count() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return float64(s.all)
}

// wait makes the socket count as unfinished from now on.
func (s *sockets) wait(k *socket) {
	s.settle(k)
	network := k.client
	if !k.proxy || k.client != k.peer {
		network = household.Neighbourhood(k.client)
	}
	c := s.crowdOf[network]
	if c == nil {
		c = newCrowd(network)
		s.crowdOf[network] = c
		heap.Push(&s.crowds, c)
	}
	s.last++
	k.place = c.add(k, s.last)
	s.unfinished++
	heap.Fix(&s.crowds, c.index)
}

// settle makes the socket no longer count as unfinished.
func (s *sockets) settle(k *socket) {
	if k.place == nil {
		return
	}
	c := k.place.crowd
	c.remove(k)
	s.unfinished--
	if c.sockets.Len() == 0 {
		heap.Remove(&s.crowds, c.index)
		delete(s.crowdOf, c.network)
		return
	}
	heap.Fix(&s.crowds, c.index)
}

// oldestOfGreediest is the socket to close when there are too many in all; nil if none is unfinished.
func (s *sockets) oldestOfGreediest() *socket {
	if len(s.crowds) == 0 {
		return nil
	}
	return s.crowds[0].oldestOfGreediest()
}

// oldestOf is the client's oldest unfinished socket, or nil.
func (s *sockets) oldestOf(client netip.Prefix) *socket {
	for _, network := range []netip.Prefix{household.Neighbourhood(client), client} {
		if c := s.crowdOf[network]; c != nil {
			if k := c.oldestOf(client); k != nil {
				return k
			}
		}
	}
	return nil
}

// drop closes a socket. It reports false if there is none.
func (s *sockets) drop(k *socket) bool {
	if k == nil {
		return false
	}
	s.remove(k)
	_ = k.conn.Close() // its reader gets an error and ends
	return true
}

// remove ends what accept counted.
func (s *sockets) remove(k *socket) {
	if k.gone {
		return
	}
	k.gone = true
	s.settle(k)
	s.all--
	s.uncount(k.client)
}

func (s *sockets) uncount(client netip.Prefix) {
	if s.byClient[client]--; s.byClient[client] <= 0 {
		delete(s.byClient, client)
	}
}

// requested notes that a request's header has arrived, and from which client. It reports false if the client of a proxy
// has too many.
func (k *socket) requested(client netip.Prefix, whole bool) bool {
	s := k.table
	s.mu.Lock()
	defer s.mu.Unlock()
	if k.gone {
		return true // the socket is closed
	}
	if limit := s.limits.SocketsPerClient; k.proxy && client != k.client && limit >= 0 && s.byClient[client] >= limit {
		s.hit("sockets_per_client")
		if !s.drop(s.oldestOf(client)) {
			return false
		}
	}
	waiting := k.place != nil
	s.settle(k)
	s.uncount(k.client)
	k.client = client
	s.byClient[client]++
	if waiting && !whole {
		s.wait(k)
	}
	return true
}

// complete notes that a request's body has arrived.
func (k *socket) complete() {
	k.table.mu.Lock()
	defer k.table.mu.Unlock()
	k.table.settle(k)
}

// answered notes that the socket waits for another request.
func (k *socket) answered() {
	s := k.table
	s.mu.Lock()
	defer s.mu.Unlock()
	if k.gone {
		return
	}
	s.settle(k)
	s.uncount(k.client)
	k.client = k.peer
	s.byClient[k.client]++
	s.wait(k)
	if limit := s.limits.Pending; limit >= 0 && s.unfinished > limit {
		s.hit("pending")
		s.drop(s.oldestOfGreediest())
	}
}

func (k *socket) closed() {
	k.table.mu.Lock()
	defer k.table.mu.Unlock()
	k.table.remove(k)
}

// observe is the server's http.Server.ConnState.
func (s *sockets) observe(conn net.Conn, state http.ConnState) {
	if k := socketOf(conn); k != nil && state == http.StateIdle {
		k.answered()
	}
}

// socketKey finds a request's socket in its context.
type socketKey struct{}

// remember is the server's http.Server.ConnContext.
func (s *sockets) remember(ctx context.Context, conn net.Conn) context.Context {
	if k := socketOf(conn); k != nil {
		return context.WithValue(ctx, socketKey{}, k)
	}
	return ctx
}

// countedListener counts what it accepts.
type countedListener struct {
	net.Listener
	sockets *sockets
}

// countedTCP keeps the optimisations of net and net/http for TCP sockets: vectored writes and sending files.
type countedTCP struct {
	*net.TCPConn
	socket *socket
}

type countedConn struct {
	net.Conn
	socket *socket
}

func (l countedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		k := l.sockets.accept(conn)
		if k == nil {
			_ = conn.Close()
			continue
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			return &countedTCP{tcp, k}, nil
		}
		return &countedConn{conn, k}, nil
	}
}

func (c *countedTCP) Close() error {
	c.socket.closed()
	return c.TCPConn.Close()
}

func (c *countedConn) Close() error {
	c.socket.closed()
	return c.Conn.Close()
}

// socketOf is the socket under a connection of the server; nil if Serve did not accept it.
func socketOf(conn net.Conn) *socket {
	if secured, ok := conn.(*tls.Conn); ok {
		conn = secured.NetConn()
	}
	switch c := conn.(type) {
	case *countedTCP:
		return c.socket
	case *countedConn:
		return c.socket
	}
	return nil
}
