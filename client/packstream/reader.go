package packstream

import (
	"encoding/binary"
	"math"
)

// Kind is the type of a value, without regard to its size.
type Kind uint8

// The kinds.
const (
	KindInvalid Kind = iota // an unknown marker
	KindEnd                 // no bytes are left
	KindNull
	KindBool
	KindInt
	KindFloat
	KindString
	KindBytes
	KindList
	KindMap
	KindStruct
	KindUUID // from Bolt 6.1 on
)

// kinds gives the kind of every marker.
var kinds = func() (table [256]Kind) {
	fill := func(from, to int, kind Kind) {
		for i := from; i <= to; i++ {
			table[i] = kind
		}
	}
	fill(0x00, 0x7F, KindInt)
	fill(0xF0, 0xFF, KindInt)
	fill(markInt8, markInt64, KindInt)
	fill(tinyString, tinyString|15, KindString)
	fill(tinyList, tinyList|15, KindList)
	fill(tinyMap, tinyMap|15, KindMap)
	fill(tinyStruct, tinyStruct|15, KindStruct)
	fill(markNull, markNull, KindNull)
	fill(markFloat64, markFloat64, KindFloat)
	fill(markFalse, markTrue, KindBool)
	fill(markBytes8, markBytes32, KindBytes)
	fill(markString8, markString8+2, KindString)
	fill(markList8, markList8+2, KindList)
	fill(markMap8, markMap8+2, KindMap)
	fill(markStruct8, markStruct8+1, KindStruct)
	fill(markUUID, markUUID, KindUUID)
	return table
}()

// Reader is a cursor over encoded values. It copies nothing and allocates nothing but errors. After an error, its place is undefined.
//
// Sizes are checked against the bytes that are there, so a value that claims to be larger than its message is an error at once. How deep
// values may lie is for those to limit who recurse; Skip, Raw and Any do, at [MaxDepth].
type Reader struct {
	data []byte
	at   int
}

// NewReader makes a reader of data, which it does not change and which must not change while it is read.
func NewReader(data []byte) Reader { return Reader{data: data} }

// Len is how many bytes are left.
func (r *Reader) Len() int { return len(r.data) - r.at }

// Offset is how many bytes were read.
func (r *Reader) Offset() int { return r.at }

// Data gives all the bytes that the reader was made of, those already read included.
func (r *Reader) Data() []byte { return r.data }

// Kind looks at the next value without reading it.
func (r *Reader) Kind() Kind {
	if r.at >= len(r.data) {
		return KindEnd
	}
	return kinds[r.data[r.at]]
}

func (r *Reader) fail(err error) error { return &Error{Offset: r.at, Err: err} }

// mismatch is the error for a next value that is not of the wanted kind.
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
	if r.at < len(r.data) {
		if v := int8(r.data[r.at]); v >= -16 {
			r.at++
			return int64(v), nil
		}
	}
	return r.wideInt()
}

func (r *Reader) wideInt() (int64, error) {
	if r.Kind() != KindInt {
		return 0, r.mismatch()
	}
	rest := r.data[r.at+1:]
	width := 1 << (r.data[r.at] - markInt8)
	if len(rest) < width {
		return 0, r.fail(ErrTruncated)
	}
	r.at += 1 + width
	switch width {
	case 1:
		return int64(int8(rest[0])), nil
	case 2:
		return int64(int16(binary.BigEndian.Uint16(rest))), nil
	case 4:
		return int64(int32(binary.BigEndian.Uint32(rest))), nil
	}
	return int64(binary.BigEndian.Uint64(rest)), nil
}

// Float reads a float.
func (r *Reader) Float() (float64, error) {
	if r.Kind() != KindFloat {
		return 0, r.mismatch()
	}
	if r.Len() < 9 {
		return 0, r.fail(ErrTruncated)
	}
	r.at += 9
	return math.Float64frombits(binary.BigEndian.Uint64(r.data[r.at-8:])), nil
}

// UUID reads a UUID.
func (r *Reader) UUID() (id UUID, err error) {
	if r.Kind() != KindUUID {
		return id, r.mismatch()
	}
	if r.Len() < 1+len(id) {
		return id, r.fail(ErrTruncated)
	}
	r.at += 1 + copy(id[:], r.data[r.at+1:])
	return id, nil
}

// String reads a text into a string of its own.
func (r *Reader) String() (string, error) {
	b, err := r.StringBytes()
	return string(b), err
}

// StringBytes reads a text without copying it: the bytes are the reader's own.
func (r *Reader) StringBytes() ([]byte, error) {
	if r.Kind() != KindString {
		return nil, r.mismatch()
	}
	return r.sized(tinyString, markString8)
}

// Bytes reads a byte array without copying it: the bytes are the reader's own.
func (r *Reader) Bytes() ([]byte, error) {
	if r.Kind() != KindBytes {
		return nil, r.mismatch()
	}
	return r.sized(0, markBytes8)
}

// ListHeader reads the beginning of a list; n values follow.
func (r *Reader) ListHeader() (n int, err error) {
	if r.Kind() != KindList {
		return 0, r.mismatch()
	}
	return r.counted(tinyList, markList8, 1)
}

// MapHeader reads the beginning of a map; n pairs of a string and a value follow.
func (r *Reader) MapHeader() (n int, err error) {
	if r.Kind() != KindMap {
		return 0, r.mismatch()
	}
	return r.counted(tinyMap, markMap8, 2)
}

// StructHeader reads the beginning of a structure; n fields follow.
func (r *Reader) StructHeader() (tag byte, n int, err error) {
	if r.Kind() != KindStruct {
		return 0, 0, r.mismatch()
	}
	size, width, err := r.size(tinyStruct, markStruct8)
	if err != nil {
		return 0, 0, err
	}
	if r.Len() < 2+width+size {
		return 0, 0, r.fail(ErrTruncated)
	}
	r.at += 2 + width
	return r.data[r.at-1], size, nil
}

// size reads the size of the next value, which is of the right kind, and how many bytes the size takes behind the marker.
func (r *Reader) size(tiny, wide byte) (size, width int, err error) {
	marker := r.data[r.at]
	if tiny != 0 && marker&0xF0 == tiny {
		return int(marker & 0x0F), 0, nil
	}
	rest := r.data[r.at+1:]
	width = 1 << (marker - wide)
	if len(rest) < width {
		return 0, 0, r.fail(ErrTruncated)
	}
	switch width {
	case 1:
		return int(rest[0]), width, nil
	case 2:
		return int(binary.BigEndian.Uint16(rest)), width, nil
	}
	n := binary.BigEndian.Uint32(rest)
	if uint64(n) > uint64(len(rest)) { // every value needs a byte at least; and an int may have 32 bits
		return 0, 0, r.fail(ErrTruncated)
	}
	return int(n), width, nil
}

func (r *Reader) sized(tiny, wide byte) ([]byte, error) {
	size, width, err := r.size(tiny, wide)
	if err != nil {
		return nil, err
	}
	start := r.at + 1 + width
	if len(r.data)-start < size {
		return nil, r.fail(ErrTruncated)
	}
	r.at = start + size
	return r.data[start:r.at:r.at], nil
}

func (r *Reader) counted(tiny, wide byte, least int) (int, error) {
	size, width, err := r.size(tiny, wide)
	if err != nil {
		return 0, err
	}
	if (r.Len()-1-width)/least < size {
		return 0, r.fail(ErrTruncated)
	}
	r.at += 1 + width
	return size, nil
}

// Skip passes over the next value.
func (r *Reader) Skip() error { return r.skip(0) }

func (r *Reader) skip(depth int) error {
	n := 0
	var err error
	switch r.Kind() {
	case KindNull, KindBool:
		r.at++
		return nil
	case KindInt:
		_, err = r.Int()
	case KindFloat:
		_, err = r.Float()
	case KindUUID:
		_, err = r.UUID()
	case KindString:
		_, err = r.StringBytes()
	case KindBytes:
		_, err = r.Bytes()
	case KindList:
		n, err = r.ListHeader()
	case KindMap:
		n, err = r.MapHeader()
		n *= 2
	case KindStruct:
		_, n, err = r.StructHeader()
	default:
		err = r.mismatch()
	}
	if n > 0 && depth >= MaxDepth {
		return r.fail(ErrDepth)
	}
	for ; n > 0 && err == nil; n-- {
		err = r.skip(depth + 1)
	}
	return err
}

// Raw reads the next value as it is, without copying it.
func (r *Reader) Raw() (Raw, error) {
	start := r.at
	if err := r.Skip(); err != nil {
		return nil, err
	}
	return Raw(r.data[start:r.at:r.at]), nil
}
