package jsonvalues

import (
	"bytes"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// point writes the point in extended well-known text, such as "SRID=4979;POINT Z (1.0 2.0 3.0)". The text is in the
// input before the cursor.
func (c *cursor) point(text []byte) error {
	wrong := &syntaxError{offset: c.at, wanted: "a point as well-known text before"}
	text, ok := bytes.CutPrefix(text, []byte("SRID="))
	if !ok {
		return wrong
	}
	srid, rest, ok := bytes.Cut(text, []byte(";POINT"))
	if !ok {
		return wrong
	}
	rest = bytes.TrimPrefix(bytes.TrimLeft(rest, " "), []byte("Z"))
	rest = bytes.TrimLeft(rest, " ")
	if len(rest) < 2 || rest[0] != '(' || rest[len(rest)-1] != ')' {
		return wrong
	}
	coordinates := bytes.Fields(rest[1 : len(rest)-1])
	switch len(coordinates) {
	case 2:
		c.out = packstream.AppendStructHeader(c.out, wire.StructPoint2D, 3)
	case 3:
		c.out = packstream.AppendStructHeader(c.out, wire.StructPoint3D, 4)
	default:
		return wrong
	}
	if err := c.quotedInteger(srid); err != nil {
		return wrong
	}
	for _, coordinate := range coordinates {
		if err := c.float(coordinate); err != nil {
			return wrong
		}
	}
	return nil
}
