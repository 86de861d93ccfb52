package webbolt

import (
	"context"
	"iter"

	"github.com/webbolt/webbolt/client"
)

// Query runs one query in a transaction of its own. It does not try again: use [DB.Read] and [DB.Write] for that. The
// query may write, unless the option [ReadOnly] is given.
//
// The result holds a connection until it is read to its end or closed, and ends with ctx. [Collect], [Rows] and [One]
// take what Query returns, and read or close the result.
func (db *DB) Query(ctx context.Context, cypher string, params Params, options ...QueryOption) (*Result, error) {
	q := queryConfigOf(options)
	result, err := db.connector.RunProg(ctx, q.database, cypher, params, q.readonly, q.TxOptions)
	return newResult(ctx, result, err)
}

// Exec runs one query in a transaction of its own to its end, without keeping records. The summary tells what it
// changed.
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

// Result is the result of a query, whose records may still be arriving. Only one goroutine may use it at a time.
type Result struct {
	ctx    context.Context // of the query: waits for its records end with it
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

// Fields returns the field names. The slice is shared: do not change it.
func (r *Result) Fields() []string { return r.fields }

// Records iterates over the remaining records. It stops after the first error. When the loop ends early, the result is
// closed.
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

// Close discards the remaining records and waits for the end of the query. It returns the query's failure, if there is
// one. Closing twice does nothing.
func (r *Result) Close() error { return r.inner.Discard(r.ctx) }

// Summary returns what is known about the query. It is complete after the result was read to its end or closed.
func (r *Result) Summary() *Summary { return r.inner.Summary() }
