package webbolt

import (
	"context"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

// Tx is a transaction. It holds a connection until it ends. Results of several queries can be open at once; they end
// with the transaction. Only one goroutine may use a Tx at a time.
type Tx struct {
	connector *pool.Connector
	ref       *client.TransactionRef
	managed   bool // Read or Write ends it
	ended     bool
}

// Read calls work with a transaction that only reads. While work fails with an error for which a retry may help, Read
// calls it again, with growing delays, until [RetryTime] has passed. Each call gets a new transaction, which ends with
// the call. Changes that work makes outside the transaction must be safe to repeat.
func (db *DB) Read(ctx context.Context, work func(ctx context.Context, tx *Tx) error, options ...QueryOption) error {
	q := queryConfigOf(options)
	return db.connector.ExecuteRead(ctx, q.database, db.managed(work), q.TxOptions)
}

// Write is [DB.Read] for work that writes. The transaction is committed when work returns nil, else rolled back. A
// connection that breaks during commit is not tried again, since the commit may have taken effect.
func (db *DB) Write(ctx context.Context, work func(ctx context.Context, tx *Tx) error, options ...QueryOption) error {
	q := queryConfigOf(options)
	return db.connector.ExecuteWrite(ctx, q.database, db.managed(work), q.TxOptions)
}

func (db *DB) managed(work func(ctx context.Context, tx *Tx) error) pool.Work {
	return func(ctx context.Context, tx *pool.Transaction) error {
		return work(ctx, &Tx{connector: db.connector, ref: tx.Ref(), managed: true})
	}
}

// Begin begins a transaction. End it with Commit or Rollback. It may write, unless the option [ReadOnly] is given.
//
//	tx, err := db.Begin(ctx)
//	if err != nil {
//		return err
//	}
//	defer tx.Rollback(ctx) // does nothing after Commit
func (db *DB) Begin(ctx context.Context, options ...QueryOption) (*Tx, error) {
	q := queryConfigOf(options)
	ref, err := db.connector.Begin(ctx, q.database, q.readonly, q.TxOptions)
	if err != nil {
		return nil, err
	}
	return &Tx{connector: db.connector, ref: ref}, nil
}

// Query runs one query in the transaction. See [DB.Query] for the result.
func (tx *Tx) Query(ctx context.Context, cypher string, params Params) (*Result, error) {
	result, err := tx.connector.RunQuery(ctx, tx.ref, cypher, params)
	return newResult(ctx, result, err)
}

// Exec runs one query in the transaction to its end, without keeping records. The summary tells what it changed.
func (tx *Tx) Exec(ctx context.Context, cypher string, params Params) (*Summary, error) {
	return exec(tx.Query(ctx, cypher, params))
}

// Commit ends the transaction, keeping its effects. After an error of type [*ConnectionBroken] it is not known whether
// they are kept.
func (tx *Tx) Commit(ctx context.Context) error {
	if err := tx.mayEnd(); err != nil {
		return err
	}
	tx.ended = true
	_, err := tx.connector.Commit(ctx, tx.ref)
	return err
}

// Rollback ends the transaction, undoing its effects. After Commit or Rollback, and after a failure by which the server
// has ended the transaction, it does nothing.
func (tx *Tx) Rollback(ctx context.Context) error {
	if tx.ended || tx.ref.Broken() {
		return nil
	}
	if err := tx.mayEnd(); err != nil {
		return err
	}
	tx.ended = true
	_, err := tx.connector.Rollback(ctx, tx.ref)
	return err
}

// mayEnd returns an error for a transaction of Read or Write, which ends with its work.
func (tx *Tx) mayEnd() error {
	if tx.managed {
		return &ArgumentError{Argument: "tx",
			Message: "Read and Write end the transaction themselves: return nil to commit, or an error to roll back"}
	}
	return nil
}
