package jsonvalues

import "github.com/webbolt/webbolt/client/packstream"

// plain writes a value from around the rows: plain JSON, which can hold values of typed JSON or Jolt, as the arguments
// of a plan do. It recognizes those by their only or first member.
func (c *cursor) plain() error {
	switch b := c.space(); b {
	case '"':
		return c.text()
	case '{':
		return c.plainObject()
	case '[':
		return c.list((*cursor).plain)
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
	return c.wrong("a JSON value")
}

// sigils of Jolt that occur around the rows.
var sigils = []string{`{"Z":"`, `{"R":"`, `{"T":"`, `{"@":"`, `{"#":"`, `{"{}":{`}

func (c *cursor) plainObject() error {
	start := c.at
	if c.literal(`{"$type":"`) {
		c.at = start
		return c.typed()
	}
	for _, sigil := range sigils {
		if c.literal(sigil) {
			c.at = start
			return c.jolt()
		}
	}
	return c.object((*cursor).plain)
}

// Object reads a whole JSON document that is an object. Values of typed JSON and of Jolt in it are read as such;
// integers become int64, other numbers float64.
func Object(text []byte) (map[string]any, error) {
	c := cursor{in: text}
	if err := c.plain(); err != nil {
		return nil, err
	}
	if c.space() != 0 {
		return nil, c.wrong("the end")
	}
	reader := packstream.NewReader(c.out)
	v, err := reader.Any()
	if err != nil {
		return nil, err
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, &syntaxError{wanted: "a JSON object"}
	}
	return object, nil
}
