package packstream

import (
	"strconv"
	"strings"
)

// Any reads the next value: nil, bool, int64, float64, string, []byte (a copy), []any, map[string]any,
// [UUID], or [Structure]. Of a key that comes
// twice in a map, the last counts.
func (r *Reader) Any() (any, error) { return r.any(0) }

func (r *Reader) any(depth int) (any, error) {
	if depth > MaxDepth {
		return nil, r.fail(ErrDepth)
	}
	switch r.Kind() {
	case KindNull:
		return nil, r.Null()
	case KindBool:
		return r.Bool()
	case KindInt:
		return r.Int()
	case KindFloat:
		return r.Float()
	case KindString:
		return r.String()
	case KindUUID:
		return r.UUID()
	case KindBytes:
		b, err := r.Bytes()
		return append([]byte{}, b...), err
	case KindList:
		n, err := r.ListHeader()
		if err != nil {
			return nil, err
		}
		return r.anys(n, depth)
	case KindMap:
		return r.anyMap(depth)
	case KindStruct:
		tag, n, err := r.StructHeader()
		if err != nil {
			return nil, err
		}
		fields, err := r.anys(n, depth)
		return Structure{Tag: tag, Fields: fields}, err
	}
	return nil, r.mismatch()
}

func (r *Reader) anys(n, depth int) ([]any, error) {
	list := make([]any, n)
	for i := range list {
		var err error
		if list[i], err = r.any(depth + 1); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (r *Reader) anyMap(depth int) (any, error) {
	n, err := r.MapHeader()
	if err != nil {
		return nil, err
	}
	m := make(map[string]any, n)
	for range n {
		key, err := r.String()
		if err != nil {
			return nil, err
		}
		if m[key], err = r.any(depth + 1); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// UnsupportedTypeError: a Go value that Append cannot encode, and where it lies.
type UnsupportedTypeError struct {
	Path string // such as [3].name
}

func (e *UnsupportedTypeError) Error() string {
	return "packstream: the value at " + strconv.Quote(e.Path) + " is of a type that cannot be sent"
}

// Append appends a Go value of one of the types that [Reader.Any] gives, or of another integer or float type, []string, [Raw].
func Append(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return AppendNull(b), nil
	case bool:
		return AppendBool(b, v), nil
	case int64:
		return AppendInt(b, v), nil
	case int:
		return AppendInt(b, int64(v)), nil
	case float64:
		return AppendFloat(b, v), nil
	case string:
		return AppendString(b, v), nil
	case []byte:
		return AppendBytes(b, v), nil
	case Raw:
		return append(b, v...), nil
	case UUID:
		return AppendUUID(b, v), nil
	case []string:
		b = AppendListHeader(b, len(v))
		for _, s := range v {
			b = AppendString(b, s)
		}
		return b, nil
	case []any:
		return appendAll(AppendListHeader(b, len(v)), v)
	case Structure:
		if len(v.Fields) > 15 {
			return nil, &UnsupportedTypeError{}
		}
		return appendAll(AppendStructHeader(b, v.Tag, len(v.Fields)), v.Fields)
	case map[string]any:
		b = AppendMapHeader(b, len(v))
		for key, value := range v {
			var err error
			if b, err = Append(AppendString(b, key), value); err != nil {
				return nil, within("."+key, err)
			}
		}
		return b, nil
	}
	return appendSmall(b, v)
}

func appendAll(b []byte, list []any) ([]byte, error) {
	for i, value := range list {
		var err error
		if b, err = Append(b, value); err != nil {
			return nil, within("["+strconv.Itoa(i)+"]", err)
		}
	}
	return b, nil
}

func appendSmall(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case int8:
		return AppendInt(b, int64(v)), nil
	case int16:
		return AppendInt(b, int64(v)), nil
	case int32:
		return AppendInt(b, int64(v)), nil
	case uint8:
		return AppendInt(b, int64(v)), nil
	case uint16:
		return AppendInt(b, int64(v)), nil
	case uint32:
		return AppendInt(b, int64(v)), nil
	case uint:
		return appendUint(b, uint64(v))
	case uint64:
		return appendUint(b, v)
	case float32:
		return AppendFloat(b, float64(v)), nil
	}
	return nil, &UnsupportedTypeError{}
}

func appendUint(b []byte, v uint64) ([]byte, error) {
	if v > 1<<63-1 {
		return nil, &Error{Err: ErrRange}
	}
	return AppendInt(b, int64(v)), nil
}

func within(step string, err error) error {
	if u, is := err.(*UnsupportedTypeError); is {
		return &UnsupportedTypeError{Path: strings.TrimPrefix(step+u.Path, ".")}
	}
	return err
}
