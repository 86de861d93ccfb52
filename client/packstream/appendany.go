package packstream

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Append appends a Go value of one of the types that [Reader.Any] gives, or of another integer or float type, []string,
// map[string]string, or [Raw], and returns the extended slice. The error is an [*UnsupportedTypeError]; b itself is
// then unchanged; only bytes beyond its length may be overwritten.
//
// Package values appends many more types.
func Append(b []byte, v any) ([]byte, error) {
	b, err := appendAny(b, v, 0)
	if u, is := errors.AsType[*UnsupportedTypeError](err); is {
		u.Path = strings.TrimPrefix(u.Path, ".")
	}
	return b, err
}

func appendAny(b []byte, v any, depth int) ([]byte, error) {
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
		if uint64(len(v)) > math.MaxUint32 {
			return nil, unsupported("a text of 4 GiB or more")
		}
		return AppendString(b, v), nil
	case []byte:
		if uint64(len(v)) > math.MaxUint32 {
			return nil, unsupported("a byte array of 4 GiB or more")
		}
		return AppendBytes(b, v), nil
	case UUID:
		return AppendUUID(b, v), nil
	case Raw:
		if len(v) == 0 {
			return nil, unsupported("an empty Raw, which is no value")
		}
		return append(b, v...), nil
	case []any, map[string]any, Structure, []string, map[string]string:
		if depth >= MaxDepth {
			return nil, unsupported("nested too deep, or containing itself")
		}
		return appendComposite(b, v, depth)
	}
	return appendNumber(b, v)
}

func appendComposite(b []byte, v any, depth int) ([]byte, error) {
	switch v := v.(type) {
	case []any:
		return appendItems(AppendListHeader(b, len(v)), v, depth)
	case []string:
		b = AppendListHeader(b, len(v))
		for _, s := range v {
			b = AppendString(b, s)
		}
		return b, nil
	case map[string]string:
		b = AppendMapHeader(b, len(v))
		for key, s := range v {
			b = AppendString(AppendString(b, key), s)
		}
		return b, nil
	case Structure:
		if len(v.Fields) > MaxFields {
			return nil, unsupported("a structure of more than 15 fields")
		}
		return appendItems(AppendStructHeader(b, v.Tag, len(v.Fields)), v.Fields, depth)
	}
	m := v.(map[string]any)
	b = AppendMapHeader(b, len(m))
	for key, value := range m {
		var err error
		if b, err = appendAny(AppendString(b, key), value, depth+1); err != nil {
			return nil, within("."+key, err)
		}
	}
	return b, nil
}

func appendItems(b []byte, list []any, depth int) ([]byte, error) {
	for i, value := range list {
		var err error
		if b, err = appendAny(b, value, depth+1); err != nil {
			return nil, within("["+strconv.Itoa(i)+"]", err)
		}
	}
	return b, nil
}

func appendNumber(b []byte, v any) ([]byte, error) {
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
	return nil, unsupported("of a Go type that has no form in PackStream")
}

func appendUint(b []byte, v uint64) ([]byte, error) {
	if v > math.MaxInt64 {
		return nil, unsupported(strconv.FormatUint(v, 10) + ", over the largest integer, 9223372036854775807")
	}
	return AppendInt(b, int64(v)), nil
}

func unsupported(what string) error { return &UnsupportedTypeError{Reason: "it is " + what} }

// within puts a step before the path of an error.
func within(step string, err error) error {
	if inner, is := errors.AsType[*UnsupportedTypeError](err); is {
		inner.Path = step + inner.Path
	}
	return err
}
