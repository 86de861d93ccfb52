package values

import (
	"math"
	"reflect"
	"strconv"

	"github.com/webbolt/webbolt/client/packstream"
)

// appendReflected handles the types that a type switch cannot list: pointers, and named or composed types.
func appendReflected(b []byte, v any, d Dialect, depth int) ([]byte, error) {
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.Pointer:
		if rv.IsNil() {
			return packstream.AppendNull(b), nil
		}
		return appendValue(b, rv.Elem().Interface(), d, depth+1)
	case reflect.Bool:
		return packstream.AppendBool(b, rv.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return packstream.AppendInt(b, rv.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if rv.Uint() > math.MaxInt64 {
			return nil, &Error{Message: strconv.FormatUint(rv.Uint(), 10) +
				" is over the largest integer that Neo4j knows, 9223372036854775807; send it as text"}
		}
		return packstream.AppendInt(b, int64(rv.Uint())), nil
	case reflect.Float32, reflect.Float64:
		return packstream.AppendFloat(b, rv.Float()), nil
	case reflect.String:
		return appendText(b, rv.String())
	case reflect.Slice, reflect.Array:
		return appendSequence(b, rv, d, depth)
	case reflect.Map:
		return appendReflectedMap(b, rv, d, depth)
	}
	return nil, &Error{Message: "it is a " + rv.Type().String() +
		"; send maps, lists, texts, numbers, booleans, or temporal and spatial values"}
}

func appendSequence(b []byte, rv reflect.Value, d Dialect, depth int) ([]byte, error) {
	if rv.Type().Elem().Kind() == reflect.Uint8 {
		bytes := make([]byte, rv.Len())
		reflect.Copy(reflect.ValueOf(bytes), rv)
		return appendBytes(b, bytes)
	}
	b = packstream.AppendListHeader(b, rv.Len())
	for i := range rv.Len() {
		var err error
		if b, err = appendValue(b, rv.Index(i).Interface(), d, depth+1); err != nil {
			return nil, within(index(i), err)
		}
	}
	return b, nil
}

func appendReflectedMap(b []byte, rv reflect.Value, d Dialect, depth int) ([]byte, error) {
	if rv.Type().Key().Kind() != reflect.String {
		return nil, &Error{Message: "it is a " + rv.Type().String() + ", and a map needs keys that are strings"}
	}
	b = packstream.AppendMapHeader(b, rv.Len())
	for entries := rv.MapRange(); entries.Next(); {
		key := entries.Key().String()
		var err error
		if b, err = appendText(b, key); err == nil {
			b, err = appendValue(b, entries.Value().Interface(), d, depth+1)
		}
		if err != nil {
			return nil, within(member(key), err)
		}
	}
	return b, nil
}
