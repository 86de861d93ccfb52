//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
)

func init() { handle(protocol.MethodSuspend, suspend) }

// transactions are those that are open, found by what makes them equal.
type transactions map[transactionKey]openTransaction

// openTransaction is one with its connection.
type openTransaction struct {
	*client.TransactionRef
	cx client.Connection
}

type transactionKey struct{ graphName, txID string }

func (t transactions) add(tx *client.TransactionRef, cx client.Connection) {
	t[transactionKey{tx.GraphName(), tx.TxID()}] = openTransaction{tx, cx}
}

func (t transactions) drop(tx *client.TransactionRef) {
	delete(t, transactionKey{tx.GraphName(), tx.TxID()})
}

// transaction is the one in the call's arguments, or nil. One that has ended comes as a new reference, which every
// connection refuses.
func (c *call) transaction(given *protocol.DescribedTransaction) *client.TransactionRef {
	if given == nil {
		return nil
	}
	tx := c.engine.transactions[transactionKey{given.GraphName, given.TxID}].TransactionRef
	if tx == nil {
		tx = client.NewTransactionRef(given.GraphName, given.TxID, given.Readonly)
	}
	c.tx = tx
	return tx
}

// begun gives a transaction to the page.
func begun(tx *client.TransactionRef, err error) (*protocol.DescribedTransaction, error) {
	if err != nil {
		return nil, err
	}
	return describeTransaction(tx), nil
}

func describeTransaction(tx *client.TransactionRef) *protocol.DescribedTransaction {
	return &protocol.DescribedTransaction{
		GraphName: tx.GraphName(), TxID: tx.TxID(), Readonly: tx.Readonly(), Broken: tx.Broken(),
		Age: tx.Age().Seconds(),
	}
}

// suspend gives up all calls, and rolls back what is open: a reset ends it.
func suspend(_ context.Context, c *call, _ *protocol.Hidden) (*protocol.None, error) {
	for id, cancel := range c.engine.calls {
		if id != c.id {
			cancel()
		}
	}
	for _, open := range c.engine.transactions {
		// a connection that cannot be reset is broken, which rolls back, too
		go func() { _ = open.cx.Reset(context.Background(), false) }()
	}
	return nil, nil
}
