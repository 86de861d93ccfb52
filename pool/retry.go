package pool

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/webbolt/webbolt/client"
)

// Transaction is the transaction of a unit of work. It ends with the work: it is committed if the work returns nil,
// else rolled back.
type Transaction struct {
	connector *Connector
	ref       *client.TransactionRef
}

// Ref is the transaction's reference.
func (t *Transaction) Ref() *client.TransactionRef { return t.ref }

// Run runs one query. Read its result before the work returns; after that it cannot be read.
func (t *Transaction) Run(ctx context.Context, cypher string, parameters map[string]any) (*client.Result, error) {
	return t.connector.RunQuery(ctx, t.ref, cypher, parameters)
}

// Work is a unit of work. It may be called several times, each time with a new transaction, so changes that it makes
// outside the transaction must be safe to repeat.
type Work func(ctx context.Context, tx *Transaction) error

// ExecuteRead calls work in a read transaction. While work fails with an error for which a retry may help, it calls
// work again, with growing delays, until RetryTime has passed.
func (c *Connector) ExecuteRead(ctx context.Context, graphName string, work Work, options ...client.TxOptions) error {
	return c.execute(ctx, graphName, true, work, client.OriginFunction, firstOf(options))
}

// ExecuteWrite is [Connector.ExecuteRead] with a write transaction. If a connection breaks during commit, the work is
// not tried again, since the commit may have taken effect.
func (c *Connector) ExecuteWrite(ctx context.Context, graphName string, work Work, options ...client.TxOptions) error {
	return c.execute(ctx, graphName, false, work, client.OriginFunction, firstOf(options))
}

// Delays between tries: each is twice the one before, plus or minus a random fifth.
const (
	firstRetryDelay = time.Second
	retryJitter     = 0.2
)

func (c *Connector) execute(ctx context.Context, graphName string, readonly bool, work Work, origin client.Origin,
	o client.TxOptions) error {
	o.Origin, o.OriginTold = origin, &atomic.Bool{}
	began := time.Now()
	var failures []error
	for delay := firstRetryDelay; ; delay *= 2 {
		next, err := c.attempt(ctx, graphName, readonly, work, o)
		for next == atOnce && ctx.Err() == nil { // ends, because each turn uses a pooled connection up
			next, err = c.attempt(ctx, graphName, readonly, work, o)
		}
		if err == nil {
			return nil
		}
		failures = append(failures, err)
		pause := time.Duration(float64(delay) * (1 - retryJitter + 2*retryJitter*rand.Float64()))
		if next == never || ctx.Err() != nil || !c.retryable(err) || time.Since(began)+pause > c.options.RetryTime {
			return lastOf(failures)
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return errors.Join(context.Cause(ctx), lastOf(failures))
		}
	}
}

// retryable is Retryable, and also reports true for an expired token if the supplier can give another one.
func (c *Connector) retryable(err error) bool {
	failure, is := errors.AsType[*client.Failure](err)
	supplied := c.options.Pool.Client.Auth != nil && c.options.Pool.Client.AuthManager == nil && c.token == nil
	return Retryable(err) || is && failure.TokenExpired() && supplied
}

// nextTry says when work that failed may be tried again.
type nextTry uint8

const (
	later  nextTry = iota // if a retry may help against the error
	atOnce                // the connection had been closed while it was free
	never                 // whatever the error
)

// attempt calls work once.
func (c *Connector) attempt(ctx context.Context, graphName string, readonly bool, work Work,
	o client.TxOptions) (next nextTry, err error) {
	ref, err := c.Begin(ctx, graphName, readonly, o)
	if err != nil {
		return later, err
	}
	done := false
	defer func() { // also when work panics
		if !done {
			c.giveUp(ctx, ref)
		}
	}()
	l, _ := c.lease(ref) // the work may end it
	// With a pipelined BEGIN, the first query finds that the connection was closed. Nothing was answered, so nothing
	// has been committed.
	stale := func(err error) bool { return o.Pipelined && l != nil && l.stale(err, true) }
	if err := work(ctx, &Transaction{connector: c, ref: ref}); err != nil {
		if stale(err) {
			return atOnce, err
		}
		if l != nil {
			c.learn(ctx, l, err)
		}
		return later, err
	}
	done = true
	_, err = c.Commit(ctx, ref)
	_, broken := errors.AsType[*client.ConnectionBroken](err)
	switch {
	case broken && stale(err):
		return atOnce, err
	case broken:
		return never, err
	}
	return later, err
}

// giveUp rolls a transaction back, even when its context has ended.
func (c *Connector) giveUp(ctx context.Context, ref *client.TransactionRef) {
	if ref.Broken() {
		c.abandon(ctx, ref)
		return
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.resetTimeout())
	defer cancel()
	_, _ = c.Rollback(limited, ref) // if this fails, the release resets the connection
}

func (c *Connector) resetTimeout() time.Duration { return c.options.Pool.ResetTimeout }

// Retryable reports whether the same work may succeed if it is tried again: the server says so, the connection broke,
// no server could be reached, or no server of the cluster accepts it at present.
func Retryable(err error) bool {
	if failure, is := errors.AsType[*client.Failure](err); is {
		return failure.Retryable()
	}
	if unavailable, is := errors.AsType[*client.ConnectionUnavailable](err); is {
		switch unavailable.Reason {
		case client.ReasonRefused, client.ReasonClosed, client.ReasonNetwork, client.ReasonTimeout:
			return true
		}
		return false
	}
	_, broken := errors.AsType[*client.ConnectionBroken](err)
	return broken || errors.Is(err, ErrRoutingTableInvalid)
}

// lastOf returns the last failure. It wraps the earlier ones if they differ.
func lastOf(failures []error) error {
	last := failures[len(failures)-1]
	for _, earlier := range failures[:len(failures)-1] {
		if earlier.Error() != last.Error() {
			return errors.Join(append([]error{last}, failures[:len(failures)-1]...)...)
		}
	}
	return last
}
