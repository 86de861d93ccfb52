package jsonvalues

import (
	"errors"
	"math"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// Answer reads the body of an answer to a query in pieces, as they arrive: [Answer.Feed] gives it a piece,
// [Answer.Read] reads what has arrived, [Answer.Drain] returns the rows. It reads one part after the other: a row, or
// the value of a member around the rows. An incomplete part is read again from its start when all of it has arrived.
// Only one goroutine at a time may use an Answer.
type Answer struct {
	cursor
	layout layout

	Fields    []string       // the field names, once HasFields is set
	HasFields bool           // the field names were read
	Discard   bool           // set by the caller: rows are skipped, not written
	Skipped   bool           // a row was skipped
	Torn      bool           // a row had not as many values as there are fields: a failure must follow
	Meta      map[string]any // what the answer has besides rows, by name
	Whole     bool           // the answer is complete
	// the maximum size in bytes of a part, and of the PackStream from one Read; see [DefaultMaxPart]
	MaxPart int

	rows    []client.Span // of the rows in out
	pending nest          // state of the search for the end of a part that has not arrived whole
	scanned int           // where that search continues, or 0
}

// layout reads one form of answers.
type layout interface {
	// part reads the next part. ErrShort means that the part is incomplete; then the cursor is where to continue, and
	// out contains nothing of the part.
	part(r *Answer) error
}

// DefaultMaxPart is the MaxPart of a new Answer: with it, positions of rows fit into the 32 bits of [client.Span].
const DefaultMaxPart = math.MaxInt32

// ErrTooLong means that a part of an answer is larger than MaxPart.
var ErrTooLong = errors.New("a row, or what surrounds the rows, is larger than 2 GB")

// NewQueryAnswer reads an answer of the Query API, in typed JSON.
func NewQueryAnswer() *Answer { return newAnswer(&queryLayout{}) }

// NewJoltAnswer reads an answer of the transaction API, in Jolt, version 1 or 2.
func NewJoltAnswer() *Answer { return newAnswer(joltLayout{}) }

func newAnswer(l layout) *Answer {
	return &Answer{layout: l, Meta: map[string]any{}, MaxPart: DefaultMaxPart}
}

// Feed reads the next piece of the body: read appends it to in and returns the result. Feed returns its error.
func (r *Answer) Feed(read func(in []byte) ([]byte, error)) error {
	left := copy(r.in, r.in[r.at:])
	r.scanned = max(0, r.scanned-r.at)
	r.in, r.at = r.in[:left], 0
	in, err := read(r.in)
	r.in = in
	return err
}

// Read reads all parts that have arrived. An error means that this is not such an answer, or that it is too long; then
// the Answer cannot be used any more.
func (r *Answer) Read() error {
	err := r.parts()
	if err == nil && max(len(r.in)-r.at, len(r.out)) > r.MaxPart {
		return ErrTooLong
	}
	return err
}

func (r *Answer) parts() error {
	for !r.Whole {
		if r.scanned > 0 {
			end, whole := r.pending.scan(r.in, r.scanned)
			if !whole {
				r.scanned = end
				return nil
			}
			r.scanned = 0
		}
		switch err := r.layout.part(r); err {
		case nil:
		case ErrShort:
			r.wait()
			return nil
		default:
			return err
		}
	}
	return nil
}

// wait starts the search for the end of an incomplete part, so that the part is only read again when it is complete.
// Parts that are neither objects nor lists are short, and are not searched.
func (r *Answer) wait() {
	r.depth = 0
	if b := r.space(); b == '{' || b == '[' {
		r.pending = nest{}
		if end, whole := r.pending.scan(r.in, r.at); !whole {
			r.scanned = end
		}
	}
}

// Ready reports whether rows were read that Drain has not returned yet.
func (r *Answer) Ready() bool { return len(r.rows) > 0 }

// Drain returns the rows that were read since the last Drain. Their memory belongs to the caller.
func (r *Answer) Drain() client.Batch {
	batch := client.Batch{Data: r.out, Records: r.rows}
	r.out = make([]byte, 0, len(r.out)+len(r.out)/8)
	r.rows = make([]client.Span, 0, len(r.rows)+len(r.rows)/8)
	return batch
}

// row reads a row, which read writes as one record.
func (r *Answer) row(read func(*cursor) (int, error)) error {
	if !r.HasFields {
		return &syntaxError{offset: r.at, wanted: "the fields, which come before the rows,"}
	}
	if r.Discard {
		err := r.skip()
		r.Skipped = r.Skipped || err == nil
		return err
	}
	start := len(r.out)
	n, err := read(&r.cursor)
	if err != nil {
		return err
	}
	if n != len(r.Fields) {
		// A server that fails in the middle of a row closes its brackets and then reports the failure.
		r.Torn = true
		r.out = r.out[:start]
		return nil
	}
	r.rows = append(r.rows, client.Span{Start: uint32(start), End: uint32(len(r.out))})
	return nil
}

// value reads a value around the rows as a Go value.
func (r *Answer) value() (any, error) {
	mark := len(r.out)
	if err := r.plain(); err != nil {
		r.out = r.out[:mark]
		return nil, err
	}
	reader := packstream.NewReader(r.out[mark:])
	v, err := reader.Any()
	r.out = r.out[:mark]
	return v, err
}

// setFields sets the field names.
func (r *Answer) setFields(names any) {
	list, _ := names.([]any)
	r.Fields = make([]string, len(list))
	for i, name := range list {
		r.Fields[i], _ = name.(string)
	}
	r.HasFields = true
}
