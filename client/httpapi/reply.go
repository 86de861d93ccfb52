package httpapi

import (
	"errors"
	"math"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// reply reads the body of an answer in pieces, as they come. It reads one part after the other: a row, or the value of a member around the
// rows. A part that is not there whole is read again from its start once it is.
type reply struct {
	cursor
	form replyForm

	fields    []string
	hasFields bool
	rows      []client.Span  // of the rows in out
	discard   bool           // rows are passed over
	passed    bool           // a row was
	torn      bool           // a row had another length than it should: a failure must follow
	meta      map[string]any // what was said besides the rows
	whole     bool           // the answer ended as it should

	pending nest // how far the part that is not there whole has been looked at
	scanned int  // up to where, or 0
}

// replyForm is how a wire form lays out its answers.
type replyForm interface {
	// part reads the next part. errShort means that it is not there whole; then the cursor stands where to go on from, and
	// nothing of the unfinished part is in out.
	part(r *reply) error
}

// maxPart is how large a part of an answer may be, and what is made of the parts that come at once. It keeps spans, which are 32 bits, within them.
var maxPart = math.MaxInt32 // tests set it

// errTooLong is given for a part that is larger.
var errTooLong = errors.New("a row, or what surrounds the rows, is larger than 2 GB")

func newReply(form replyForm) *reply {
	return &reply{form: form, meta: map[string]any{}}
}

// feed makes room: it drops what has been read from the input, which read then appends to.
func (r *reply) feed(read func(in []byte) ([]byte, error)) error {
	left := copy(r.in, r.in[r.at:])
	r.scanned = max(0, r.scanned-r.at)
	r.in, r.at = r.in[:left], 0
	in, err := read(r.in)
	r.in = in
	return err
}

// read reads all parts that are there.
func (r *reply) read() error {
	err := r.parts()
	if err == nil && max(len(r.in)-r.at, len(r.out)) > maxPart {
		return errTooLong
	}
	return err
}

func (r *reply) parts() error {
	for !r.whole {
		if r.scanned > 0 {
			end, whole := r.pending.scan(r.in, r.scanned)
			if !whole {
				r.scanned = end
				return nil
			}
			r.scanned = 0
		}
		switch err := r.form.part(r); err {
		case nil:
		case errShort:
			r.wait()
			return nil
		default:
			return err
		}
	}
	return nil
}

// wait looks at a part that is not there whole, so that it is read again only when it is. Parts that are neither
// objects nor lists are short.
func (r *reply) wait() {
	r.depth = 0
	if b := r.space(); b == '{' || b == '[' {
		r.pending = nest{}
		if end, whole := r.pending.scan(r.in, r.at); !whole {
			r.scanned = end
		}
	}
}

// take gives the rows that were read, and lets the caller have the memory.
func (r *reply) take() client.Batch {
	batch := client.Batch{Data: r.out, Records: r.rows}
	r.out = make([]byte, 0, len(r.out)+len(r.out)/8)
	r.rows = make([]client.Span, 0, len(r.rows)+len(r.rows)/8)
	return batch
}

// row reads a row, which read writes as one record.
func (r *reply) row(read func(*cursor) (int, error)) error {
	if !r.hasFields {
		return &syntaxError{offset: r.at, wanted: "the fields, which come before the rows,"}
	}
	if r.discard {
		err := r.skip()
		r.passed = r.passed || err == nil
		return err
	}
	start := len(r.out)
	n, err := read(&r.cursor)
	if err != nil {
		return err
	}
	if n != len(r.fields) {
		// A server that fails in the middle of a row closes its brackets and goes on to say why.
		r.torn = true
		r.out = r.out[:start]
		return nil
	}
	r.rows = append(r.rows, client.Span{Start: uint32(start), End: uint32(len(r.out))})
	return nil
}

// value reads a value around the rows as a Go value.
func (r *reply) value() (any, error) {
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

// setFields takes the field names.
func (r *reply) setFields(names any) {
	list, _ := names.([]any)
	r.fields = make([]string, len(list))
	for i, name := range list {
		r.fields[i], _ = name.(string)
	}
	r.hasFields = true
}
