//go:build js && wasm

package bridge

import (
	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
)

// transactions are those that are open, found by what makes them equal.
type transactions map[transactionKey]*client.TransactionRef

type transactionKey struct{ graphName, txID string }

func (t transactions) add(tx *client.TransactionRef) {
	t[transactionKey{tx.GraphName(), tx.TxID()}] = tx
}

func (t transactions) drop(tx *client.TransactionRef) {
	delete(t, transactionKey{tx.GraphName(), tx.TxID()})
}

// transaction is the one in the call's arguments, or nil. One that has ended comes as a new reference, which every connection refuses.
func (c *call) transaction(given *protocol.DescribedTransaction) *client.TransactionRef {
	if given == nil {
		return nil
	}
	tx := c.engine.transactions[transactionKey{given.GraphName, given.TxID}]
	if tx == nil {
		tx = client.NewTransactionRef(given.GraphName, given.TxID, given.Readonly)
	}
	c.tx = tx
	return tx
}

// begun gives a transaction to the page.
func (c *call) begun(tx *client.TransactionRef, err error) (*protocol.DescribedTransaction, error) {
	if err != nil {
		return nil, err
	}
	c.engine.transactions.add(tx)
	return describeTransaction(tx), nil
}

func describeTransaction(tx *client.TransactionRef) *protocol.DescribedTransaction {
	return &protocol.DescribedTransaction{
		GraphName: tx.GraphName(), TxID: tx.TxID(), Readonly: tx.Readonly(), Broken: tx.Broken(), Age: tx.Age().Seconds(),
	}
}
