package client

import "sync"

// rolledBackKept is how many transactions a [RolledBack] remembers.
const rolledBackKept = 256

// RolledBack remembers the latest transactions that ended without effect: rolled back, failed, or lost with their
// connection. Rolling one of them back again is no error. It is for implementations of [Connection]. The zero value is
// ready; it is safe for concurrent use.
type RolledBack struct {
	mu   sync.Mutex
	keys []rolledBackKey // a ring once it is full
	next int
}

type rolledBackKey struct{ graphName, txID string }

// Add notes that tx has ended without effect.
func (r *RolledBack) Add(tx *TransactionRef) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := rolledBackKey{tx.graphName, tx.txID}
	if len(r.keys) < rolledBackKept {
		r.keys = append(r.keys, key)
		return
	}
	r.keys[r.next] = key
	r.next = (r.next + 1) % rolledBackKept
}

// Has reports whether tx, or an equal one, was added. Old entries are forgotten.
func (r *RolledBack) Has(tx *TransactionRef) bool {
	if tx == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range r.keys {
		if key == (rolledBackKey{tx.graphName, tx.txID}) {
			return true
		}
	}
	return false
}
