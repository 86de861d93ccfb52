package packstream

import "math"

// Raw is one value that is encoded already. It must not be empty.
type Raw []byte

// Structure is a structure with tag and fields, without their meaning.
type Structure struct {
	Tag    byte
	Fields []any // [MaxFields] at most
}

// The functions below append one value, or the beginning of one, in its smallest form to b and return the extended
// slice, as append does.

// AppendNull appends null.
func AppendNull(b []byte) []byte { return append(b, markNull) }

// AppendBool appends a boolean.
func AppendBool(b []byte, v bool) []byte {
	if v {
		return append(b, markTrue)
	}
	return append(b, markFalse)
}

// AppendInt appends an integer.
func AppendInt(b []byte, v int64) []byte {
	switch {
	case v >= -16 && v <= math.MaxInt8:
		return append(b, byte(v))
	case v >= math.MinInt8 && v < -16:
		return append(b, markInt8, byte(v))
	case v >= math.MinInt16 && v <= math.MaxInt16:
		return append16(append(b, markInt16), uint16(v))
	case v >= math.MinInt32 && v <= math.MaxInt32:
		return append32(append(b, markInt32), uint32(v))
	}
	return append64(append(b, markInt64), uint64(v))
}

// AppendFloat appends a float, bit for bit.
func AppendFloat(b []byte, v float64) []byte {
	return append64(append(b, markFloat64), math.Float64bits(v))
}

// AppendString appends a text of fewer than 2^32 bytes. It should be UTF-8; it is sent unchanged.
func AppendString(b []byte, v string) []byte {
	return append(appendSized(b, len(v), tinyString, markString8), v...)
}

// AppendBytes appends a byte array of fewer than 2^32 bytes.
func AppendBytes(b []byte, v []byte) []byte {
	return append(appendSized(b, len(v), 0, markBytes8), v...)
}

// AppendUUID appends a UUID, which Bolt before 6.1 cannot carry.
func AppendUUID(b []byte, v UUID) []byte { return append(append(b, markUUID), v[:]...) }

// AppendListHeader begins a list; n values follow.
func AppendListHeader(b []byte, n int) []byte { return appendSized(b, n, tinyList, markList8) }

// AppendMapHeader begins a map; n pairs of a string and a value follow.
func AppendMapHeader(b []byte, n int) []byte { return appendSized(b, n, tinyMap, markMap8) }

// AppendStructHeader begins a structure; fields is the number of fields that follow. It panics unless that is 0 to
// [MaxFields].
func AppendStructHeader(b []byte, tag byte, fields int) []byte {
	if fields < 0 || fields > MaxFields {
		panic("packstream: a structure has 0 to 15 fields")
	}
	return append(b, tinyStruct|byte(fields), tag)
}

// appendSized appends the marker of a sized value: the tiny form (if there is one), or 8, 16 or 32 bits of size.
func appendSized(b []byte, n int, tiny, wide byte) []byte {
	switch {
	case n < 16 && tiny != 0:
		return append(b, tiny|byte(n))
	case n <= math.MaxUint8:
		return append(b, wide, byte(n))
	case n <= math.MaxUint16:
		return append16(append(b, wide+1), uint16(n))
	case uint64(n) <= math.MaxUint32:
		return append32(append(b, wide+2), uint32(n))
	}
	panic("packstream: a size has 32 bits")
}
