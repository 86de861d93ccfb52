package pool

import (
	"context"
	"io"
	"sync/atomic"
	"time"

	"github.com/webbolt/webbolt/client"
)

// TransactionSummary tells how a transaction ended.
type TransactionSummary struct {
	Bookmark string
	Profile  client.Profile // of the server
	Time     time.Duration  // from begin to end
}

// Begin begins a transaction on a fitting server. An empty graphName means the profile's database, or else the user's home database.
// The transaction holds a connection until it is committed, rolled back or broken.
func (c *Connector) Begin(ctx context.Context, graphName string, readonly bool, options ...client.TxOptions) (*client.TransactionRef, error) {
	l, err := c.borrow(ctx, c.graph(graphName, options), readonly)
	if err != nil {
		return nil, err
	}
	tx, err := l.cx.Begin(ctx, l.database, readonly, c.withBookmarks(l, options))
	if err != nil {
		c.learn(l, err)
		l.end(ctx)
		return nil, err
	}
	c.mu.Lock()
	c.bound[keyOf(tx)] = l
	c.mu.Unlock()
	return tx, nil
}

// Commit ends tx, keeping its effects.
func (c *Connector) Commit(ctx context.Context, tx *client.TransactionRef) (TransactionSummary, error) {
	return c.finish(ctx, tx, client.Connection.Commit)
}

// Rollback ends tx, undoing its effects.
func (c *Connector) Rollback(ctx context.Context, tx *client.TransactionRef) (TransactionSummary, error) {
	return c.finish(ctx, tx, client.Connection.Rollback)
}

func (c *Connector) finish(ctx context.Context, tx *client.TransactionRef,
	end func(client.Connection, context.Context, *client.TransactionRef) (string, error)) (TransactionSummary, error) {
	l, err := c.unbind(tx)
	if err != nil {
		return TransactionSummary{}, err
	}
	defer l.end(ctx)
	bookmark, err := end(l.cx, ctx, tx)
	if err != nil {
		c.learn(l, err)
		return TransactionSummary{}, err
	}
	if c.options.Bookmarks != nil {
		c.options.Bookmarks.Update(l.bookmarks, bookmark)
	}
	return TransactionSummary{Bookmark: bookmark, Profile: l.pool.Profile(), Time: tx.Age()}, nil
}

// RunProg runs one query in a transaction of its own. The result holds a connection until it is read to its end, discarded or
// failed, or a context ends with which it is read; read or discard every result.
func (c *Connector) RunProg(ctx context.Context, graphName, cypher string, parameters map[string]any, readonly bool,
	options ...client.TxOptions) (*client.Result, error) {
	l, err := c.borrow(ctx, c.graph(graphName, options), readonly)
	if err != nil {
		return nil, err
	}
	result, err := l.cx.RunProg(ctx, l.database, cypher, parameters, readonly, c.withBookmarks(l, options))
	if err != nil {
		c.learn(l, err)
		l.end(ctx)
		return nil, err
	}
	source := &leasedSource{Source: result.Source(), connector: c, lease: l, turn: make(chan struct{}, 1)}
	source.endIfComplete(ctx)
	return client.NewResult(result.GraphName(), result.ProtocolVersion(), source), nil
}

// RunQuery runs one query in tx.
func (c *Connector) RunQuery(ctx context.Context, tx *client.TransactionRef, cypher string, parameters map[string]any) (*client.Result, error) {
	l, err := c.lease(tx)
	if err != nil {
		return nil, err
	}
	result, err := l.cx.RunQuery(ctx, tx, cypher, parameters)
	if err != nil {
		c.learn(l, err)
		if tx.Broken() {
			c.abandon(ctx, tx)
		}
		return nil, err
	}
	source := &boundSource{Source: result.Source(), connector: c, lease: l, tx: tx}
	return client.NewResult(result.GraphName(), result.ProtocolVersion(), source), nil
}

// abandon gives the connection of a broken transaction back. The transaction stays unknown from then on.
func (c *Connector) abandon(ctx context.Context, tx *client.TransactionRef) {
	if l, err := c.unbind(tx); err == nil {
		l.end(ctx)
	}
}

func (c *Connector) lease(tx *client.TransactionRef) (*lease, error) {
	if tx == nil {
		return nil, &client.ArgumentError{Argument: "tx", Message: "a transaction is needed; Begin gives one"}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if l := c.bound[keyOf(tx)]; l != nil {
		return l, nil
	}
	if tx.Broken() {
		return nil, &client.ArgumentError{Argument: "tx", Message: "the transaction is broken: it ended by a failure, or with its connection"}
	}
	return nil, &client.ArgumentError{Argument: "tx", Message: "the transaction is not of this connector, or has ended"}
}

func (c *Connector) unbind(tx *client.TransactionRef) (*lease, error) {
	l, err := c.lease(tx)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bound[keyOf(tx)] != l {
		return nil, &client.ArgumentError{Argument: "tx", Message: "the transaction has ended"}
	}
	delete(c.bound, keyOf(tx))
	return l, nil
}

// graph says which graph is meant. Without any name it is the home graph of the user as whom the work is done.
func (c *Connector) graph(graphName string, options []client.TxOptions) graphKey {
	if graphName == "" {
		graphName = c.profile.Database
	}
	graph := graphKey{name: graphName}
	if graphName == "" && len(options) > 0 {
		graph.user = options[0].ImpersonatedUser
	}
	return graph
}

// withBookmarks adds the bookmark manager's bookmarks where the caller gave none.
func (c *Connector) withBookmarks(l *lease, options []client.TxOptions) client.TxOptions {
	var o client.TxOptions
	if len(options) > 0 {
		o = options[0]
	}
	if c.options.Bookmarks != nil && o.Bookmarks == nil {
		o.Bookmarks = c.options.Bookmarks.Bookmarks()
	}
	l.bookmarks = o.Bookmarks
	return o
}

// leasedSource gives the connection back when the result has ended.
type leasedSource struct {
	client.Source
	connector *Connector
	lease     *lease
	turn      chan struct{} // one call at a time has it, so that a call's failure always is the result's end; it guards what follows
	over      bool          // the connection was given back
	learned   bool          // from a failure
}

// take waits for the turn. A call that alone uses the source gets it even with a context that has ended: by it the source interrupts the server.
func (s *leasedSource) take(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		return nil
	default:
	}
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *leasedSource) give() { <-s.turn }

func (s *leasedSource) Next(ctx context.Context) (client.Batch, error) {
	if err := s.take(ctx); err != nil {
		return client.Batch{}, err
	}
	defer s.give()
	batch, err := s.Source.Next(ctx)
	if err != nil {
		s.end(ctx, err)
	} else {
		s.endIfComplete(ctx)
	}
	return batch, err
}

// endIfComplete gives the connection back as soon as all has arrived, though not all was read yet.
func (s *leasedSource) endIfComplete(ctx context.Context) {
	if !s.over && s.Complete() {
		s.end(ctx, io.EOF)
	}
}

func (s *leasedSource) Discard(ctx context.Context) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.give()
	err := s.Source.Discard(ctx)
	s.end(ctx, err)
	return err
}

// end is called each time that an end shows. What it says counts once: later on it is old, and the connection is somebody else's.
func (s *leasedSource) end(ctx context.Context, err error) {
	if err != nil && err != io.EOF && !s.learned { // what wraps io.EOF is a connection that the other side closed
		s.learned = true
		s.connector.learn(s.lease, err)
	}
	if s.over {
		return
	}
	s.over = true
	if manager := s.connector.options.Bookmarks; manager != nil && s.Complete() {
		manager.Update(s.lease.bookmarks, s.Summary().Bookmark)
	}
	s.lease.end(ctx)
}

// boundSource is of a result in a transaction, which may break by a failure that shows only when the result is read.
type boundSource struct {
	client.Source
	connector *Connector
	lease     *lease
	tx        *client.TransactionRef
	learned   atomic.Bool // from a failure
}

func (s *boundSource) Next(ctx context.Context) (client.Batch, error) {
	batch, err := s.Source.Next(ctx)
	s.failed(ctx, err)
	return batch, err
}

func (s *boundSource) Discard(ctx context.Context) error {
	err := s.Source.Discard(ctx)
	s.failed(ctx, err)
	return err
}

// failed notes how a call failed, if it did. A wait that ended by its context says nothing of the server, and breaks the transaction only if it has
// interrupted the server.
func (s *boundSource) failed(ctx context.Context, err error) {
	if err == nil || err == io.EOF { // what wraps it is a connection that the other side closed
		return
	}
	if ctx.Err() == nil && s.learned.CompareAndSwap(false, true) {
		s.connector.learn(s.lease, err)
	}
	if s.tx.Broken() {
		s.connector.abandon(ctx, s.tx)
	}
}
