package jsonvalues

import (
	"encoding/base64"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

var (
	envelopeMembers = []string{"$type", "_value"}
	nodeMembers     = []string{"_element_id", "_labels", "_properties"}
	relMembers      = []string{"_element_id", "_start_node_element_id", "_end_node_element_id", "_type", "_properties"}
)

// typed writes a value of typed JSON: {"$type": …, "_value": …}. It tries three ways; BenchmarkTranscode justifies
// each: a number, text, boolean or null as the server writes it is one call (without this lists take 1.4 times as
// long); the two members in the server's order are read once (else lists take 4.6 times as long, since each level is
// skipped before it is read); members in any other order, which no known server writes, are looked up by name.
func (c *cursor) typed() error {
	c.space()
	if next, out := simple(c.in, c.at, c.out); next >= 0 {
		c.at, c.out = next, out
		return nil
	}
	start := c.at
	if ordered, err := c.orderedTyped(); ordered || err != nil {
		return err
	}
	c.at = start
	return c.unorderedTyped()
}

// orderedTyped writes a value whose members are in the server's order. It reports whether they are, before it reads any
// value, so that nothing is read twice.
func (c *cursor) orderedTyped() (bool, error) {
	if ordered, err := c.orderedValue(); !ordered || err != nil {
		return ordered, err
	}
	return true, c.restOfMembers()
}

func (c *cursor) orderedValue() (bool, error) {
	switch {
	case nodeHead.at(c.in, c.at):
		c.at += nodeHead.size
		return true, c.typedNode()
	case relationshipHead.at(c.in, c.at):
		c.at += relationshipHead.size
		return true, c.typedRelationship()
	case !c.literal(`{"$type":`):
		return false, nil
	}
	name, err := c.name()
	if err != nil {
		return false, err
	}
	if !c.literal(`,"_value":`) {
		return false, nil
	}
	return true, c.typedValue(string(name))
}

func (c *cursor) unorderedTyped() error {
	var at [2]int
	if err := c.require("a typed value", envelopeMembers, at[:]); err != nil {
		return err
	}
	end := c.at
	c.at = at[0]
	name, err := c.name()
	if err != nil {
		return err
	}
	c.at = at[1]
	if err := c.typedValue(string(name)); err != nil {
		return err
	}
	c.at = end
	return nil
}

func (c *cursor) typedValue(name string) error {
	switch name {
	case "Null":
		c.out = packstream.AppendNull(c.out)
		return c.word("null")
	case "Boolean":
		return c.boolean()
	case "Integer":
		text, err := c.name()
		if err != nil {
			return err
		}
		return c.quotedInteger(text)
	case "Float":
		return c.typedFloat()
	case "String":
		return c.text()
	case "Base64":
		return c.base64()
	case "List":
		return c.list((*cursor).typed)
	case "Map":
		return c.typedProperties()
	case "Node":
		return c.typedNode()
	case "Relationship":
		return c.typedRelationship()
	case "Path":
		return c.typedPath()
	case "Date", "Time", "LocalTime", "LocalDateTime", "OffsetDateTime", "ZonedDateTime", "Duration":
		text, err := c.name()
		if err != nil {
			return err
		}
		return c.temporal(text)
	case "Point":
		text, err := c.name()
		if err != nil {
			return err
		}
		return c.point(text)
	case "Vector":
		return c.typedVector()
	case "UUID":
		return c.uuid()
	case "Unsupported":
		return c.unsupported()
	}
	return &syntaxError{offset: c.at, wanted: "a value of a type that is known here (" + name + ")"}
}

func (c *cursor) boolean() error {
	if c.space() == 't' {
		c.out = packstream.AppendBool(c.out, true)
		return c.word("true")
	}
	c.out = packstream.AppendBool(c.out, false)
	return c.word("false")
}

// quotedInteger writes the integer in text, which is in the input before the cursor.
func (c *cursor) quotedInteger(text []byte) error {
	inner := cursor{in: text, out: c.out}
	if err := inner.integer(); err != nil || inner.at != len(text) {
		return &syntaxError{offset: c.at, wanted: "a 64-bit integer before"}
	}
	c.out = inner.out
	return nil
}

func (c *cursor) typedFloat() error {
	text, err := c.name()
	if err != nil {
		return err
	}
	return c.float(text)
}

func (c *cursor) base64() error {
	text, err := c.name()
	if err != nil {
		return err
	}
	decoded := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(decoded, text)
	if err != nil {
		return &syntaxError{offset: c.at, wanted: "Base64 before"}
	}
	c.out = packstream.AppendBytes(c.out, decoded[:n])
	return nil
}

// unsupported writes a text about a value that this form cannot carry, in the words of Bolt 6: name, version, and a
// message.
func (c *cursor) unsupported() error {
	message, err := c.name()
	if err != nil {
		return err
	}
	c.out = packstream.AppendStructHeader(c.out, wire.StructUnsupported, 4)
	c.out = packstream.AppendString(c.out, "")
	c.out = packstream.AppendInt(c.out, 0)
	c.out = packstream.AppendInt(c.out, 0)
	c.out = packstream.AppendMapHeader(c.out, 1)
	c.out = packstream.AppendString(c.out, "message")
	c.out = appendText(c.out, message)
	return nil
}

// textAt writes the string at an earlier position; the cursor does not move.
func (c *cursor) textAt(place int) error {
	here := c.at
	c.at = place
	err := c.text()
	c.at = here
	return err
}
