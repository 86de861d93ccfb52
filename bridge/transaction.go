//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
)

func init() { handle(protocol.MethodSuspend, suspend) }

// transactions holds the open transactions by their keys.
type transactions map[transactionKey]openTransaction

// openTransaction is a transaction with its connection.
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

// transaction returns the transaction in the call's arguments, or nil. For a transaction that has ended it returns a
// new reference, which every connection refuses.
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

// begun describes a new transaction to the page.
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

// suspend cancels all calls and rolls back open transactions by a reset.
func suspend(_ context.Context, c *call, _ *protocol.Hidden) (*protocol.None, error) {
	for id, cancel := range c.engine.calls {
		if id != c.id {
			cancel()
		}
	}
	for _, open := range c.engine.transactions {
		// a connection that cannot be reset breaks, which rolls back, too
		go func() { _ = open.cx.Reset(context.Background(), false) }()
	}
	return nil, nil
}
