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

// Begin begins a transaction on a server for the graph and access mode. An empty graphName means the profile's
// database, or else the user's home database. The transaction holds a connection until it is committed, rolled back or
// broken.
func (c *Connector) Begin(ctx context.Context, graphName string, readonly bool,
	options ...client.TxOptions) (*client.TransactionRef, error) {
	n, o := c.need(graphName, readonly, options)
	var tx *client.TransactionRef
	l, err := c.on(ctx, n, true, func(l *lease) (err error) {
		if o, err = c.chain(ctx, l, o); err != nil {
			return err
		}
		tx, err = l.cx.Begin(ctx, l.database, readonly, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	l.tx = tx
	c.bound[keyOf(tx)] = l
	c.mu.Unlock()
	return tx, nil
}

// Commit ends tx, keeping its effects.
func (c *Connector) Commit(ctx context.Context, tx *client.TransactionRef) (TransactionSummary, error) {
	return c.finish(ctx, tx, client.Connection.Commit)
}

// Rollback ends tx, undoing its effects. For a transaction that has already ended without effect it does nothing; the
// summary then has the connector's own profile.
func (c *Connector) Rollback(ctx context.Context, tx *client.TransactionRef) (TransactionSummary, error) {
	if c.undone.Has(tx) {
		return TransactionSummary{Profile: c.profile}, nil
	}
	summary, err := c.finish(ctx, tx, client.Connection.Rollback)
	if err == nil {
		c.undone.Add(tx)
	}
	return summary, err
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
		c.undone.Add(tx) // a commit may have taken effect; in any case nothing is left to be rolled back
		c.learn(ctx, l, err)
		return TransactionSummary{}, err
	}
	if err := c.bookmarks.update(ctx, l.bookmarks, bookmark); err != nil {
		return TransactionSummary{}, err
	}
	return TransactionSummary{Bookmark: bookmark, Profile: l.pool.Profile(), Time: tx.Age()}, nil
}

// RunProg runs one query in a transaction of its own. The result holds a connection until it is read to its end or
// discarded, until it fails, or until the context of a reading call ends. Read or discard every result.
func (c *Connector) RunProg(ctx context.Context, graphName, cypher string, parameters map[string]any, readonly bool,
	options ...client.TxOptions) (*client.Result, error) {
	n, o := c.need(graphName, readonly, options)
	var result *client.Result
	l, err := c.on(ctx, n, readonly, func(l *lease) (err error) {
		if o, err = c.chain(ctx, l, o); err != nil {
			return err
		}
		result, err = l.cx.RunProg(ctx, l.database, cypher, parameters, readonly, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	source := &leasedSource{Source: result.Source(), connector: c, lease: l, turn: make(chan struct{}, 1)}
	c.watchResult(source)
	source.endIfComplete(ctx)
	result.ReadThrough(source)
	return result, nil
}

// RunQuery runs one query in tx.
func (c *Connector) RunQuery(ctx context.Context, tx *client.TransactionRef, cypher string,
	parameters map[string]any) (*client.Result, error) {
	l, err := c.lease(tx)
	if err != nil {
		return nil, err
	}
	result, err := l.cx.RunQuery(ctx, tx, cypher, parameters)
	if err != nil {
		c.learn(ctx, l, err)
		if tx.Broken() {
			c.abandon(ctx, tx)
		}
		return nil, err
	}
	result.ReadThrough(&boundSource{Source: result.Source(), connector: c, lease: l, tx: tx})
	return result, nil
}

// abandon gives the connection of a broken transaction back. The transaction stays unknown from then on.
func (c *Connector) abandon(ctx context.Context, tx *client.TransactionRef) {
	if l, err := c.unbind(tx); err == nil {
		c.undone.Add(tx)
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
	if c.closed {
		return nil, c.closedError()
	}
	if tx.Broken() {
		return nil, &client.ArgumentError{Argument: "tx",
			Message: "the transaction is broken: it ended by a failure, or with its connection"}
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

// chain adds the bookmark manager's bookmarks if the caller gave none.
func (c *Connector) chain(ctx context.Context, l *lease, o client.TxOptions) (client.TxOptions, error) {
	if c.bookmarks != nil && o.Bookmarks == nil {
		var err error
		if o.Bookmarks, err = c.bookmarks.Current(ctx); err != nil {
			return o, err
		}
	}
	l.bookmarks = o.Bookmarks
	return o, nil
}

// need describes the connection for work on a graph, and completes the transaction's options. Without a name, the graph
// is the home graph of the (possibly impersonated) user. If the caller gave no bookmarks, it uses the manager's.
func (c *Connector) need(graphName string, readonly bool, options []client.TxOptions) (n need, o client.TxOptions) {
	o = firstOf(options)
	if graphName == "" {
		graphName = c.profile.Database
	}
	n = need{graph: graphKey{name: graphName}, readonly: readonly, token: c.token}
	given := o.Bookmarks
	n.bookmarks = func(ctx context.Context) ([]string, error) {
		if c.bookmarks != nil && given == nil {
			return c.bookmarks.Current(ctx)
		}
		return given, nil
	}
	if graphName == "" {
		n.graph.user = o.ImpersonatedUser
	}
	return n, o
}

// boundSource is the source of a result in a transaction. The transaction may break by a failure that is seen only when
// the result is read.
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

// failed notes how a call failed, if it did. A wait that ended by its context says nothing about the server, and breaks
// the transaction only if it has interrupted the server.
func (s *boundSource) failed(ctx context.Context, err error) {
	if err == nil || err == io.EOF { // an error that wraps io.EOF: the other side closed the connection
		return
	}
	if ctx.Err() == nil && s.learned.CompareAndSwap(false, true) {
		s.connector.learn(ctx, s.lease, err)
	}
	if s.tx.Broken() {
		s.connector.abandon(ctx, s.tx)
	}
}
