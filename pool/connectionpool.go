package pool

import (
	"cmp"
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/webbolt/webbolt/client"
)

// ConnectionPool lends connections to one server, as one user.
type ConnectionPool struct {
	profile client.Profile
	options Options
	epoch   time.Time // zero of the pool's clock

	mu      sync.Mutex
	maxSize int
	closed  bool // by Close; SetMaxSize reopens it
	size    int  // connections that are open or being opened
	entries map[client.Connection]*entry
	free    []*entry // in order of use, the most recent last
	waiters waitList
	waiting alarm // ends waits that take too long
	aging   alarm // closes free connections when their age ends
	looking alarm // looks for free connections that the other side has closed
	totals  totals
}

// entry is what the pool knows about one connection.
type entry struct {
	cx        client.Connection
	expires   time.Duration // on the pool's clock; 0: never
	retired   atomic.Bool   // the server refused this token or a later one; the borrower reads it without the lock
	mustLogOn atomic.Bool   // before it is lent again: the server has dropped what it knew of its users
	idleSince time.Duration // on the pool's clock; 0: it was not free before this loan
	inUse     bool
	releasing bool // being reset on its way back
	dropped   bool // closed by Close or broken; it only waits for its borrower
	acquired  uint64
	number    uint64 // the pool numbers connections in the order in which it opens them
	lentAfter uint64 // the number of the newest connection when this one was lent

	// that the connection acts with; nil: the one that it was opened with. The borrower reads it without the lock
	token *client.Auth
}

// Open makes a pool and opens its first connections.
func Open(ctx context.Context, profile client.Profile, options Options) (*ConnectionPool, error) {
	profile, err := profile.Normalize()
	if err != nil {
		return nil, err
	}
	if options, err = options.withDefaults(); err != nil {
		return nil, err
	}
	return open(ctx, profile, options)
}

// open is Open for a normalized profile and options that have their defaults.
func open(ctx context.Context, profile client.Profile, options Options) (*ConnectionPool, error) {
	options.Client.UserAgent = cmp.Or(options.Client.UserAgent, client.DefaultUserAgent)
	epoch := time.Now()
	if options.Now != nil {
		epoch = options.Now().Add(-1) // so that a clock that stands still is not at 0, which means never
	}
	p := &ConnectionPool{profile: profile, options: options, epoch: epoch, maxSize: options.MaxSize,
		entries: map[client.Connection]*entry{}}
	p.waiting.ring, p.aging.ring, p.looking.ring = p.endLongWaits, p.closeOld, p.lookAgain
	released, broken := options.Client.OnRelease, options.Client.OnBroken
	p.options.Client.OnBroken = func(profile client.Profile, message string) {
		p.closeBroken()
		if broken != nil {
			broken(profile, message)
		}
	}
	p.options.Client.OnRelease = func(cx client.Connection) {
		_ = p.Release(cx, false) // Release fails if the connection has left the pool
		if released != nil {
			released(cx)
		}
	}
	for range options.InitSize {
		cx, err := p.Connect(ctx)
		if err != nil {
			p.Close()
			return nil, err
		}
		if err := p.Release(cx, false); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// clock is the time since the pool was made. Reading it is cheaper than reading the time of day.
func (p *ConnectionPool) clock() time.Duration {
	if p.options.Now != nil {
		return p.options.Now().Sub(p.epoch)
	}
	return time.Since(p.epoch)
}

// Profile returns how and where the pool connects.
func (p *ConnectionPool) Profile() client.Profile { return p.profile }

// UserAgent is the name that the pool's connections give to the server.
func (p *ConnectionPool) UserAgent() string { return p.options.Client.UserAgent }

// MaxAge is the maximum age of a connection; negative means no limit.
func (p *ConnectionPool) MaxAge() time.Duration { return p.options.MaxAge }

// Size is the number of connections that are open or being opened.
func (p *ConnectionPool) Size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.size
}

// InUse is the number of connections that are lent or being opened.
func (p *ConnectionPool) InUse() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.size - len(p.free)
}

// MaxSize is the maximum number of connections in the pool.
func (p *ConnectionPool) MaxSize() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.maxSize
}

// SetMaxSize changes the limit. A lower limit closes no connection at once: Release and Prune close those above it.
// With zero, every acquire fails, including those that wait.
func (p *ConnectionPool) SetMaxSize(n int) error {
	if n < 0 {
		return &client.ArgumentError{Argument: "n", Message: "a pool cannot hold fewer than no connections"}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.maxSize = n
	p.closed = p.closed && n == 0
	if n == 0 {
		p.refuseAll()
		return nil
	}
	p.grantRoom()
	return nil
}

// Connect opens a connection that counts as lent by this pool, even above its maximum size, and counts in its
// statistics. Give it back with Release.
func (p *ConnectionPool) Connect(ctx context.Context) (client.Connection, error) {
	p.mu.Lock()
	p.size++
	p.mu.Unlock()
	var o AcquireOptions
	if err := p.wantToken(ctx, &o); err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.size--
		p.grantRoom()
		return nil, err
	}
	return p.open(ctx, o.token)
}

// open opens a connection that size counts already. If that fails, it corrects size.
func (p *ConnectionPool) open(ctx context.Context, token *client.Auth) (client.Connection, error) {
	cx, err := p.options.Open(ctx, p.profile, p.clientOptions(token))
	err = p.refused(ctx, token, err)
	p.mu.Lock()
	if err != nil {
		p.totals.failed++
		p.size--
		p.grantRoom()
		p.mu.Unlock()
		return nil, err
	}
	p.totals.opened++
	if p.maxSize == 0 {
		p.size--
		p.totals.closed++
		p.mu.Unlock()
		_ = cx.Close()
		return nil, p.zero()
	}
	e := &entry{cx: cx, token: token, inUse: true, acquired: 1, number: p.totals.opened, lentAfter: p.totals.opened}
	if p.options.MaxAge > 0 {
		e.expires = p.clock() + p.options.MaxAge - rand.N(p.options.MaxAge/10+1)
	}
	p.entries[cx] = e
	p.totals.acquired++
	p.mu.Unlock()
	return cx, nil
}

// Prune closes all connections that are not in use.
func (p *ConnectionPool) Prune() {
	p.mu.Lock()
	idle := p.free
	p.free = nil
	p.aging.stop()
	p.looking.stop()
	for _, e := range idle {
		p.forget(e)
	}
	p.mu.Unlock()
	closeAll(idle)
}

// Close sets the maximum size to zero and closes all connections, those in use included. To use the pool again, raise
// its maximum size. For a graceful end, use SetMaxSize(0) and Prune, and wait until Size is zero.
func (p *ConnectionPool) Close() {
	p.mu.Lock()
	p.maxSize, p.closed = 0, true
	p.refuseAll()
	p.free = nil
	p.aging.stop()
	p.looking.stop()
	all := make([]*entry, 0, len(p.entries))
	for _, e := range p.entries {
		if e.dropped {
			continue
		}
		all = append(all, e)
		if e.inUse {
			p.drop(e)
		} else {
			p.forget(e)
		}
	}
	p.mu.Unlock()
	closeAll(all)
}

func closeAll(entries []*entry) {
	for _, e := range entries {
		_ = e.cx.Close() // the connection is gone either way
	}
}

// drop removes a lent connection from the count; its borrower may still release it. Called with mu held.
func (p *ConnectionPool) drop(e *entry) {
	e.dropped = true
	p.size--
	p.totals.countClosed(e.cx)
	p.grantRoom()
}

// forget removes a connection from the pool. Called with mu held.
func (p *ConnectionPool) forget(e *entry) {
	delete(p.entries, e.cx)
	if !e.dropped {
		p.drop(e)
	}
}

// zero is the error of an acquire when the maximum size is zero.
func (p *ConnectionPool) zero() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	message := "the pool's maximum size is zero: raise it to use the pool again"
	if p.closed {
		message = "the pool was closed; raise its maximum size to use it again"
	}
	return &client.ConnectionUnavailable{Reason: client.ReasonPoolZero, Address: p.profile.Address(), Message: message}
}
