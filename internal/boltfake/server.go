package boltfake

import (
	"net"
	"sync"

	"github.com/webbolt/webbolt/client"
)

// Server is a fake server that answers every message. Set its fields, then Start it. Several goroutines, one for each
// connection, may call the functions; a nil function does what its comment says.
type Server struct {
	// Version is its only version; the zero Version means 5.8.
	Version client.Version
	// Agent is the server's name in the answer to HELLO; "" means Neo4j/5.26.30.
	Agent string
	// Hints are those of HELLO.
	Hints map[string]any
	// Login decides about a token; a nil function, or a nil failure, accepts it.
	Login func(token map[string]any) *client.Failure
	// Run returns a query's result; by default it has no fields and no records.
	Run func(q Query) Answer
	// Begin, Commit and Rollback may refuse.
	Begin    func(q Query) *client.Failure
	Commit   func() (bookmark string, failure *client.Failure)
	Rollback func() *client.Failure
	// Route returns the routing table; by default a table with this server in all roles.
	Route func(r RouteRequest) (RoutingTable, *client.Failure)
	// Ping is called for RESET; by default it succeeds.
	Ping func() *client.Failure

	// Listener is set after Start.
	*Listener

	mu     sync.Mutex
	log    []Message
	opened int
}

// Query is a RUN, or a BEGIN without Text.
type Query struct {
	Text       string
	Parameters map[string]any
	// Extra is the map of settings: db, mode, bookmarks, tx_timeout, tx_metadata, imp_user. In a transaction it is
	// BEGIN's.
	Extra         map[string]any
	InTransaction bool
	// Interrupted is closed when the client sends RESET meanwhile, or goes.
	Interrupted <-chan struct{}
}

// Answer is a query's result.
type Answer struct {
	Failure *client.Failure // RUN fails
	Fields  []string
	Records [][]any
	Wait    <-chan struct{} // the last record is held back until this is closed; nil does not wait
	Summary map[string]any  // the last SUCCESS; may be nil
	After   *client.Failure // PULL fails after the records
	Cut     bool            // the connection is cut after the records
}

// RouteRequest is a ROUTE.
type RouteRequest struct {
	Context  map[string]any
	Database string // "" for the home database
	User     string // impersonated, or ""
}

// RoutingTable is an answer to ROUTE.
type RoutingTable struct {
	Database                  string
	TTL                       int64 // seconds
	Routers, Readers, Writers []string
}

// Start makes the server listen, as [Listen] does, and returns its address.
func (s *Server) Start(t T) (address string) {
	t.Helper()
	s.Listener = Listen(t, s.serve)
	return s.Address
}

// Pipe connects to the server in memory, as [Pipe] does; it need not be started.
func (s *Server) Pipe(t T) (stream net.Conn, stop func()) { return Pipe(t, s.serve) }

// Requests returns all received messages, of all connections, in order of arrival.
func (s *Server) Requests() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.log...)
}

// Opened counts the connections that logged in.
func (s *Server) Opened() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened
}
