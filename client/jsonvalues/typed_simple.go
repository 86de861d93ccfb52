package jsonvalues

import (
	"encoding/binary"
	"math"

	"github.com/webbolt/webbolt/client/packstream"
)

// The most frequent values, exactly as the server writes them. In a browser function calls are expensive, so each of
// these is one call.

var (
	integerHead = headOf(`{"$type":"Integer","_value":"`)
	stringHead  = headOf(`{"$type":"String","_value":"`)
	floatHead   = headOf(`{"$type":"Float","_value":"`)
	booleanHead = headOf(`{"$type":"Boolean","_value":`)
	nullHead    = headOf(`{"$type":"Null","_value":null}`)
)

// simple writes a number, text, boolean or null that begins at in[at], and returns where it ends; or -1 and out
// unchanged if it is something else, incomplete, or written in another form.
func simple(in []byte, at int, out []byte) (int, []byte) {
	if len(in)-at < 48 {
		return -1, out
	}
	switch in[at+10] {
	case 'I':
		if integerHead.at(in, at) {
			return simpleInteger(in, at+integerHead.size, out)
		}
	case 'S':
		if !stringHead.at(in, at) {
			return -1, out
		}
		start := at + stringHead.size
		end := ordinaryUntil(in, start)
		if end+1 < len(in) && in[end] == '"' && in[end+1] == '}' {
			return end + 2, appendText(out, in[start:end])
		}
	case 'F':
		if !floatHead.at(in, at) {
			return -1, out
		}
		start := at + floatHead.size
		f, end := simpleFloat(in, start)
		if end > start && end+1 < len(in) && in[end] == '"' && in[end+1] == '}' {
			return end + 2, binary.BigEndian.AppendUint64(append(out, 0xC1), math.Float64bits(f))
		}
	case 'B':
		if !booleanHead.at(in, at) {
			return -1, out
		}
		at += booleanHead.size
		if string(in[at:at+5]) == "true}" {
			return at + 5, append(out, 0xC3)
		}
		if string(in[at:at+6]) == "false}" {
			return at + 6, append(out, 0xC2)
		}
	case 'N':
		if nullHead.at(in, at) {
			return at + nullHead.size, append(out, 0xC0)
		}
	}
	return -1, out
}

// simpleInteger writes the digits from in[at] on, which quote and brace must follow.
func simpleInteger(in []byte, at int, out []byte) (int, []byte) {
	i := at
	negative := in[i] == '-'
	if negative {
		i++
	}
	first := i
	var n int64
	for i < len(in) && in[i]-'0' <= 9 {
		n = n*10 + int64(in[i]-'0')
		i++
	}
	if i == first || i-first > 18 || i+1 >= len(in) || in[i] != '"' || in[i+1] != '}' {
		return -1, out // 19 digits may be too many
	}
	if negative {
		n = -n
	}
	if n >= -16 && n < 128 {
		return i + 2, append(out, byte(n))
	}
	return i + 2, packstream.AppendInt(out, n)
}

// simpleFloat reads a decimal fraction of at most 15 digits without an exponent, and returns where it ends, or at. Such
// a number is one exact float divided by another, so the quotient is the nearest float.
func simpleFloat(in []byte, at int) (f float64, end int) {
	i := at
	negative := i < len(in) && in[i] == '-'
	if negative {
		i++
	}
	var n int64
	first, point := i, -1
	for ; i < len(in); i++ {
		if b := in[i]; b-'0' <= 9 {
			n = n*10 + int64(b-'0')
		} else if b == '.' && point < 0 && i > first {
			point = i
		} else {
			break
		}
		if i-first > 15 {
			return 0, at
		}
	}
	if point < 0 || i-point < 2 {
		return 0, at
	}
	f = float64(n) / powersOfTen[i-point-1]
	if negative {
		f = -f
	}
	return f, i
}

var powersOfTen = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// typedProperties writes the object that begins at the cursor as a map. Values that are not simple are left to typed.
func (c *cursor) typedProperties() error {
	in, at := c.in, c.at
	if at+1 >= len(in) || in[at] != '{' || in[at+1] != '"' {
		return c.object((*cursor).typed)
	}
	if err := c.deeper(); err != nil {
		return err
	}
	at++
	start, n := len(c.out), 0
	out := append(c.out, 0)
	for {
		end := 0
		if at < len(in) && in[at] == '"' {
			end = ordinaryUntil(in, at+1)
		}
		if end == 0 || end+1 >= len(in) || in[end] != '"' || in[end+1] != ':' {
			c.at, c.out = at, out
			return c.restOfObject((*cursor).typed, start, n)
		}
		out = appendText(out, in[at+1:end])
		at = end + 2
		next, written := simple(in, at, out)
		if next < 0 {
			c.at, c.out = at, out
			if err := c.typed(); err != nil {
				return err
			}
			next, written = c.at, c.out
		}
		at, out = next, written
		n++
		if at >= len(in) || in[at] != ',' {
			break
		}
		at++
	}
	c.at, c.out = at, out
	if more, err := c.more('}'); more || err != nil {
		if err == nil {
			err = c.restOfObject((*cursor).typed, start, n)
		}
		return err
	}
	c.closeMap(start, n)
	c.depth--
	return nil
}

// typedRow writes the list that begins at the cursor as a record, and returns how many values it has.
func (c *cursor) typedRow() (n int, err error) {
	in, at := c.in, c.at
	if at+1 >= len(in) || in[at] != '[' || in[at+1] != '{' {
		return c.listOf((*cursor).typed)
	}
	at++
	start := len(c.out)
	out := append(c.out, 0)
	for {
		next, written := simple(in, at, out)
		if next < 0 {
			c.at, c.out = at, out
			if err := c.typed(); err != nil {
				return 0, err
			}
			next, written = c.at, c.out
		}
		at, out = next, written
		n++
		if at >= len(in) || in[at] != ',' {
			break
		}
		at++
	}
	c.at, c.out = at, out
	more, err := c.more(']')
	if err != nil {
		return 0, err
	}
	if more {
		return c.restOfList((*cursor).typed, start, n)
	}
	c.closeList(start, n)
	return n, nil
}
