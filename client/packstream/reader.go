package packstream

import "math"

// Reader is a cursor over encoded values. It copies nothing unless documented, and allocates only errors and the
// results of Any and String. After an error its position is undefined. It is a value: a copy moves independently. Only
// one goroutine at a time may use a Reader; several Readers may read the same data.
//
// A method for another kind than the next value's fails with [ErrKind]. Sizes are checked against the remaining bytes:
// a value that claims more than its message contains fails with [ErrTruncated] at once. Each header limits only its own
// size, so callers that allocate for nested values should keep count (as Any does), and callers that recurse must limit
// the depth.
type Reader struct {
	data []byte
	at   int
}

// NewReader makes a reader of data, which it does not change and which must not change while it is read.
func NewReader(data []byte) Reader { return Reader{data: data} }

// Len is the number of remaining bytes.
func (r *Reader) Len() int { return len(r.data) - r.at }

// Offset is the number of bytes that were read.
func (r *Reader) Offset() int { return r.at }

// Data returns all bytes of the reader, including those already read. Do not change them.
func (r *Reader) Data() []byte { return r.data }

// Kind looks at the next value without reading it.
func (r *Reader) Kind() Kind {
	if uint(r.at) >= uint(len(r.data)) {
		return KindEnd
	}
	return kinds[r.data[r.at]]
}

//go:noinline
func (r *Reader) fail(err error) error { return &Error{Offset: r.at, Err: err} }

// mismatch is the error for a next value of another kind than the wanted one.
//
//go:noinline
func (r *Reader) mismatch() error {
	switch r.Kind() {
	case KindEnd:
		return r.fail(ErrTruncated)
	case KindInvalid:
		return r.fail(ErrMarker)
	}
	return r.fail(ErrKind)
}

// Null reads null.
func (r *Reader) Null() error {
	if r.Kind() != KindNull {
		return r.mismatch()
	}
	r.at++
	return nil
}

// Bool reads a boolean.
func (r *Reader) Bool() (bool, error) {
	if r.Kind() != KindBool {
		return false, r.mismatch()
	}
	r.at++
	return r.data[r.at-1] == markTrue, nil
}

// Int reads an integer.
func (r *Reader) Int() (int64, error) {
	if uint(r.at) < uint(len(r.data)) {
		if v := int8(r.data[r.at]); v >= -16 {
			r.at++
			return int64(v), nil
		}
	}
	return r.wideInt()
}

// wideInt reads an integer that is not in the marker itself.
func (r *Reader) wideInt() (int64, error) {
	if r.Kind() != KindInt {
		return 0, r.mismatch()
	}
	b := r.data[r.at:]
	switch marker := b[0]; {
	case marker == markInt8 && len(b) >= 2:
		r.at += 2
		return int64(int8(b[1])), nil
	case marker == markInt16 && len(b) >= 3:
		r.at += 3
		return int64(int16(uint16BE(b[1:]))), nil
	case marker == markInt32 && len(b) >= 5:
		r.at += 5
		return int64(int32(uint32BE(b[1:]))), nil
	case marker == markInt64 && len(b) >= 9:
		r.at += 9
		return int64(uint64BE(b[1:])), nil
	}
	return 0, r.fail(ErrTruncated)
}

// Float reads a float.
func (r *Reader) Float() (float64, error) {
	if r.Kind() != KindFloat {
		return 0, r.mismatch()
	}
	b := r.data[r.at:]
	if len(b) < 9 {
		return 0, r.fail(ErrTruncated)
	}
	r.at += 9
	return math.Float64frombits(uint64BE(b[1:])), nil
}

// UUID reads a UUID.
func (r *Reader) UUID() (u UUID, err error) {
	if r.Kind() != KindUUID {
		return u, r.mismatch()
	}
	b := r.data[r.at+1:]
	if len(b) < len(u) {
		return u, r.fail(ErrTruncated)
	}
	r.at += 1 + len(u)
	return UUID(b[:len(u)]), nil
}
