package jsonvalues

import (
	"encoding/binary"
	"math"
	"strconv"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// element is the type of a vector's coordinates. The marker is PackStream's for a value of that kind; bits is the
// width.
type element struct {
	name    string
	marker  byte
	bits    int
	integer bool
}

var elements = []element{
	{"FLOAT64", wire.VectorFloat64, 64, false},
	{"FLOAT32", wire.VectorFloat32, 32, false},
	{"INT8", wire.VectorInt8, 8, true},
	{"INT16", wire.VectorInt16, 16, true},
	{"INT32", wire.VectorInt32, 32, true},
	{"INT64", wire.VectorInt64, 64, true},
}

var vectorMembers = []string{"coordinatesType", "coordinates"}

// typedVector writes {"coordinatesType": …, "coordinates": ["1", …]} as a Vector.
func (c *cursor) typedVector() error {
	var at [2]int
	if err := c.require("a vector", vectorMembers, at[:]); err != nil {
		return err
	}
	end := c.at
	c.at = at[0]
	name, err := c.name()
	if err != nil {
		return err
	}
	for _, e := range elements {
		if e.name == string(name) {
			c.at = at[1]
			if err := c.coordinates(e); err != nil {
				return err
			}
			c.at = end
			return nil
		}
	}
	return &syntaxError{offset: c.at, wanted: "a kind of coordinates that is known here before"}
}

func (c *cursor) coordinates(e element) error {
	if err := c.byteIs('['); err != nil {
		return err
	}
	var data []byte
	for more := c.first(']'); more; {
		text, err := c.name()
		if err != nil {
			return err
		}
		var ok bool
		if data, ok = e.appendCoordinate(data, string(text)); !ok {
			return &syntaxError{offset: c.at, wanted: "a coordinate of a vector of " + e.name + " before"}
		}
		if more, err = c.more(']'); err != nil {
			return err
		}
	}
	c.out = packstream.AppendStructHeader(c.out, wire.StructVector, 2)
	c.out = packstream.AppendBytes(c.out, []byte{e.marker})
	c.out = packstream.AppendBytes(c.out, data)
	return nil
}

// appendCoordinate appends one coordinate, most significant byte first.
func (e element) appendCoordinate(data []byte, text string) ([]byte, bool) {
	if e.integer {
		n, err := strconv.ParseInt(text, 10, e.bits)
		return appendBits(data, uint64(n), e.bits), err == nil
	}
	f, err := strconv.ParseFloat(text, e.bits)
	if e.bits == 32 {
		return appendBits(data, uint64(math.Float32bits(float32(f))), 32), err == nil
	}
	return appendBits(data, math.Float64bits(f), 64), err == nil
}

func appendBits(data []byte, bits uint64, width int) []byte {
	var eight [8]byte
	binary.BigEndian.PutUint64(eight[:], bits)
	return append(data, eight[8-width/8:]...)
}

// coordinateText returns the coordinate in data as text.
func (e element) coordinateText(data []byte) string {
	var eight [8]byte
	copy(eight[8-len(data):], data)
	bits := binary.BigEndian.Uint64(eight[:])
	switch {
	case e.integer:
		return strconv.FormatInt(int64(bits)<<(64-e.bits)>>(64-e.bits), 10)
	case e.bits == 32:
		return floatText(float64(math.Float32frombits(uint32(bits))), 32)
	}
	return floatText(math.Float64frombits(bits), 64)
}

// floatText returns a float as Java reads it.
func floatText(f float64, bits int) string {
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return strconv.FormatFloat(f, 'g', -1, bits)
}

// uuid writes the usual form of a UUID, 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, as a UUID.
func (c *cursor) uuid() error {
	text, err := c.name()
	if err != nil {
		return err
	}
	wrong := &syntaxError{offset: c.at, wanted: "a UUID before"}
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return wrong
	}
	var id packstream.UUID
	decoded, ok := id[:0], true
	for _, group := range [...][]byte{text[:8], text[9:13], text[14:18], text[19:23], text[24:]} {
		if decoded, ok = appendHex(decoded, group); !ok {
			return wrong
		}
	}
	c.out = packstream.AppendUUID(c.out, id)
	return nil
}
