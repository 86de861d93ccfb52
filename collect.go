package webbolt

import (
	"errors"
	"io"
	"iter"
	"slices"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/mapping"
)

var (
	// ErrNoRows means that [One] found no record.
	ErrNoRows = errors.New("the result has no records")
	// ErrManyRows means that [One] found more than one record.
	ErrManyRows = errors.New("the result has more than one record")
)

// Collect reads all records into values of type T. It takes what Query returns, so that both go in one line:
//
//	people, err := webbolt.Collect[Person](db.Query(ctx, "MATCH (p:Person) RETURN p", nil))
//
// The package's documentation says what T can be. Errors: those of Query and of the result, [*ArgumentError] for a T
// that such records cannot be read into, [*MappingError] for a value that does not fit.
func Collect[T any](r *Result, err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	m, err := mapping.New[T](r.fields)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	all := []T{}
	for {
		batch, err := r.inner.NextBatch(r.ctx)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		start := len(all)
		all = slices.Grow(all, len(batch.Records))[:start+len(batch.Records)]
		for i, span := range batch.Records {
			if err := m.Read(batch.Data[span.Start:span.End], &all[start+i]); err != nil {
				return nil, errors.Join(err, r.Close())
			}
		}
	}
}

// Rows iterates over all records as values of type T, as [Collect] reads them, without keeping them. It stops after the
// first error, which comes with the zero T. When the loop ends early, the result is closed.
//
//	for person, err := range webbolt.Rows[Person](db.Query(ctx, "MATCH (p:Person) RETURN p", nil)) {
func Rows[T any](r *Result, err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		if err != nil {
			yield(zero, err)
			return
		}
		m, err := mapping.New[T](r.fields)
		if err != nil {
			yield(zero, errors.Join(err, r.Close()))
			return
		}
		for {
			batch, err := r.inner.NextBatch(r.ctx)
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(zero, err)
				return
			}
			if !yieldAll(m, batch, yield) {
				_ = r.Close()
				return
			}
		}
	}
}

// yieldAll yields a batch, and reports whether to go on.
func yieldAll[T any](m *mapping.Mapper[T], batch client.Batch, yield func(T, error) bool) bool {
	var row, zero T
	for _, span := range batch.Records {
		row = zero
		if err := m.Read(batch.Data[span.Start:span.End], &row); err != nil {
			yield(zero, err)
			return false
		}
		if !yield(row, nil) {
			return false
		}
	}
	return true
}

// One reads the only record. It returns [ErrNoRows] if there is none, and [ErrManyRows] if there are more; else it does
// what [Collect] does.
func One[T any](r *Result, err error) (T, error) {
	var one, zero T
	found := false
	for row, err := range Rows[T](r, err) {
		if err == nil && found {
			err = ErrManyRows
		}
		if err != nil {
			return zero, err // leaving the loop closes the result
		}
		one, found = row, true
	}
	if !found {
		return zero, ErrNoRows
	}
	return one, nil
}
