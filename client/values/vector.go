package values

import (
	"encoding/binary"
	"math"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// Vector is a vector of numbers (Bolt 6.0 and later). Elements is one of []int8, []int16, []int32, []int64, []float32,
// []float64.
type Vector struct {
	Elements any
}

// vector reads the marker of the elements' type, as one byte, and the elements, most significant byte first.
func (h *hydrator) vector() (v Vector, err error) {
	kind, err := h.Bytes()
	if err != nil {
		return v, err
	}
	if len(kind) != 1 {
		return v, h.malformed(packstream.ErrRange)
	}
	data, err := h.Bytes()
	if err != nil {
		return v, err
	}
	if v.Elements, err = elements(kind[0], data); err != nil {
		return v, h.malformed(err)
	}
	return v, nil
}

func elements(kind byte, data []byte) (any, error) {
	switch kind {
	case wire.VectorInt8:
		return each(data, 1, func(b []byte) int8 { return int8(b[0]) })
	case wire.VectorInt16:
		return each(data, 2, func(b []byte) int16 { return int16(binary.BigEndian.Uint16(b)) })
	case wire.VectorInt32:
		return each(data, 4, func(b []byte) int32 { return int32(binary.BigEndian.Uint32(b)) })
	case wire.VectorInt64:
		return each(data, 8, func(b []byte) int64 { return int64(binary.BigEndian.Uint64(b)) })
	case wire.VectorFloat32:
		return each(data, 4, func(b []byte) float32 { return math.Float32frombits(binary.BigEndian.Uint32(b)) })
	case wire.VectorFloat64:
		return each(data, 8, func(b []byte) float64 { return math.Float64frombits(binary.BigEndian.Uint64(b)) })
	}
	return nil, packstream.ErrMarker
}

func each[T any](data []byte, width int, read func([]byte) T) (any, error) {
	if len(data)%width != 0 {
		return nil, packstream.ErrRange
	}
	list := make([]T, len(data)/width)
	for i := range list {
		list[i] = read(data[i*width:])
	}
	return list, nil
}

func appendVector(b []byte, v Vector, d Dialect) ([]byte, error) {
	if !d.Vector {
		return nil, &Error{Message: vectorsUnknown}
	}
	switch list := v.Elements.(type) {
	case []int8:
		return appendElements(b, wire.VectorInt8, 1, list, func(b []byte, e int8) []byte { return append(b, byte(e)) }),
			nil
	case []int16:
		return appendElements(b, wire.VectorInt16, 2, list, func(
			b []byte, e int16) []byte {
			return binary.BigEndian.AppendUint16(b, uint16(e))
		}), nil
	case []int32:
		return appendElements(b, wire.VectorInt32, 4, list, func(
			b []byte, e int32) []byte {
			return binary.BigEndian.AppendUint32(b, uint32(e))
		}), nil
	case []int64:
		return appendElements(b, wire.VectorInt64, 8, list, func(
			b []byte, e int64) []byte {
			return binary.BigEndian.AppendUint64(b, uint64(e))
		}), nil
	case []float32:
		return appendElements(b, wire.VectorFloat32, 4, list,
			func(b []byte, e float32) []byte { return binary.BigEndian.AppendUint32(b, math.Float32bits(e)) }), nil
	case []float64:
		return appendElements(b, wire.VectorFloat64, 8, list,
			func(b []byte, e float64) []byte { return binary.BigEndian.AppendUint64(b, math.Float64bits(e)) }), nil
	}
	return nil, &Error{Message: "a Vector's Elements are []int8, []int16, []int32, []int64, []float32 or []float64"}
}

func appendElements[T any](b []byte, kind byte, width int, list []T, one func([]byte, T) []byte) []byte {
	data := make([]byte, 0, width*len(list))
	for _, e := range list {
		data = one(data, e)
	}
	b = packstream.AppendStructHeader(b, wire.StructVector, 2)
	return packstream.AppendBytes(packstream.AppendBytes(b, []byte{kind}), data)
}
