package client

import (
	"errors"
	"slices"
	"strconv"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

// Record is one row of a result. It holds the bytes that came and decodes them when asked.
//
// Values are nil, bool, int64, float64, string, []byte, []any, map[string]any, time.Time, the types of package dbtype
// of neo4j-go-driver/v5, and those of package values. Texts of 64 KiB and more share the record's bytes. A record is
// for one goroutine at a time.
type Record struct {
	raw     []byte
	keys    []string
	decoded []any
}

// NewRecord makes a record of one PackStream list and the names of its fields. It keeps both.
func NewRecord(keys []string, raw packstream.Raw) *Record { return &Record{raw: raw, keys: keys} }

// Keys returns the field names. The slice is shared: do not change it.
func (r *Record) Keys() []string { return r.keys }

// Raw returns the record as it came: a PackStream list. Do not change it.
func (r *Record) Raw() packstream.Raw { return r.raw }

// Values returns all values, decoded once. The slice is shared: do not change it.
func (r *Record) Values() ([]any, error) {
	if r.decoded != nil {
		return r.decoded, nil
	}
	reader := packstream.NewReader(r.raw)
	decoded, err := values.ReadList(&reader, nil)
	if err != nil {
		return nil, undecodable(err)
	}
	r.decoded = decoded
	return decoded, nil
}

// Value returns the value of the i-th field, from 0.
func (r *Record) Value(i int) (any, error) {
	decoded, err := r.Values()
	if err != nil {
		return nil, err
	}
	if i < 0 || i >= len(decoded) {
		return nil, &ArgumentError{Argument: "i", Message: "field " + strconv.Itoa(
			i) + " of a record with " + strconv.Itoa(len(decoded)) + " fields"}
	}
	return decoded[i], nil
}

// Get returns the value of the named field.
func (r *Record) Get(key string) (any, error) {
	i := slices.Index(r.keys, key)
	if i < 0 {
		return nil, &ArgumentError{Argument: "key", Message: "the record has no field " + strconv.Quote(key)}
	}
	return r.Value(i)
}

// AsMap returns all values by field name.
func (r *Record) AsMap() (map[string]any, error) {
	decoded, err := r.Values()
	if err != nil {
		return nil, err
	}
	m := make(map[string]any, len(decoded))
	for i, key := range r.keys {
		if i < len(decoded) {
			m[key] = decoded[i]
		}
	}
	return m, nil
}

// Scanner is a destination of [Record.Scan] that reads its value itself. It must read just that value, and not keep the
// reader.
type Scanner interface {
	ScanPackStream(r *packstream.Reader) error
}

// Any is a [Scanner] for a value of any type; null becomes nil.
//
// Scan itself does not handle it, so that programs that do not use it, such as the WebAssembly module, need not link
// the types of values.
type Any struct{ Value any }

// ScanPackStream implements [Scanner].
func (a *Any) ScanPackStream(r *packstream.Reader) (err error) {
	a.Value, err = values.Read(r)
	return err
}

// Scan decodes the first fields straight into what dest points to, without making Go values in between: *int64, *int,
// *float64, *bool, *string, *[]byte (a copy), or a [Scanner] such as *[Any]; a nil dest skips its field. Null is an
// error for all but a Scanner that accepts it.
func (r *Record) Scan(dest ...any) error {
	reader := packstream.NewReader(r.raw)
	n, err := reader.ListHeader()
	if err != nil {
		return undecodable(err)
	}
	if len(dest) > n {
		return &ArgumentError{Argument: "dest", Message: strconv.Itoa(
			len(dest)) + " destinations for a record with " + strconv.Itoa(n) + " fields"}
	}
	for i, d := range dest {
		if err := scanValue(&reader, d); err != nil {
			if _, malformed := errors.AsType[*packstream.Error](err); malformed {
				err = &ArgumentError{Argument: "dest[" + strconv.Itoa(i) + "]", Message: "the field holds another type",
					Err: err}
			}
			return err
		}
	}
	return nil
}

func scanValue(r *packstream.Reader, dest any) (err error) {
	switch d := dest.(type) {
	case nil:
		return r.Skip()
	case *int64:
		*d, err = r.Int()
	case *int:
		var i int64
		i, err = r.Int()
		*d = int(i)
	case *float64:
		*d, err = r.Float()
	case *bool:
		*d, err = r.Bool()
	case *string:
		*d, err = r.SharedString()
	case *[]byte:
		var b []byte
		b, err = r.Bytes()
		*d = slices.Clone(b)
	case Scanner:
		err = d.ScanPackStream(r)
	default:
		return &ArgumentError{Argument: "dest",
			Message: "Scan takes *int64, *int, *float64, *bool, *string, *[]byte and a Scanner such as *Any"}
	}
	return err
}

func undecodable(err error) error {
	return &ProtocolError{Message: "the server sent a record that cannot be decoded", Err: err}
}
