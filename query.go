package webbolt

import (
	"context"
	"iter"

	"github.com/webbolt/webbolt/client"
)

// Query runs one query in a transaction of its own. It does not try again: use [DB.Read] and [DB.Write] for that. The
// query may write, unless the option [ReadOnly] is given.
//
// The result holds a connection until it is read to its end or closed, and lives no longer than ctx. [Collect], [Rows]
// and [One] take what Query returns as it is, and see to the end.
func (db *DB) Query(ctx context.Context, cypher string, params Params, options ...QueryOption) (*Result, error) {
	q := queryConfigOf(options)
	result, err := db.connector.RunProg(ctx, q.database, cypher, params, q.readonly, q.TxOptions)
	return newResult(ctx, result, err)
}

// Exec runs one query in a transaction of its own, as [DB.Query] does, to its end, without keeping records. The summary
// tells what it changed.
func (db *DB) Exec(ctx context.Context, cypher string, params Params, options ...QueryOption) (*Summary, error) {
	return exec(db.Query(ctx, cypher, params, options...))
}

func exec(r *Result, err error) (*Summary, error) {
	if err != nil {
		return nil, err
	}
	if err := r.Close(); err != nil {
		return nil, err
	}
	return r.Summary(), nil
}

// Result is the result of a query: records that are still coming. It is for one goroutine at a time.
type Result struct {
	ctx    context.Context // of the query: who waits for its records waits on its behalf
	inner  *client.Result
	fields []string
}

func newResult(ctx context.Context, inner *client.Result, err error) (*Result, error) {
	if err != nil {
		return nil, err
	}
	fields, err := inner.Fields(ctx)
	if err != nil {
		return nil, err
	}
	return &Result{ctx: ctx, inner: inner, fields: fields}, nil
}

// Fields gives the field names. The slice is shared: do not change it.
func (r *Result) Fields() []string { return r.fields }

// Records iterates over the records that are left. It stops after the first error. When the loop ends early, the result
// is closed.
func (r *Result) Records() iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		for record, err := range r.inner.Records(r.ctx) {
			if !yield(record, err) {
				_ = r.Close()
				return
			}
		}
	}
}

// Close gives up the records that are left and waits for the end of the query. It gives the query's failure, if it
// fails. Closing twice does nothing.
func (r *Result) Close() error { return r.inner.Discard(r.ctx) }

// Summary is what is known of the query. All of it is known once the result was read to its end, or closed.
func (r *Result) Summary() *Summary { return r.inner.Summary() }
