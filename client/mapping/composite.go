package mapping

import (
	"reflect"
	"time"
	"unsafe"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

var (
	scannerType  = reflect.TypeFor[client.Scanner]()
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
)

// ready are types that package values makes.
var ready = map[reflect.Type]bool{
	timeType: true, reflect.TypeFor[dbtype.Date](): true, reflect.TypeFor[dbtype.Time](): true,
	reflect.TypeFor[dbtype.LocalTime]():     true,
	reflect.TypeFor[dbtype.LocalDateTime](): true, reflect.TypeFor[dbtype.Duration](): true,
	reflect.TypeFor[dbtype.Point2D](): true,
	reflect.TypeFor[dbtype.Point3D](): true, reflect.TypeFor[dbtype.Node](): true,
	reflect.TypeFor[dbtype.Relationship](): true,
	reflect.TypeFor[dbtype.Path]():         true, reflect.TypeFor[dbtype.InvalidValue](): true,
	reflect.TypeFor[values.Vector]():      true,
	reflect.TypeFor[values.Unsupported](): true, reflect.TypeFor[values.Unknown](): true,
	reflect.TypeFor[packstream.UUID](): true,
}

// decoder returns the decoder for a type.
func (b *builder) decoder(t reflect.Type) (decode, error) {
	switch {
	case reflect.PointerTo(t).Implements(scannerType):
		return scannerDecoder(t), nil
	case ready[t]:
		return valueDecoder(t), nil
	case t == durationType:
		return decodeDuration, nil
	}
	if plain := scalarDecoder(t); plain != nil {
		return plain, nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return b.pointerDecoder(t)
	case reflect.Slice:
		return b.sliceDecoder(t)
	case reflect.Map:
		return b.mapDecoder(t)
	case reflect.Struct:
		plan, err := b.entity(t)
		if err != nil {
			return nil, err
		}
		return plan.decode, nil
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return decodeAny, nil
		}
	}
	return nil, misfit("no value can be read into " + t.String() + `; leave the field out with the tag neo4j:"-"`)
}

func decodeAny(c *cursor, p unsafe.Pointer) (err error) {
	*(*any)(p), err = values.Read(&c.Reader)
	return err
}

func scannerDecoder(t reflect.Type) decode {
	return func(c *cursor, p unsafe.Pointer) error {
		return reflect.NewAt(t, p).Interface().(client.Scanner).ScanPackStream(&c.Reader)
	}
}

// valueDecoder reads by package values, and accepts values of type t, or, if t is a form of time.Time, of another such
// form.
func valueDecoder(t reflect.Type) decode {
	wanted := "a value for " + t.String()
	return func(c *cursor, p unsafe.Pointer) error {
		if c.Kind() == packstream.KindNull {
			return c.mismatch(wanted)
		}
		v, err := values.Read(&c.Reader)
		if err != nil {
			return err
		}
		got := reflect.ValueOf(v)
		switch {
		case got.Type() == t:
			reflect.NewAt(t, p).Elem().Set(got)
			return nil
		case t == timeType && got.CanConvert(timeType):
			*(*time.Time)(p) = got.Convert(timeType).Interface().(time.Time)
			return nil
		}
		return misfit("it is a " + got.Type().String() + ", and " + wanted + " is wanted")
	}
}

func decodeDuration(c *cursor, p unsafe.Pointer) error {
	var d dbtype.Duration
	if err := valueDecoder(reflect.TypeFor[dbtype.Duration]())(c, unsafe.Pointer(&d)); err != nil {
		return err
	}
	const maximum = int64(1<<63-1) / int64(time.Second)
	if d.Months != 0 || d.Days != 0 || d.Seconds >= maximum || d.Seconds <= -maximum {
		return misfit("a time.Duration has no months and days, and 292 years at most; use dbtype.Duration")
	}
	*(*time.Duration)(p) = time.Duration(d.Seconds)*time.Second + time.Duration(d.Nanos)
	return nil
}

// pointerDecoder turns null into a nil pointer.
func (b *builder) pointerDecoder(t reflect.Type) (decode, error) {
	elem := t.Elem()
	inner, err := b.decoder(elem)
	if err != nil {
		return nil, err
	}
	return func(c *cursor, p unsafe.Pointer) error {
		if c.Kind() == packstream.KindNull {
			*(*unsafe.Pointer)(p) = nil
			return c.Null()
		}
		made := reflect.New(elem).UnsafePointer()
		if err := inner(c, made); err != nil {
			return err
		}
		*(*unsafe.Pointer)(p) = made
		return nil
	}, nil
}

func decodeBytes(c *cursor, p unsafe.Pointer) error {
	switch c.Kind() {
	case packstream.KindNull:
		*(*[]byte)(p) = nil
		return c.Null()
	case packstream.KindBytes:
		data, err := c.Bytes()
		*(*[]byte)(p) = append(make([]byte, 0, len(data)), data...)
		return err
	}
	return c.mismatch("a byte array")
}

// mapDecoder reads maps, and the properties of nodes and relationships. Null makes a nil map.
func (b *builder) mapDecoder(t reflect.Type) (decode, error) {
	if t.Key().Kind() != reflect.String {
		return nil, misfit(t.String() + " has keys that are no texts")
	}
	inner, err := b.decoder(t.Elem())
	if err != nil {
		return nil, err
	}
	return func(c *cursor, p unsafe.Pointer) error {
		made := reflect.NewAt(t, p).Elem()
		if c.Kind() == packstream.KindNull {
			made.SetZero()
			return c.Null()
		}
		end, n, err := c.properties()
		if err == nil {
			err = c.deeper()
		}
		if err != nil {
			return err
		}
		entries := reflect.MakeMapWithSize(t, min(n, firstItems))
		for range n {
			key, err := c.string()
			if err != nil {
				return err
			}
			value := reflect.New(t.Elem())
			if err := inner(c, value.UnsafePointer()); err != nil {
				return within(key, err)
			}
			entries.SetMapIndex(reflect.ValueOf(key).Convert(t.Key()), value.Elem())
		}
		c.shallower()
		made.Set(entries)
		return c.skipFields(end)
	}, nil
}

// properties moves to the entries of a map, a node or a relationship; n is their number. after is how many fields of
// the structure follow them.
func (c *cursor) properties() (after, n int, err error) {
	switch c.Kind() {
	case packstream.KindMap:
	case packstream.KindStruct:
		s, err := c.structure()
		if err != nil {
			return 0, 0, err
		}
		if s.before < 0 {
			return 0, 0, misfit("it is a structure, and a map, a node or a relationship is wanted")
		}
		if err := c.skipFields(s.before); err != nil {
			return 0, 0, err
		}
		after = s.fields - s.before - 1
	default:
		return 0, 0, c.mismatch("a map, a node or a relationship")
	}
	n, err = c.MapHeader()
	return after, n, err
}

func (c *cursor) skipFields(n int) error {
	for range n {
		if err := c.Skip(); err != nil {
			return err
		}
	}
	return nil
}
