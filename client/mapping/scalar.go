package mapping

import (
	"math"
	"reflect"
	"strconv"
	"unsafe"

	"github.com/webbolt/webbolt/client/packstream"
)

// scalarDecoder returns the decoder for a kind of plain values, or nil for other kinds.
func scalarDecoder(t reflect.Type) decode {
	switch t.Kind() {
	case reflect.Bool:
		return decodeBool
	case reflect.String:
		return decodeString
	case reflect.Float64:
		return decodeFloat64
	case reflect.Float32:
		return decodeFloat32
	case reflect.Int64:
		return decodeInt64
	case reflect.Int:
		return integerDecoder[int](t)
	case reflect.Int32:
		return integerDecoder[int32](t)
	case reflect.Int16:
		return integerDecoder[int16](t)
	case reflect.Int8:
		return integerDecoder[int8](t)
	case reflect.Uint:
		return integerDecoder[uint](t)
	case reflect.Uint64:
		return integerDecoder[uint64](t)
	case reflect.Uint32:
		return integerDecoder[uint32](t)
	case reflect.Uint16:
		return integerDecoder[uint16](t)
	case reflect.Uint8:
		return integerDecoder[uint8](t)
	}
	return nil
}

func decodeBool(c *cursor, p unsafe.Pointer) error {
	if c.Kind() != packstream.KindBool {
		return c.mismatch("a boolean")
	}
	v, err := c.Bool()
	*(*bool)(p) = v
	return err
}

func decodeString(c *cursor, p unsafe.Pointer) error {
	if c.Kind() != packstream.KindString {
		return c.mismatch("a text")
	}
	v, err := c.string()
	*(*string)(p) = v
	return err
}

// exactFloats is the largest integer up to which float64 represents all.
const exactFloats = 1 << 53

// float reads a float, or an integer that a float64 is equal to.
func (c *cursor) float() (float64, error) {
	switch c.Kind() {
	case packstream.KindFloat:
		return c.Float()
	case packstream.KindInt:
		v, err := c.Int()
		if err == nil && (v > exactFloats || v < -exactFloats) {
			err = misfit(strconv.FormatInt(v, 10) + " has more digits than a float holds; use an integer")
		}
		return float64(v), err
	}
	return 0, c.mismatch("a float")
}

func decodeFloat64(c *cursor, p unsafe.Pointer) error {
	v, err := c.float()
	*(*float64)(p) = v
	return err
}

func decodeFloat32(c *cursor, p unsafe.Pointer) error {
	v, err := c.float()
	if err == nil && math.Abs(v) > math.MaxFloat32 && !math.IsInf(v, 0) {
		return misfit(strconv.FormatFloat(v, 'g', -1, 64) + " does not fit a float32")
	}
	*(*float32)(p) = float32(v)
	return err
}

func decodeInt64(c *cursor, p unsafe.Pointer) error {
	if c.Kind() != packstream.KindInt {
		return c.mismatch("an integer")
	}
	v, err := c.Int()
	*(*int64)(p) = v
	return err
}

type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// integerDecoder is for integers that cannot hold all that an int64 can. T has the size of t.
func integerDecoder[T integer](t reflect.Type) decode {
	return func(c *cursor, p unsafe.Pointer) error {
		if c.Kind() != packstream.KindInt {
			return c.mismatch("an integer")
		}
		v, err := c.Int()
		if err != nil {
			return err
		}
		n := T(v)
		if int64(n) != v || (n < 0) != (v < 0) {
			return misfit(strconv.FormatInt(v, 10) + " does not fit " + t.String())
		}
		*(*T)(p) = n
		return nil
	}
}
