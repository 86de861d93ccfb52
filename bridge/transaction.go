//go:build js && wasm

package bridge

import (
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
func (c *call) transaction() *client.TransactionRef {
	given, is := c.args.object("transaction")
	if !is {
		return nil
	}
	key := transactionKey{given.text("graphName"), given.text("txid")}
	tx := c.engine.transactions[key]
	if tx == nil {
		tx = client.NewTransactionRef(key.graphName, key.txID, given.flag("readonly"))
	}
	c.tx = tx
	return tx
}

func describeTransaction(tx *client.TransactionRef) object {
	return object{
		"graphName": tx.GraphName(), "txid": tx.TxID(), "readonly": tx.Readonly(), "broken": tx.Broken(), "age": tx.Age().Seconds(),
	}
}
