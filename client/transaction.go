package client

import (
	"sync/atomic"
	"time"
)

// TransactionRef refers to an explicit transaction. It is safe for concurrent use.
type TransactionRef struct {
	graphName string
	txID      string
	readonly  bool
	created   time.Time
	broken    atomic.Bool
}

// NewTransactionRef is for implementations of [Connection]. An empty graphName means the user's home database.
func NewTransactionRef(graphName, txID string, readonly bool) *TransactionRef {
	return &TransactionRef{graphName: graphName, txID: txID, readonly: readonly, created: time.Now()}
}

// GraphName is the database's name, or "" for the user's home database.
func (tx *TransactionRef) GraphName() string { return tx.graphName }

// TxID identifies the transaction. Over HTTP it is the server's id. Bolt has no such id, so there it is the client's
// own.
func (tx *TransactionRef) TxID() string { return tx.txID }

// Readonly reports whether the transaction was begun in read mode.
func (tx *TransactionRef) Readonly() bool { return tx.readonly }

// Broken reports whether the transaction was ended by a disconnection or by a failure on the server.
func (tx *TransactionRef) Broken() bool { return tx.broken.Load() }

// MarkBroken is for implementations of [Connection].
func (tx *TransactionRef) MarkBroken() { tx.broken.Store(true) }

// Age is the time since the transaction was begun.
func (tx *TransactionRef) Age() time.Duration { return time.Since(tx.created) }

// Equal reports whether both refer to the same transaction: graph name and id are the same.
func (tx *TransactionRef) Equal(other *TransactionRef) bool {
	if tx == nil || other == nil {
		return tx == other
	}
	return tx == other || tx.graphName == other.graphName && tx.txID == other.txID
}
