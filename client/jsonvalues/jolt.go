package jsonvalues

import (
	"strconv"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// jolt writes a value of sparse Jolt: small integers, strings, booleans, null and lists are plain JSON; everything else
// is an object with one member, whose name, the sigil, is the type.
func (c *cursor) jolt() error {
	switch b := c.space(); b {
	case '"':
		return c.text()
	case '{':
		c.at++
		return c.joltSigil()
	case '[':
		return c.list((*cursor).jolt)
	case 't', 'f':
		return c.boolean()
	case 'n':
		c.out = packstream.AppendNull(c.out)
		return c.word("null")
	default:
		if b == '-' || b-'0' <= 9 {
			return c.number()
		}
	}
	return c.wrong("a Jolt value")
}

func (c *cursor) joltRow() (n int, err error) { return c.listOf((*cursor).jolt) }

// joltSigil reads what follows the opening brace.
func (c *cursor) joltSigil() error {
	sigil, err := c.name()
	if err != nil {
		return err
	}
	if err := c.byteIs(':'); err != nil {
		return err
	}
	c.space()
	if err := c.joltValue(string(sigil)); err != nil {
		return err
	}
	return c.byteIs('}')
}

func (c *cursor) joltValue(sigil string) error {
	switch sigil {
	case "[]":
		return c.list((*cursor).jolt)
	case "{}":
		return c.object((*cursor).jolt)
	case "()":
		return c.joltNode()
	case "->":
		return c.joltRelationship(1, 3)
	case "<-":
		return c.joltRelationship(3, 1)
	case "..":
		return c.readPath(joltPathForm{})
	}
	text, err := c.name()
	if err != nil {
		return err
	}
	switch sigil {
	case "Z":
		return c.quotedInteger(text)
	case "R":
		return c.float(text)
	case "U":
		c.out = appendText(c.out, text)
		return nil
	case "?":
		c.out = packstream.AppendBool(c.out, string(text) == "true")
		return nil
	case "T":
		return c.temporal(text)
	case "@":
		return c.point(text)
	case "#":
		decoded, ok := appendHex(make([]byte, 0, len(text)/2), text)
		if !ok {
			return &syntaxError{offset: c.at, wanted: "hexadecimal digits before"}
		}
		c.out = packstream.AppendBytes(c.out, decoded)
		return nil
	}
	return &syntaxError{offset: c.at, wanted: "a Jolt sigil that is known here (" + sigil + ")"}
}

// joltID is an id in Jolt: a number, which is also its element id; in Jolt v2 a text, the element id, and no number.
type joltID struct {
	text     []byte
	number   int64
	isNumber bool
}

// appendNumber appends the numeric id, or null where there is none.
func (id joltID) appendNumber(b []byte) []byte {
	if !id.isNumber {
		return packstream.AppendNull(b)
	}
	return packstream.AppendInt(b, id.number)
}

func (c *cursor) id() (id joltID, err error) {
	if c.space() == '"' {
		id.text, err = c.name()
		return id, err
	}
	if c.literal(`{"Z":`) {
		if id.text, err = c.name(); err != nil {
			return id, err
		}
		err = c.byteIs('}')
	} else {
		start := c.at
		err = c.skip()
		id.text = c.in[start:c.at]
	}
	if err != nil {
		return id, err
	}
	id.isNumber = true
	if id.number, err = strconv.ParseInt(string(id.text), 10, 64); err != nil {
		return id, &syntaxError{offset: c.at, wanted: "an id before"}
	}
	return id, nil
}

// joltNode writes [id, labels, properties] as a Node.
func (c *cursor) joltNode() error {
	if err := c.byteIs('['); err != nil {
		return err
	}
	id, err := c.id()
	if err != nil {
		return err
	}
	c.out = id.appendNumber(packstream.AppendStructHeader(c.out, wire.StructNode, 4))
	if err := c.byteIs(','); err != nil {
		return err
	}
	if err := c.list((*cursor).text); err != nil {
		return err
	}
	if err := c.byteIs(','); err != nil {
		return err
	}
	if err := c.object((*cursor).jolt); err != nil {
		return err
	}
	c.out = appendText(c.out, id.text)
	return c.byteIs(']')
}

// fields reads a list of exactly len(at) values and writes nothing: at[i] becomes the position of the i-th.
func (c *cursor) fields(at []int) error {
	if err := c.byteIs('['); err != nil {
		return err
	}
	for i := range at {
		if i > 0 {
			if err := c.byteIs(','); err != nil {
				return err
			}
		}
		c.space()
		at[i] = c.at
		if err := c.skip(); err != nil {
			return err
		}
	}
	return c.byteIs(']')
}

// joltRelationship writes [id, one end, type, other end, properties]; from and to are the places of the ends.
func (c *cursor) joltRelationship(from, to int) error {
	var at [5]int
	if err := c.fields(at[:]); err != nil {
		return err
	}
	end := c.at
	var ids [3]joltID
	for i, place := range [3]int{at[0], at[from], at[to]} {
		c.at = place
		var err error
		if ids[i], err = c.id(); err != nil {
			return err
		}
	}
	c.out = packstream.AppendStructHeader(c.out, wire.StructRelationship, 8)
	for _, id := range ids {
		c.out = id.appendNumber(c.out)
	}
	if err := c.textAt(at[2]); err != nil {
		return err
	}
	c.at = at[4]
	if err := c.object((*cursor).jolt); err != nil {
		return err
	}
	for _, id := range ids {
		c.out = appendText(c.out, id.text)
	}
	c.at = end
	return nil
}

type joltPathForm struct{}

func (joltPathForm) value(c *cursor) (start, end int, err error) {
	start = c.at
	err = c.skip()
	return start, c.at, err
}

func (joltPathForm) nodeID(c *cursor) ([]byte, error) {
	if !c.literal(`{"()":[`) {
		return nil, c.wrong("a node")
	}
	id, err := c.id()
	return id.text, err
}

func (joltPathForm) node(c *cursor) error { return c.jolt() }

func (joltPathForm) relationship(c *cursor) (id, from []byte, err error) {
	start := 1
	if c.literal(`{"<-":`) {
		start = 3
	} else if !c.literal(`{"->":`) {
		return nil, nil, c.wrong("a relationship")
	}
	var at [5]int
	if err := c.fields(at[:]); err != nil {
		return nil, nil, err
	}
	c.at = at[start]
	startNode, err := c.id()
	if err != nil {
		return nil, nil, err
	}
	c.at = at[0]
	own, err := c.id()
	if err != nil {
		return nil, nil, err
	}
	c.out = own.appendNumber(packstream.AppendStructHeader(c.out, wire.StructUnboundRelationship, 4))
	if err := c.textAt(at[2]); err != nil {
		return nil, nil, err
	}
	c.at = at[4]
	if err := c.object((*cursor).jolt); err != nil {
		return nil, nil, err
	}
	c.out = appendText(c.out, own.text)
	return own.text, startNode.text, nil
}
