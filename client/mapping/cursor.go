package mapping

import (
	"unsafe"

	"github.com/webbolt/webbolt/client/packstream"
)

// cursor is the position in a record.
type cursor struct {
	packstream.Reader
	depth int
	arena []byte   // memory for texts, of which strings are parts
	names []string // labels and types that were read, see name

	// For a path that tells where its relationships start and end: the element ids of its nodes.
	collecting bool
	collected  []string
}

// decode reads the next value into the memory at p, which must have the decoder's type. Null is a value like others.
type decode func(c *cursor, p unsafe.Pointer) error

// Short texts are copied into arenas, so that many need one allocation. An arena's size limits how much memory one kept
// text keeps alive.
const (
	arenaSize = 4096
	longText  = 1024 // has an allocation of its own
)

// string reads a text. What is not valid UTF-8 is replaced, see [packstream.Text].
func (c *cursor) string() (string, error) {
	b, err := c.StringBytes()
	if err != nil || len(b) == 0 {
		return "", err
	}
	switch {
	case len(b) >= packstream.SharedText:
		return packstream.View(b), nil
	case len(b) >= longText:
		return packstream.Text(string(b)), nil
	}
	if cap(c.arena)-len(c.arena) < len(b) {
		c.arena = make([]byte, 0, arenaSize)
	}
	start := len(c.arena)
	c.arena = append(c.arena, b...)
	return packstream.Text(unsafe.String(&c.arena[start], len(b))), nil
}

// mostNames limits how many names are remembered, longestName their length.
const mostNames, longestName = 32, 64

// name reads a text that has few different values in a result: a label, or a relationship's type.
func (c *cursor) name() (string, error) {
	start := c.Reader
	b, err := c.StringBytes()
	if err != nil {
		return "", err
	}
	for _, known := range c.names {
		if known == string(b) {
			return known, nil
		}
	}
	if len(c.names) < mostNames && len(b) <= longestName {
		name := packstream.Text(string(b))
		c.names = append(c.names, name)
		return name, nil
	}
	c.Reader = start
	return c.string()
}

func decodeName(c *cursor, p unsafe.Pointer) error {
	if c.Kind() != packstream.KindString {
		return c.mismatch("a text")
	}
	v, err := c.name()
	*(*string)(p) = v
	return err
}

// deeper is called before nested values, and shallower after them. Types can be recursive, so data can be, too.
func (c *cursor) deeper() error {
	if c.depth++; c.depth > packstream.MaxDepth {
		return &packstream.Error{Offset: c.Offset(), Err: packstream.ErrDepth}
	}
	return nil
}

func (c *cursor) shallower() { c.depth-- }

// mismatch is the error for a next value that does not fit the target.
func (c *cursor) mismatch(wanted string) error {
	switch c.Kind() {
	case packstream.KindNull:
		return misfit("it is null, and " + wanted + " is wanted; a pointer takes null")
	case packstream.KindEnd, packstream.KindInvalid:
		return c.Skip() // it says what is wrong with the bytes
	}
	return misfit("it is " + nameOf(c.Kind()) + ", and " + wanted + " is wanted")
}

func nameOf(kind packstream.Kind) string {
	switch kind {
	case packstream.KindBool:
		return "a boolean"
	case packstream.KindInt:
		return "an integer"
	case packstream.KindFloat:
		return "a float"
	case packstream.KindString:
		return "a text"
	case packstream.KindBytes:
		return "a byte array"
	case packstream.KindList:
		return "a list"
	case packstream.KindMap:
		return "a map"
	case packstream.KindUUID:
		return "a UUID"
	}
	return "a structure"
}
