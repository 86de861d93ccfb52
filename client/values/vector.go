package values

import (
	"encoding/binary"
	"math"
	"strconv"

	"github.com/webbolt/webbolt/client/packstream"
)

// Element types of a vector, by PackStream marker (Bolt 6.0, "Vector").
const (
	vectorFloat64 = 0xC1
	vectorFloat32 = 0xC6
	vectorInt8    = 0xC8
	vectorInt16   = 0xC9
	vectorInt32   = 0xCA
	vectorInt64   = 0xCB
)

func (h *hydrator) vector() (any, error) {
	kind, err := h.Bytes()
	if err != nil {
		return nil, err
	}
	data, err := h.Bytes()
	if err != nil {
		return nil, err
	}
	if len(kind) != 1 {
		return nil, h.malformed(packstream.ErrRange)
	}
	switch kind[0] {
	case vectorInt8:
		return elements(h, data, 1, func(b []byte) int8 { return int8(b[0]) })
	case vectorInt16:
		return elements(h, data, 2, func(b []byte) int16 { return int16(binary.BigEndian.Uint16(b)) })
	case vectorInt32:
		return elements(h, data, 4, func(b []byte) int32 { return int32(binary.BigEndian.Uint32(b)) })
	case vectorInt64:
		return elements(h, data, 8, func(b []byte) int64 { return int64(binary.BigEndian.Uint64(b)) })
	case vectorFloat32:
		return elements(h, data, 4, func(b []byte) float32 { return math.Float32frombits(binary.BigEndian.Uint32(b)) })
	case vectorFloat64:
		return elements(h, data, 8, func(b []byte) float64 { return math.Float64frombits(binary.BigEndian.Uint64(b)) })
	}
	return nil, h.malformed(packstream.ErrMarker)
}

func elements[T any](h *hydrator, data []byte, width int, read func([]byte) T) (any, error) {
	if len(data)%width != 0 {
		return nil, h.malformed(packstream.ErrRange)
	}
	list := make([]T, len(data)/width)
	for i := range list {
		list[i] = read(data[i*width:])
	}
	return Vector{Elements: list}, nil
}

func appendVector(b []byte, v Vector, d Dialect) ([]byte, error) {
	if !d.Vector {
		return nil, &Error{Message: "this connection cannot carry vectors: they need Bolt 6.0, which Neo4j 2025.10 and later speak"}
	}
	var kind byte
	var data []byte
	switch list := v.Elements.(type) {
	case []int8:
		kind = vectorInt8
		for _, e := range list {
			data = append(data, byte(e))
		}
	case []int16:
		kind = vectorInt16
		for _, e := range list {
			data = binary.BigEndian.AppendUint16(data, uint16(e))
		}
	case []int32:
		kind = vectorInt32
		for _, e := range list {
			data = binary.BigEndian.AppendUint32(data, uint32(e))
		}
	case []int64:
		kind = vectorInt64
		for _, e := range list {
			data = binary.BigEndian.AppendUint64(data, uint64(e))
		}
	case []float32:
		kind = vectorFloat32
		for _, e := range list {
			data = binary.BigEndian.AppendUint32(data, math.Float32bits(e))
		}
	case []float64:
		kind = vectorFloat64
		for _, e := range list {
			data = binary.BigEndian.AppendUint64(data, math.Float64bits(e))
		}
	default:
		return nil, &Error{Message: "a Vector's Elements are []int8, []int16, []int32, []int64, []float32 or []float64"}
	}
	b = packstream.AppendStructHeader(b, tagVector, 2)
	return packstream.AppendBytes(packstream.AppendBytes(b, []byte{kind}), data), nil
}

func (h *hydrator) unsupported() (u Unsupported, err error) {
	if u.Name, err = h.string(); err != nil {
		return u, err
	}
	var major, minor int64
	if err = h.ints(&major, &minor); err != nil {
		return u, err
	}
	u.MinimumBolt = strconv.FormatInt(major, 10) + "." + strconv.FormatInt(minor, 10)
	extra, err := h.properties(1)
	if err != nil {
		return u, err
	}
	u.ExtraMessage, _ = extra["message"].(string)
	return u, nil
}
