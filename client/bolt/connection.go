package bolt

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/admin"
	"github.com/webbolt/webbolt/client/dial"
	"github.com/webbolt/webbolt/client/turn"
	"github.com/webbolt/webbolt/client/values"
	"github.com/webbolt/webbolt/client/wire"
)

// Connection is a [client.Connection] over Bolt. It is safe for concurrent use: calls are carried out one after the
// other.
type Connection struct {
	admin.Calls

	profile client.Profile
	options client.Options
	version client.Version
	created time.Time

	// From the answer to HELLO.
	agent   string // such as "Neo4j/5.26.30"
	dialect values.Dialect
	// if the server is silent for this long while an answer is due, the connection is dead; 0 for no limit
	recvTimeout time.Duration
	signed      dial.SignedConn // conn, if the other side may send signs of life; else nil
	telemetry   bool            // the server wants TELEMETRY

	// turn is held by the call that is being carried out. It guards the fields up to mu.
	turn      *turn.Turn
	conn      dial.Conn
	in        inbound
	out       outbound
	unsent    int       // how many of the latest pending requests are still in the out buffer, wholly or in part
	lastHeard time.Time // when bytes last came, or an answer became due
	resetSent time.Time // when the oldest RESET without an answer was sent
	// when the silence clock stopped: answers are due but no call reads, so lastHeard and resetSent stand still
	resting  time.Time
	deadline time.Time // the read deadline that conn has

	// mu guards the fields below. It is never held while reading, writing or calling back. Fields that are only written
	// with the turn held may be read with it.
	mu         sync.Mutex
	state      state
	pending    queue
	resets     int // RESETs without an answer
	tx         *client.TransactionRef
	txFetch    int               // fetch size for the results in it, or 0
	latest     *source           // of the query that was run last
	open       []*source         // results that the server has not ended
	because    error             // why the server ignores requests
	txEnd      error             // why the last transaction was broken
	undone     client.RolledBack // needs no lock
	lost       error             // why the connection cannot be used any more
	broken     bool
	closed     bool
	refused    bool          // the token, by the server
	spans      []client.Span // for the records that come next
	filling    *source       // whose open batch has the first of spans
	lastKeys   keysCache
	lastBlocks int64 // the number of the last result that a relay sends in row blocks
	edition    string

	queries, bytesIn, bytesOut atomic.Uint64
	reauthenticated            atomic.Bool
}

// Profile says how and where this connection was made.
func (c *Connection) Profile() client.Profile { return c.profile }

// UserAgent is the name that was given to the server.
func (c *Connection) UserAgent() string { return c.options.UserAgent }

// Age is the time since the connection was opened.
func (c *Connection) Age() time.Duration { return time.Since(c.created) }

// ProtocolVersion is the Bolt version in use.
func (c *Connection) ProtocolVersion() client.Version { return c.version }

// ServerAgent is what the server calls itself, such as "Neo4j/5.26.30".
func (c *Connection) ServerAgent() string { return c.agent }

// SupportsMulti reports whether the server can hold several databases: Neo4j 4.0 and later.
func (c *Connection) SupportsMulti() bool { return wire.FeatureDatabases.In(c.version) }

// Broken reports whether the connection was lost. If nothing is open on it, it checks, without waiting, whether the
// other side has closed it.
func (c *Connection) Broken() bool {
	c.look()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.broken
}

// Closed reports whether Close was called.
func (c *Connection) Closed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// TokenRefused reports whether the server no longer accepts the connection's token.
func (c *Connection) TokenRefused() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refused
}

// Reauthenticated reports whether Authenticate gave the connection another token.
func (c *Connection) Reauthenticated() bool { return c.reauthenticated.Load() }

// Clean reports whether nothing is open on the connection and no answer is due.
func (c *Connection) Clean() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lost == nil && c.state == stateReady && c.pending.empty() && c.tx == nil && len(c.open) == 0
}

// Statistics is a snapshot of what the connection has done.
func (c *Connection) Statistics() client.Statistics {
	return client.Statistics{Queries: c.queries.Load(), BytesIn: c.bytesIn.Load(), BytesOut: c.bytesOut.Load()}
}

// Release gives the connection to the pool that lent it.
func (c *Connection) Release() {
	if c.options.OnRelease != nil {
		c.options.OnRelease(c)
	}
}

// Neo4jVersion is the server's version, such as "5.26.30". It is known from HELLO.
func (c *Connection) Neo4jVersion(context.Context) (string, error) {
	_, version, found := strings.Cut(c.agent, "/")
	if !found {
		return "", &client.UnsupportedError{Message: "the server does not tell its version, it calls itself " + c.agent}
	}
	return version, nil
}

// lock waits for the turn; unlock ends it.
func (c *Connection) lock(ctx context.Context) error {
	if err := c.turn.Wait(ctx); err != nil {
		return err
	}
	if c.lost != nil {
		lost := c.lost
		c.unlock()
		return lost
	}
	return nil
}

// unlock ends the turn, and then runs the callbacks that waited for that.
func (c *Connection) unlock() { c.turn.End() }
