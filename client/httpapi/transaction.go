package httpapi

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/webbolt/webbolt/client"
)

// affinityHeader names the member of a cluster that holds a transaction. The answer to begin has it; later requests
// repeat it.
const affinityHeader = "neo4j-cluster-affinity"

// transaction is an explicit transaction that the server holds open.
type transaction struct {
	ref      *client.TransactionRef
	form     wireForm
	path     string // below the base
	affinity string
	database string // the one that was asked for, or the home database by its name
	began    period // when the server began it; until is zero before that: Neo4j 4.4 begins with the first query
	filter   client.NotificationFilter
}

// transactionKey is what makes two references equal.
type transactionKey struct{ graphName, txID string }

// Begin begins a transaction.
func (c *Connection) Begin(ctx context.Context, graphName string, readonly bool,
	options ...client.TxOptions) (*client.TransactionRef, error) {
	s, filter, err := settingsOf(readonly, options)
	if err != nil {
		return nil, err
	}
	if err := c.lock(ctx); err != nil {
		return nil, err
	}
	defer c.unlock()
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	tx, err := c.begin(ctx, graphName, s)
	if err != nil {
		return nil, err
	}
	tx.filter = filter
	c.mu.Lock()
	defer c.mu.Unlock()
	c.transactions[transactionKey{graphName, tx.ref.TxID()}] = tx
	if callback := c.options.OnBind; callback != nil {
		c.turn.Later(func() { callback(tx.ref, c) })
	}
	return tx.ref, nil
}

// maxBeginAttempts limits how often begin tries.
const maxBeginAttempts = 10

// begin begins a transaction and sets its metadata. The procedure for metadata looks at other transactions, too, and
// fails if one of them ends meanwhile (on 4.4.48 and 5.26.30 one call of a hundred, with four clients at work). Then
// begin tries again with a new transaction.
func (c *Connection) begin(ctx context.Context, graphName string, s runSettings) (*transaction, error) {
	for n := 1; ; n++ {
		tx, err := c.beginEmpty(ctx, graphName, s)
		if err != nil || len(s.metadata) == 0 {
			return tx, err
		}
		err = c.setMetadata(ctx, tx, s.metadata)
		if err == nil {
			return tx, nil
		}
		failure, ended := errors.AsType[*client.Failure](err) // which ends the transaction
		if !ended {
			c.addLeftover(leftover{tx: tx})
		}
		if !ended || n == maxBeginAttempts || !ofTransaction(failure) {
			return nil, err
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(n) * time.Millisecond):
		}
	}
}

// ofTransaction reports whether the failure is about the end of a transaction, as such or as the procedure reports it.
func ofTransaction(f *client.Failure) bool {
	return strings.Contains(f.Code, ".Transaction.") || strings.Contains(f.Message, "transaction has been closed") ||
		strings.Contains(f.Message, "transaction has been terminated")
}

func (c *Connection) beginEmpty(ctx context.Context, graphName string, s runSettings) (*transaction, error) {
	database, err := c.database(ctx, graphName, s.impersonated)
	if err != nil {
		return nil, err
	}
	r, err := c.form.begin(database, s)
	if err != nil {
		return nil, err
	}
	began := period{from: time.Now()}
	l, err := c.send(ctx, r)
	if err != nil {
		return nil, err
	}
	defer l.close()
	if _, atOnce := c.form.(*queryAPI); atOnce {
		began.until = time.Now()
	}
	answer, err := c.finish(ctx, l, c.form)
	if err != nil {
		return nil, err
	}
	id, path := c.form.began(database, answer)
	if id == "" {
		return nil, c.protocolError("the server began a transaction but did not say which", nil)
	}
	return &transaction{ref: client.NewTransactionRef(graphName, id, s.readonly), form: c.form, path: path,
		affinity: l.header(affinityHeader), database: database, began: began}, nil
}

// setMetadata calls a procedure: not in all versions can the request that begins a transaction carry metadata.
func (c *Connection) setMetadata(ctx context.Context, tx *transaction, metadata map[string]any) error {
	r, err := tx.form.runIn(tx, "CALL tx.setMetaData($metadata)", map[string]any{"metadata": metadata})
	if err == nil {
		_, err = c.exchange(ctx, tx.form, r)
	}
	return err
}

// database is the database to use for a graph name. The caller has the turn.
func (c *Connection) database(ctx context.Context, graphName, impersonated string) (string, error) {
	if graphName != "" {
		return graphName, nil
	}
	return c.homeDatabase(ctx, impersonated)
}

// transaction finds the transaction that ref refers to.
func (c *Connection) transaction(ref *client.TransactionRef) (*transaction, error) {
	if ref == nil {
		return nil, &client.ArgumentError{Argument: "tx",
			Message: "a transaction is needed; RunProg runs a query without one"}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	tx := c.transactions[transactionKey{ref.GraphName(), ref.TxID()}]
	switch {
	case tx != nil:
		return tx, nil
	case ref.Broken():
		return nil, &client.ArgumentError{Argument: "tx",
			Message: "the transaction is broken: it ended by a failure, or with its connection"}
	}
	return nil, &client.ArgumentError{Argument: "tx", Message: "the transaction has ended, or is another connection's"}
}

// unbind removes a transaction from the connection. The caller holds mu.
func (c *Connection) unbind(tx *transaction, broken bool) {
	key := transactionKey{tx.ref.GraphName(), tx.ref.TxID()}
	if c.transactions[key] != tx {
		return
	}
	delete(c.transactions, key)
	if broken {
		tx.ref.MarkBroken()
		c.undone.Add(tx.ref)
	}
	if callback := c.options.OnUnbind; callback != nil {
		c.turn.Later(func() { callback(tx.ref) })
	}
}

// breakOff notes that a transaction ended by a failure or with its connection.
func (c *Connection) breakOff(tx *transaction) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unbind(tx, true)
}

// Commit ends tx, keeping its effects, and returns a bookmark, or "" where the server gives none (4.4).
func (c *Connection) Commit(ctx context.Context, ref *client.TransactionRef) (string, error) {
	return c.complete(ctx, ref, wireForm.commit, false)
}

// transactionNotFound is the failure of a transaction that the server does not know, or not any more.
const transactionNotFound = "Neo.ClientError.Transaction.TransactionNotFound"

// Rollback ends tx, undoing its effects; one that has ended without effect already is left as it is. There is no
// bookmark.
func (c *Connection) Rollback(ctx context.Context, ref *client.TransactionRef) (string, error) {
	if c.undone.Has(ref) {
		return "", nil
	}
	_, err := c.complete(ctx, ref, wireForm.rollback, true)
	if failure, refused := errors.AsType[*client.Failure](err); refused && failure.Code == transactionNotFound {
		return "", nil // the server has ended it by itself
	}
	if err == nil {
		c.undone.Add(ref)
	}
	return "", err
}

func (c *Connection) complete(ctx context.Context, ref *client.TransactionRef,
	request func(wireForm, *transaction) *request, undoing bool) (string, error) {
	if err := c.lock(ctx); err != nil {
		return "", err
	}
	defer c.unlock()
	tx, err := c.transaction(ref)
	if err != nil {
		return "", err
	}
	s := c.open
	if err := c.ready(ctx); err != nil {
		return "", err
	}
	if _, err := c.transaction(ref); err != nil {
		switch {
		case undoing:
			return "", nil // the open result has failed, which undid the effects
		case s != nil && s.tx == tx:
			return "", s.failure()
		}
		return "", err
	}
	answer, err := c.exchange(ctx, tx.form, request(tx.form, tx))
	if err != nil {
		if _, refused := errors.AsType[*client.Failure](err); !refused && c.lostBy() == nil {
			c.addLeftover(leftover{tx: tx})
		}
		c.breakOff(tx)
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unbind(tx, false)
	return tx.form.bookmark(answer.Meta), nil
}
