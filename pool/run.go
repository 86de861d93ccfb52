package pool

import (
	"context"
	"errors"
	"io"
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
	l, err := c.borrow(ctx, c.graph(graphName), readonly)
	if err != nil {
		return nil, err
	}
	tx, err := l.cx.Begin(ctx, l.database, readonly, c.withBookmarks(l, options))
	if err != nil {
		c.learn(l, err)
		l.end()
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
	defer l.end()
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
// failed; read or discard every result.
func (c *Connector) RunProg(ctx context.Context, graphName, cypher string, parameters map[string]any, readonly bool,
	options ...client.TxOptions) (*client.Result, error) {
	l, err := c.borrow(ctx, c.graph(graphName), readonly)
	if err != nil {
		return nil, err
	}
	result, err := l.cx.RunProg(ctx, l.database, cypher, parameters, readonly, c.withBookmarks(l, options))
	if err != nil {
		c.learn(l, err)
		l.end()
		return nil, err
	}
	source := &leasedSource{Source: result.Source(), connector: c, lease: l}
	source.endIfComplete()
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
			c.abandon(tx)
		}
		return nil, err
	}
	return result, nil
}

// abandon gives the connection of a broken transaction back. The transaction stays unknown from then on.
func (c *Connector) abandon(tx *client.TransactionRef) {
	if l, err := c.unbind(tx); err == nil {
		l.end()
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

func (c *Connector) graph(graphName string) string {
	if graphName == "" {
		return c.profile.Database
	}
	return graphName
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
}

func (s *leasedSource) Next(ctx context.Context) (client.Batch, error) {
	batch, err := s.Source.Next(ctx)
	switch {
	case err == nil:
		s.endIfComplete()
	case ctx.Err() == nil || errors.Is(err, io.EOF):
		s.ended(err)
	}
	return batch, err
}

// endIfComplete gives the connection back as soon as all has arrived, though not all was read yet.
func (s *leasedSource) endIfComplete() {
	if s.Complete() {
		s.ended(io.EOF)
	}
}

func (s *leasedSource) Discard(ctx context.Context) error {
	err := s.Source.Discard(ctx)
	s.ended(err)
	return err
}

func (s *leasedSource) ended(err error) {
	if manager := s.connector.options.Bookmarks; manager != nil && s.Complete() {
		manager.Update(s.lease.bookmarks, s.Summary().Bookmark)
	}
	if !errors.Is(err, io.EOF) {
		s.connector.learn(s.lease, err)
	}
	s.lease.end()
}
