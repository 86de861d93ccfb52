package client

import (
	"context"
	"io"
	"iter"
)

// Span is where one record lies in a Batch's data.
type Span struct {
	Start, End uint32
}

// Batch is a run of consecutive rows as they arrived. They are records, where each span of Data is a PackStream list
// with one value per field, or one row block. The receiver owns the batch: Data does not change any more.
type Batch struct {
	Data    []byte
	Records []Span
	Block   *Block // or nil; then there are no Records
}

// Rows is how many rows the batch has.
func (b *Batch) Rows() int {
	if b.Block != nil {
		return b.Block.Rows
	}
	return len(b.Records)
}

// Size is the length of the batch in bytes.
func (b *Batch) Size() int {
	if b.Block != nil {
		return b.Block.Size
	}
	return len(b.Data)
}

// Block is a row block (docs/rowblock.md) that a relay made. Its rows are no records: only [Result.NextBatch] gives
// them.
type Block struct {
	Rows  int
	Size  int    // bytes
	Bytes []byte // the block, or nil where it is Foreign
	// Foreign is a block that is not in Go's memory: in a browser a js.Value, an ArrayBuffer.
	Foreign any
}

type acceptsBlocks struct{}

// AcceptBlocks makes a context with which RunProg and RunQuery ask a relay for row blocks instead of records. Only
// [Result.NextBatch] can read such a result.
func AcceptBlocks(ctx context.Context) context.Context {
	return context.WithValue(ctx, acceptsBlocks{}, true)
}

// BlocksAccepted reports whether ctx comes from [AcceptBlocks].
func BlocksAccepted(ctx context.Context) bool { return ctx.Value(acceptsBlocks{}) != nil }

type fetchSize struct{}

// WithFetchSize makes a context with which RunQuery requests n records at once, or all with -1. It overrides the
// transaction's option, unless it is 0.
func WithFetchSize(ctx context.Context, records int) context.Context {
	if records == 0 {
		return ctx
	}
	return context.WithValue(ctx, fetchSize{}, records)
}

// FetchSizeOf returns the value that [WithFetchSize] put into ctx, or 0.
func FetchSizeOf(ctx context.Context) int {
	records, _ := ctx.Value(fetchSize{}).(int)
	return records
}

// Source is where a [Result] gets its records from; a protocol implements it. Its methods are safe for concurrent use.
type Source interface {
	// Fields waits for the field names.
	Fields(ctx context.Context) ([]string, error)
	// Next waits for the next batch, which has at least one record. After the last it returns io.EOF, or the failure of
	// the result, also in later calls.
	Next(ctx context.Context) (Batch, error)
	// Ready returns a batch that has already arrived. It does not use the network.
	Ready() (Batch, bool)
	// Discard tells the server that no more records are wanted and waits for the end of the result.
	Discard(ctx context.Context) error
	// QueryID waits for the server's id of the query. It is "" if the server reports none.
	QueryID(ctx context.Context) (string, error)
	// Complete reports whether the whole result has arrived, though it may not be read yet. It equals
	// Summary().Complete and costs less.
	Complete() bool
	// Summary is what is known now.
	Summary() *Summary
}

// Result is the result of a query, whose records may still be arriving. Records are decoded on demand.
//
// A Result is for one goroutine at a time. Discard a result that you do not read to its end, or end its transaction.
type Result struct {
	graphName string
	protocol  Version
	source    Source
	buffered  []Batch // not empty batches, in order
	next      int     // the next record of buffered[0]
	records   []Record
	end       error // io.EOF or the failure, once Next has said so
}

// NewResult is for implementations of [Connection].
func NewResult(graphName string, protocol Version, source Source) *Result {
	return &Result{graphName: graphName, protocol: protocol, source: source}
}

// ReadThrough replaces the result's source by one that wraps it. It is for pools, which call it before the first record
// is read.
func (r *Result) ReadThrough(source Source) { r.source = source }

// GraphName is the database of origin, or "" for the user's home database.
func (r *Result) GraphName() string { return r.graphName }

// ProtocolVersion is the Bolt version that carried the result; the zero Version over HTTP.
func (r *Result) ProtocolVersion() Version { return r.protocol }

// Source is where the records come from. A connection recognizes its own results by it.
func (r *Result) Source() Source { return r.source }

// QueryID is the server's id of the query, or "" if the server reports none.
func (r *Result) QueryID(ctx context.Context) (string, error) { return r.source.QueryID(ctx) }

// Fields returns the field names. The slice is shared: do not change it.
func (r *Result) Fields(ctx context.Context) ([]string, error) { return r.source.Fields(ctx) }

// Summary is what is known now. It does not use the network.
func (r *Result) Summary() *Summary { return r.source.Summary() }

// Buffer fetches the remainder into memory, so that the connection is free for other work.
func (r *Result) Buffer(ctx context.Context) error {
	for {
		if err := r.load(ctx); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
	}
}

// Discard drops the remaining records and tells the server to send no more.
func (r *Result) Discard(ctx context.Context) error {
	r.buffered, r.records, r.next = nil, nil, 0
	if r.end != nil {
		return nil
	}
	if err := r.source.Discard(ctx); err != nil {
		return err
	}
	r.buffered, r.end = nil, io.EOF
	return nil
}

// Fetch returns the next record, or nil at the end. A failure comes after the records that arrived before it.
func (r *Result) Fetch(ctx context.Context) (*Record, error) {
	if len(r.buffered) == 0 {
		if err := r.load(ctx); err != nil {
			if err == io.EOF {
				return nil, nil
			}
			return nil, err
		}
	}
	return r.nextBuffered(ctx)
}

// Records iterates over the rest. It stops after the first error.
func (r *Result) Records(ctx context.Context) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		for {
			record, err := r.Fetch(ctx)
			if record == nil && err == nil {
				return
			}
			if !yield(record, err) || err != nil {
				return
			}
		}
	}
}

// NextBatch returns the next records together, undecoded, or io.EOF at the end.
func (r *Result) NextBatch(ctx context.Context) (Batch, error) {
	if len(r.buffered) == 0 {
		if err := r.load(ctx); err != nil {
			return Batch{}, err
		}
	}
	batch := r.buffered[0]
	batch.Records = batch.Records[r.next:]
	r.dropBatch()
	return batch, nil
}

// HasRecords reports whether a record is buffered. It does not use the network.
func (r *Result) HasRecords() bool {
	r.collect()
	return len(r.buffered) > 0
}

// PeekRecords gives up to limit buffered records without consuming them. It does not use the network.
func (r *Result) PeekRecords(limit int) []*Record {
	r.collect()
	var peeked []*Record
	first := r.next
	for _, batch := range r.buffered {
		for _, span := range batch.Records[first:] {
			if len(peeked) >= limit {
				return peeked
			}
			peeked = append(peeked, &Record{raw: batch.Data[span.Start:span.End], keys: r.knownFields()})
		}
		first = 0
	}
	return peeked
}

// TakeRecord returns the next buffered record, or nil. It does not use the network.
func (r *Result) TakeRecord() *Record {
	if !r.HasRecords() {
		return nil
	}
	record, err := r.nextBuffered(context.Background())
	if err != nil {
		return nil
	}
	return record
}

// load waits for the next batch and buffers it.
func (r *Result) load(ctx context.Context) error {
	if r.end != nil {
		return r.end
	}
	batch, err := r.source.Next(ctx)
	if err != nil {
		if err == io.EOF || ctx.Err() == nil {
			r.end = err
		}
		return err
	}
	r.buffered = append(r.buffered, batch)
	return nil
}

// collect buffers what has arrived already.
func (r *Result) collect() {
	if r.end != nil {
		return
	}
	for {
		batch, ok := r.source.Ready()
		if !ok {
			return
		}
		r.buffered = append(r.buffered, batch)
	}
}

// nextBuffered returns the next record of a non-empty buffer. The records of a batch share one allocation.
func (r *Result) nextBuffered(ctx context.Context) (*Record, error) {
	batch := &r.buffered[0]
	if r.records == nil {
		keys, err := r.source.Fields(ctx)
		if err != nil {
			return nil, err
		}
		r.records = make([]Record, len(batch.Records))
		for i, span := range batch.Records {
			r.records[i] = Record{raw: batch.Data[span.Start:span.End], keys: keys}
		}
	}
	record := &r.records[r.next]
	r.next++
	if r.next == len(batch.Records) {
		r.dropBatch()
	}
	return record, nil
}

func (r *Result) dropBatch() {
	r.buffered[0] = Batch{}
	r.buffered = r.buffered[1:]
	r.records, r.next = nil, 0
}

// knownFields returns the field names once records are there, when they are known without waiting.
func (r *Result) knownFields() []string {
	fields, err := r.source.Fields(context.Background())
	if err != nil {
		return nil
	}
	return fields
}
