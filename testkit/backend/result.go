package main

import (
	"context"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/webbolt/webbolt/client"
)

// result is a result that can be peeked into.
type result struct {
	inner      *client.Result
	parameters map[string]any
	peeked     *client.Record
	consumed   bool
	failed     bool // and the suite was told so
}

func (r *result) next(ctx context.Context) (*client.Record, error) {
	if record := r.peeked; record != nil {
		r.peeked = nil
		return record, nil
	}
	if r.consumed {
		return nil, nil
	}
	return r.inner.Fetch(ctx)
}

func (r *result) peek(ctx context.Context) (_ *client.Record, err error) {
	if r.peeked == nil {
		r.peeked, err = r.next(ctx)
	}
	return r.peeked, err
}

func (r *result) buffer(ctx context.Context) error {
	if r.consumed {
		return nil
	}
	return r.inner.Buffer(ctx)
}

func (r *result) consume(ctx context.Context) (*client.Summary, error) {
	r.peeked, r.consumed = nil, true
	err := r.inner.Discard(ctx)
	return r.inner.Summary(), err
}

func (f *frontend) addResult(ctx context.Context, r *result) (string, any, error) {
	keys, err := r.inner.Fields(ctx)
	if err != nil {
		return "", nil, err
	}
	id := f.number()
	f.results[id] = r
	return "Result", data{"id": id, "keys": keys}, nil
}

func (f *frontend) recordOr(r *result, record *client.Record, err error) (string, any, error) {
	if err != nil {
		return "", nil, f.ofResult(r, err)
	}
	if record == nil {
		return "NullRecord", nil, nil
	}
	message, err := recordMessage(record)
	return "Record", message, err
}

func recordMessage(r *client.Record) (any, error) {
	values, err := r.Values()
	if err != nil {
		return nil, err
	}
	list := make([]any, len(values))
	for i, v := range values {
		if invalid, is := v.(*dbtype.InvalidValue); is {
			return nil, invalid.Err
		}
		list[i] = toCypher(v)
	}
	return data{"values": list}, nil
}

func resultNext(ctx context.Context, f *frontend, d data) (string, any, error) {
	r := f.results[d.text("resultId")]
	record, err := r.next(ctx)
	return f.recordOr(r, record, err)
}

func resultPeek(ctx context.Context, f *frontend, d data) (string, any, error) {
	r := f.results[d.text("resultId")]
	record, err := r.peek(ctx)
	return f.recordOr(r, record, err)
}

func resultConsume(ctx context.Context, f *frontend, d data) (string, any, error) {
	r := f.results[d.text("resultId")]
	summary, err := r.consume(ctx)
	if err != nil {
		return "", nil, f.ofResult(r, err)
	}
	return "Summary", summaryMessage(summary, r.parameters), nil
}

func (r *result) rest(ctx context.Context) ([]any, error) {
	records := []any{}
	for {
		record, err := r.next(ctx)
		if err != nil || record == nil {
			return records, err
		}
		message, err := recordMessage(record)
		if err != nil {
			return nil, err
		}
		records = append(records, message)
	}
}

func resultList(ctx context.Context, f *frontend, d data) (string, any, error) {
	r := f.results[d.text("resultId")]
	records, err := r.rest(ctx)
	return "RecordList", data{"records": records}, f.ofResult(r, err)
}

func resultSingle(ctx context.Context, f *frontend, d data) (string, any, error) {
	records, err := f.results[d.text("resultId")].rest(ctx)
	if err != nil {
		return "", nil, err
	}
	if len(records) != 1 {
		return "", nil, &client.ArgumentError{Argument: "result", Message: "it has not exactly one record"}
	}
	return "Record", records[0], nil
}
