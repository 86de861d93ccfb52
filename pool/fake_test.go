package pool

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/webbolt/webbolt/client"
)

// fakeServer opens fakeConnections. It replaces a server in tests that are about the pool only.
type fakeServer struct {
	mu     sync.Mutex
	opened []*fakeConnection
	refuse error
	routes map[string]*client.Route // by the address that is asked and the graph name: "host:port/graph"
	asked  []string                 // as the keys of routes
	begun  map[string]int           // transactions by address

	refuseAt map[string]error         // by address
	relays   map[string]string        // through which, by address
	silent   map[string]time.Duration // how long opening waits before it fails, by address
	hold     chan struct{}            // when not nil, opening waits for it
	opening  atomic.Int32
}

func (s *fakeServer) open(ctx context.Context, profile client.Profile,
	options client.Options) (client.Connection, error) {
	s.opening.Add(1)
	defer s.opening.Add(-1)
	s.mu.Lock()
	hold := s.hold
	if s.relays == nil {
		s.relays = map[string]string{}
	}
	s.relays[profile.Address()] = options.Relay
	silent := s.silent[profile.Address()]
	s.mu.Unlock()
	if silent > 0 {
		select {
		case <-time.After(silent):
			return nil, &client.ConnectionUnavailable{Reason: client.ReasonTimeout, Address: profile.Address()}
		case <-ctx.Done():
			return nil, client.UnavailableFromContext(ctx, profile.Address(), "opening")
		}
	}
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, client.UnavailableFromContext(ctx, profile.Address(), "opening")
		}
	}
	s.mu.Lock()
	refuse := s.refuse
	if at := s.refuseAt[profile.Address()]; at != nil {
		refuse = at
	}
	s.mu.Unlock()
	if refuse != nil {
		return nil, refuse
	}
	cx := &fakeConnection{server: s, profile: profile, options: options, created: time.Now(), clean: true}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened = append(s.opened, cx)
	return cx, nil
}

func (s *fakeServer) connections() []*fakeConnection {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*fakeConnection(nil), s.opened...)
}

func (s *fakeServer) setRefuse(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = err
}

// fakeConnection has the methods of a connection that a pool calls; all others panic.
type fakeConnection struct {
	client.Connection
	server  *fakeServer
	profile client.Profile
	options client.Options
	created time.Time

	mu              sync.Mutex
	broken, closed  bool
	tokenRefused    bool
	reauthenticated bool
	clean           bool
	resetError      error
	silent          bool // a reset is not answered
	resets, forced  int
	transactions    int
	statistics      client.Statistics
}

var errFakeReset = errors.New("reset refused")

func (c *fakeConnection) locked(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

func (c *fakeConnection) Profile() client.Profile { return c.profile }
func (c *fakeConnection) Age() time.Duration      { return time.Since(c.created) }
func (c *fakeConnection) Broken() (b bool)        { c.locked(func() { b = c.broken }); return }
func (c *fakeConnection) Closed() (b bool)        { c.locked(func() { b = c.closed }); return }
func (c *fakeConnection) TokenRefused() (b bool)  { c.locked(func() { b = c.tokenRefused }); return }
func (c *fakeConnection) Reauthenticated() (b bool) {
	c.locked(func() { b = c.reauthenticated })
	return
}
func (c *fakeConnection) Clean() (b bool) { c.locked(func() { b = c.clean }); return }
func (c *fakeConnection) Release()        { c.options.OnRelease(c) }
func (c *fakeConnection) Close() error    { c.locked(func() { c.closed = true }); return nil }

func (c *fakeConnection) Authenticate(context.Context, client.Auth) error {
	c.locked(func() { c.reauthenticated = true })
	return nil
}

func (c *fakeConnection) Statistics() (s client.Statistics) {
	c.locked(func() { s = c.statistics })
	return
}

func (c *fakeConnection) Reset(ctx context.Context, force bool) (err error) {
	silent := false
	c.locked(func() { silent = c.silent })
	if silent {
		<-ctx.Done()
		return ctx.Err()
	}
	c.locked(func() {
		c.resets++
		if force {
			c.forced++
		}
		c.clean, err = true, c.resetError
	})
	return
}

func (c *fakeConnection) Begin(_ context.Context, graphName string, readonly bool,
	_ ...client.TxOptions) (*client.TransactionRef, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clean = false
	c.transactions++
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if c.server.begun == nil {
		c.server.begun = map[string]int{}
	}
	c.server.begun[c.profile.Address()]++
	return client.NewTransactionRef(graphName, c.profile.Address()+"-"+strconv.Itoa(
		c.transactions)+"-"+strconv.FormatInt(c.created.UnixNano(), 36), readonly), nil
}

func (c *fakeConnection) Rollback(context.Context, *client.TransactionRef) (string, error) {
	c.locked(func() { c.clean = true })
	return "", nil
}

func (c *fakeConnection) Commit(ctx context.Context, tx *client.TransactionRef) (string, error) {
	if c.Broken() {
		return "", &client.ConnectionBroken{Address: c.profile.Address()}
	}
	c.locked(func() { c.clean = true })
	return "bookmark-of-" + tx.TxID(), nil
}

func (c *fakeConnection) Route(_ context.Context, graphName string, _ map[string]string) (*client.Route, error) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	key := c.profile.Address() + "/" + graphName
	c.server.asked = append(c.server.asked, key)
	if route := c.server.routes[key]; route != nil {
		return route, nil
	}
	return nil, &client.Failure{Code: "Neo.ClientError.Database.DatabaseNotFound", Message: "no graph " + graphName}
}
