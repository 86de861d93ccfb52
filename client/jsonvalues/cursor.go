package jsonvalues

import (
	"strconv"

	"github.com/webbolt/webbolt/client/packstream"
)

// maxDepth limits how deep lists and maps nest, so that recursion ends and packstream can read the result: a path adds
// five levels to its contents.
const maxDepth = packstream.MaxDepth - 8

// cursor reads JSON (RFC 8259) from in, and writes PackStream to out. It makes no tokens: each method reads one thing
// at the cursor. After an error at and out are undefined; the caller restores its own position.
type cursor struct {
	in    []byte
	at    int
	out   []byte
	depth int

	path path // state of reading a path, kept for its memory
}

// wrong is the error for unexpected input, or ErrShort if no input is left.
func (c *cursor) wrong(wanted string) error {
	if c.at >= len(c.in) {
		return ErrShort
	}
	return &syntaxError{offset: c.at, wanted: wanted}
}

// space skips white space and returns the byte after it, or 0 at the end of the input.
func (c *cursor) space() byte {
	for c.at < len(c.in) {
		b := c.in[c.at]
		if b > ' ' || b != ' ' && b != '\n' && b != '\r' && b != '\t' {
			return b
		}
		c.at++
	}
	return 0
}

// peek returns the next byte, or 0 at the end of the input.
func (c *cursor) peek() byte {
	if c.at < len(c.in) {
		return c.in[c.at]
	}
	return 0
}

// byteIs skips white space and one byte, which must be b.
func (c *cursor) byteIs(b byte) error {
	if c.space() != b {
		return c.wrong(strconv.QuoteRune(rune(b)))
	}
	c.at++
	return nil
}

// literal skips text if it comes next, byte for byte.
func (c *cursor) literal(text string) bool {
	if len(c.in)-c.at < len(text) || string(c.in[c.at:c.at+len(text)]) != text {
		return false
	}
	c.at += len(text)
	return true
}

// word skips one of true, false and null, whose first byte has been seen.
func (c *cursor) word(text string) error {
	if c.literal(text) {
		return nil
	}
	for i := range text {
		if c.at+i == len(c.in) {
			return ErrShort
		}
		if c.in[c.at+i] != text[i] {
			break
		}
	}
	return &syntaxError{offset: c.at, wanted: "a JSON value"}
}

// more is called in a list or an object before each element except the first, and reports whether there is another one.
func (c *cursor) more(end byte) (bool, error) {
	switch c.space() {
	case ',':
		c.at++
		return true, nil
	case end:
		c.at++
		return false, nil
	}
	return false, c.wrong("a comma or " + strconv.QuoteRune(rune(end)))
}

// first is called after a list or an object was opened, and reports whether it has an element.
func (c *cursor) first(end byte) bool {
	if c.space() == end {
		c.at++
		return false
	}
	return true
}

// deeper is called before a nested value; c.depth-- follows the value.
func (c *cursor) deeper() error {
	if c.depth++; c.depth > maxDepth {
		return &syntaxError{offset: c.at, wanted: "nested less than " + strconv.Itoa(maxDepth) + " deep"}
	}
	return nil
}

// list writes a list; value writes each element.
func (c *cursor) list(value func(*cursor) error) error {
	_, err := c.listOf(value)
	return err
}

// listOf is list, and returns how many elements there are.
func (c *cursor) listOf(value func(*cursor) error) (n int, err error) {
	if err := c.byteIs('['); err != nil {
		return 0, err
	}
	if err := c.deeper(); err != nil {
		return 0, err
	}
	start := len(c.out)
	c.out = append(c.out, 0)
	if c.first(']') {
		if n, err = c.restOfList(value, start, 0); err != nil {
			return 0, err
		}
	} else {
		c.closeList(start, 0)
	}
	c.depth--
	return n, nil
}

// restOfList writes the elements after n elements and a comma, of a list that was begun at out[start].
func (c *cursor) restOfList(value func(*cursor) error, start, n int) (int, error) {
	for {
		if err := value(c); err != nil {
			return 0, err
		}
		n++
		if c.peek() == ',' {
			c.at++
			continue
		}
		more, err := c.more(']')
		if err != nil {
			return 0, err
		}
		if !more {
			c.closeList(start, n)
			return n, nil
		}
	}
}

// object writes a map; value writes each value.
func (c *cursor) object(value func(*cursor) error) error {
	if err := c.byteIs('{'); err != nil {
		return err
	}
	if err := c.deeper(); err != nil {
		return err
	}
	start := len(c.out)
	c.out = append(c.out, 0)
	if !c.first('}') {
		c.closeMap(start, 0)
		c.depth--
		return nil
	}
	return c.restOfObject(value, start, 0)
}

// restOfObject writes the members after n members and a comma, of a map that was begun at out[start].
func (c *cursor) restOfObject(value func(*cursor) error, start, n int) error {
	for {
		if err := c.text(); err != nil {
			return err
		}
		if c.peek() == ':' {
			c.at++
		} else if err := c.byteIs(':'); err != nil {
			return err
		}
		if err := value(c); err != nil {
			return err
		}
		n++
		if c.peek() == ',' {
			c.at++
			continue
		}
		more, err := c.more('}')
		if err != nil {
			return err
		}
		if !more {
			c.closeMap(start, n)
			c.depth--
			return nil
		}
	}
}

// closeList writes the header of a list that was begun at out[start] with one byte reserved for it: a longer header
// moves the list.
func (c *cursor) closeList(start, n int) { c.closeSized(start, n, 0x90, 0xD4) }

// closeMap does the same for a map of n pairs.
func (c *cursor) closeMap(start, n int) { c.closeSized(start, n, 0xA0, 0xD8) }

func (c *cursor) closeSized(start, n int, tiny, wide byte) {
	switch {
	case n < 16:
		c.out[start] = tiny | byte(n)
		return
	case n < 1<<8:
		c.makeRoom(start, 1)
		c.out[start+1] = byte(n)
		c.out[start] = wide
	case n < 1<<16:
		c.makeRoom(start, 2)
		c.out[start+1], c.out[start+2] = byte(n>>8), byte(n)
		c.out[start] = wide + 1
	default:
		c.makeRoom(start, 4)
		c.out[start+1], c.out[start+2], c.out[start+3], c.out[start+4] = byte(n>>24), byte(n>>16), byte(n>>8), byte(n)
		c.out[start] = wide + 2
	}
}

func (c *cursor) makeRoom(start, n int) {
	end := len(c.out)
	c.out = append(c.out, 0, 0, 0, 0)[:end+n]
	copy(c.out[start+1+n:], c.out[start+1:end])
}

// integer writes the decimal digits that come next, with or without a minus sign.
func (c *cursor) integer() error {
	start := c.at
	negative := start < len(c.in) && c.in[start] == '-'
	i := start
	if negative {
		i++
	}
	first := i
	var n uint64
	for ; i < len(c.in) && i-first < 19; i++ {
		digit := c.in[i] - '0'
		if digit > 9 {
			break
		}
		n = n*10 + uint64(digit)
	}
	c.at = i
	if i == first || i < len(c.in) && c.in[i]-'0' <= 9 {
		return c.wrong("a 64-bit integer")
	}
	if n > 1<<63-1 && !(negative && n == 1<<63) {
		return &syntaxError{offset: start, wanted: "a 64-bit integer"}
	}
	v := int64(n)
	if negative {
		v = -v
	}
	c.out = packstream.AppendInt(c.out, v)
	return nil
}

// float writes the number in text, in Java's or JSON's notation.
func (c *cursor) float(text []byte) error {
	if f, end := simpleFloat(text, 0); end == len(text) && end > 0 {
		c.out = packstream.AppendFloat(c.out, f)
		return nil
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return &syntaxError{offset: c.at, wanted: "a floating-point number"}
	}
	c.out = packstream.AppendFloat(c.out, f)
	return nil
}

// number writes a bare JSON number: an integer unless it has a fraction or an exponent.
func (c *cursor) number() error {
	end := c.at
	whole := true
	for ; end < len(c.in); end++ {
		b := c.in[end]
		if b == '.' || b == 'e' || b == 'E' {
			whole = false
		} else if b-'0' > 9 && b != '-' && b != '+' {
			break
		}
	}
	if end == len(c.in) {
		return ErrShort
	}
	if whole {
		return c.integer()
	}
	text := c.in[c.at:end]
	c.at = end
	return c.float(text)
}
