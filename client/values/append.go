package values

import (
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/webbolt/webbolt/client/packstream"
)

// Append appends a Go value and returns the extended slice: all types that packstream.Append accepts; time.Time (see
// below); time.Duration; dbtype's temporal and spatial types; [Vector] and [UUID] if the dialect has them; pointers to
// any of these, and null for a nil pointer; slices, arrays, maps with keys that are strings, and types whose underlying
// type is one of these. Slices and arrays of bytes are byte arrays. A nil slice or map is an empty one.
//
// A time.Time is sent with the name of its zone if that is one of the time zone database, else (time.Local,
// time.FixedZone) with its offset from UTC. Before Bolt 5.0 (a dialect without UTC, or patched) the second of two equal
// clock times at the end of summer time goes with its offset too: with the name, it would arrive an hour early.
//
// Nodes, relationships, paths, structs and texts that are not UTF-8 cannot be sent. The error is an [*Error].
func Append(b []byte, v any, d Dialect) ([]byte, error) {
	b, err := appendValue(b, v, d, 0)
	return b, rooted("", err)
}

// AppendMap appends a map of parameters. Paths in its errors begin with the parameter's name, as in $people[3].born.
func AppendMap(b []byte, m map[string]any, d Dialect) ([]byte, error) {
	b, err := appendMap(b, m, d, 0)
	return b, rooted("$", err)
}

func appendValue(b []byte, v any, d Dialect, depth int) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return packstream.AppendNull(b), nil
	case bool:
		return packstream.AppendBool(b, v), nil
	case int:
		return packstream.AppendInt(b, int64(v)), nil
	case int64:
		return packstream.AppendInt(b, v), nil
	case float64:
		return packstream.AppendFloat(b, v), nil
	case string:
		return appendText(b, v)
	case []byte:
		return appendBytes(b, v)
	case packstream.Raw:
		return appendRaw(b, v, d)
	case Zoned:
		return appendRaw(b, v.in(d), d)
	}
	return appendComposite(b, v, d, depth)
}

// appendComposite appends values that contain others, and leaves the rest to other functions. A pointer counts as a
// level of nesting, so that a ring of pointers ends.
func appendComposite(b []byte, v any, d Dialect, depth int) ([]byte, error) {
	if depth >= packstream.MaxDepth {
		return nil, &Error{Message: "it is nested more than " + strconv.Itoa(packstream.MaxDepth) +
			" deep, or contains itself; send a flatter value"}
	}
	switch v := v.(type) {
	case []any:
		return appendList(b, v, d, depth)
	case map[string]any:
		return appendMap(b, v, d, depth)
	case []map[string]any:
		return appendEach(b, v, func(b []byte, item map[string]any) ([]byte,
			error) {
			return appendValue(b, item, d, depth+1)
		})
	case []string:
		return appendEach(b, v, appendText)
	case []int64:
		return appendEach(b, v, func(b []byte, i int64) ([]byte, error) { return packstream.AppendInt(b, i), nil })
	case []int:
		return appendEach(b, v, func(b []byte, i int) ([]byte, error) { return packstream.AppendInt(b, int64(i)), nil })
	case []float64:
		return appendEach(b, v, func(b []byte, f float64) ([]byte, error) { return packstream.AppendFloat(b, f), nil })
	case packstream.Structure:
		if len(v.Fields) > packstream.MaxFields {
			return nil, &Error{Message: "a structure has " + strconv.Itoa(packstream.MaxFields) + " fields at the most"}
		}
		return appendItems(packstream.AppendStructHeader(b, v.Tag, len(v.Fields)), v.Fields, d, depth)
	}
	if out, known, err := appendStructure(b, v, d); known {
		return out, err
	}
	return appendReflected(b, v, d, depth)
}

func appendList(b []byte, list []any, d Dialect, depth int) ([]byte, error) {
	return appendItems(packstream.AppendListHeader(b, len(list)), list, d, depth)
}

func appendItems(b []byte, list []any, d Dialect, depth int) ([]byte, error) {
	for i, item := range list {
		var err error
		if b, err = appendValue(b, item, d, depth+1); err != nil {
			return nil, within(index(i), err)
		}
	}
	return b, nil
}

func appendEach[T any](b []byte, list []T, one func([]byte, T) ([]byte, error)) ([]byte, error) {
	b = packstream.AppendListHeader(b, len(list))
	for i, item := range list {
		var err error
		if b, err = one(b, item); err != nil {
			return nil, within(index(i), err)
		}
	}
	return b, nil
}

func appendMap(b []byte, m map[string]any, d Dialect, depth int) ([]byte, error) {
	b = packstream.AppendMapHeader(b, len(m))
	for key, item := range m {
		var err error
		if b, err = appendText(b, key); err == nil {
			b, err = appendValue(b, item, d, depth+1)
		}
		if err != nil {
			return nil, within(member(key), err)
		}
	}
	return b, nil
}

// appendText refuses invalid UTF-8: a server would store other characters instead (5 and later) or broken text (4.4).
func appendText(b []byte, s string) ([]byte, error) {
	if uint64(len(s)) > math.MaxUint32 {
		return nil, &Error{Message: "a text can have up to 4 GiB; send it in parts"}
	}
	if !utf8.ValidString(s) {
		return nil, &Error{Message: "the text is not valid UTF-8; send it as []byte, or make it valid, as with " +
			"strings.ToValidUTF8"}
	}
	return packstream.AppendString(b, s), nil
}

func appendBytes(b, v []byte) ([]byte, error) {
	if uint64(len(v)) > math.MaxUint32 {
		return nil, &Error{Message: "a byte array can have up to 4 GiB; send it in parts"}
	}
	return packstream.AppendBytes(b, v), nil
}
