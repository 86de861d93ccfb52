package httpapi

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/admin"
	"github.com/webbolt/webbolt/client/turn"
)

// Connection is a [client.Connection] over HTTP. It is safe for concurrent use: calls are carried out one after the
// other, and one answer is unread at a time. Several transactions can be open at once.
type Connection struct {
	admin.Calls

	profile client.Profile
	options client.Options
	created time.Time
	fetcher fetcher
	base    string // scheme, address and path, without a slash at the end

	// From the discovery document.
	version, edition string
	form             wireForm
	timed            wireForm // for auto-commit queries with a limit on their time

	// turn is held by the running call. It guards the fields below, down to mu.
	turn          *turn.Turn
	opened        bool
	authorization string
	home          string // the user's home database, or "" while unknown

	// Writers of these hold the turn and mu; readers hold one of the two.
	open      *source    // the result whose answer is unread, or nil
	leftovers []leftover // work that the server may still do for abandoned calls

	// mu guards the fields below. It is never held during a wait or a callback.
	mu           sync.Mutex
	transactions map[transactionKey]*transaction
	undone       client.RolledBack // needs no lock
	lost         error             // why the connection cannot be used any more
	broken       bool
	closed       bool
	closing      bool   // Close waits for the turn: requests end at once
	abort        func() // ends the request under way, or nil

	queries, bytesIn, bytesOut    atomic.Uint64
	tokenRefused, reauthenticated atomic.Bool
}

var _ client.Connection = (*Connection)(nil)

// Profile returns how and where this connection was made.
func (c *Connection) Profile() client.Profile { return c.profile }

// UserAgent is the name that is given to the server. A browser sends its own.
func (c *Connection) UserAgent() string { return c.options.UserAgent }

// Age is the time since the connection was opened.
func (c *Connection) Age() time.Duration { return time.Since(c.created) }

// ProtocolVersion is the zero Version: this is not Bolt.
func (c *Connection) ProtocolVersion() client.Version { return client.Version{} }

// SupportsMulti reports whether the server can hold several databases. All servers with these APIs can.
func (c *Connection) SupportsMulti() bool { return true }

// Neo4jVersion is the server's version, known from the discovery document.
func (c *Connection) Neo4jVersion(context.Context) (string, error) { return c.version, nil }

// Neo4jEdition is the server's edition, known from the discovery document.
func (c *Connection) Neo4jEdition(context.Context) (string, error) { return c.edition, nil }

// Broken reports whether the server could not be reached, or its answer could not be read.
func (c *Connection) Broken() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.broken
}

// TokenRefused reports whether the server no longer accepts the connection's token.
func (c *Connection) TokenRefused() bool { return c.tokenRefused.Load() }

// Reauthenticated reports whether Authenticate gave the connection another token.
func (c *Connection) Reauthenticated() bool { return c.reauthenticated.Load() }

// Closed reports whether Close was called.
func (c *Connection) Closed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// Clean reports whether no result and no transaction is open.
func (c *Connection) Clean() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lost == nil && c.open == nil && len(c.leftovers) == 0 && len(c.transactions) == 0
}

// Statistics is a snapshot of what the connection has done. Bytes are those of bodies.
func (c *Connection) Statistics() client.Statistics {
	return client.Statistics{Queries: c.queries.Load(), BytesIn: c.bytesIn.Load(), BytesOut: c.bytesOut.Load()}
}

// Release gives the connection back to its pool.
func (c *Connection) Release() {
	if c.options.OnRelease != nil {
		c.options.OnRelease(c)
	}
}

// lock waits for the connection's turn. unlock ends it.
func (c *Connection) lock(ctx context.Context) error {
	if err := c.turn.Wait(ctx); err != nil {
		return err
	}
	c.mu.Lock()
	lost := c.lost
	c.mu.Unlock()
	if lost != nil {
		c.unlock()
	}
	return lost
}

// unlock ends the turn, and then calls the callbacks that waited for its end.
func (c *Connection) unlock() {
	c.dropUnwanted()
	c.turn.End()
}

// ready prepares the next request: it clears leftovers away and reads the open result into memory. The caller has the
// turn.
func (c *Connection) ready(ctx context.Context) error {
	c.dropUnwanted()
	if s := c.open; s != nil {
		s.buffer(ctx)
	}
	c.clear(ctx)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return c.lostBy()
}

func (c *Connection) lostBy() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lost
}

// lose marks the connection as lost, ends all that is open on it, and returns the error with which it was lost first.
// The caller has the turn.
func (c *Connection) lose(err error) error {
	if s := c.open; s != nil {
		s.end(err)
	}
	c.fetcher.close()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leftovers = nil
	if c.lost != nil {
		return c.lost
	}
	c.lost, c.broken = err, !c.closed
	for _, tx := range c.transactions {
		c.unbind(tx, true)
	}
	if callback := c.options.OnBroken; callback != nil && c.broken {
		profile, message := c.profile, err.Error()
		c.turn.Later(func() { callback(profile, message) })
	}
	return err
}

func (c *Connection) brokenError(message string, cause error) error {
	return &client.ConnectionBroken{Address: c.profile.Address(), Message: message, Err: cause}
}

// lastWords is how long Close may take to roll back what is open.
const lastWords = 2 * time.Second

// Close rolls back open transactions and closes the connection; a running call fails. Closing twice does nothing.
func (c *Connection) Close() error {
	c.mu.Lock()
	closed := c.closed
	c.closed = true
	c.mu.Unlock()
	if closed {
		return nil
	}
	if !c.turn.Try() {
		c.hurry(true)
		c.turn.Seize()
		c.hurry(false)
	}
	ctx, cancel := context.WithTimeout(context.Background(), lastWords)
	defer cancel()
	if c.lostBy() == nil {
		c.abandonAll(c.brokenError("the connection was closed", nil))
		_ = c.ready(ctx) // the server itself ends what cannot be rolled back now, when its time is up
	}
	_ = c.lose(c.brokenError("the connection was closed", nil))
	c.unlock()
	return nil
}

// hurry makes the running call end.
func (c *Connection) hurry(closing bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closing = closing
	if closing && c.abort != nil {
		c.abort()
	}
}

// Reset ends open results and rolls back open transactions. With force it also asks the server for its discovery
// document.
func (c *Connection) Reset(ctx context.Context, force bool) error {
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.unlock()
	c.abandonAll(client.ErrReset)
	if err := c.ready(ctx); err != nil {
		return err
	}
	if force {
		_, err := c.discover(ctx)
		return err
	}
	return nil
}

// abandonAll ends all open transactions and results; results fail with err. The caller has the turn.
func (c *Connection) abandonAll(err error) {
	if s := c.open; s != nil {
		s.abandon(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, tx := range c.transactions {
		c.leftovers = append(c.leftovers, leftover{tx: tx})
		c.unbind(tx, true)
	}
}
