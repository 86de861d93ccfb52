package jsonvalues

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// ordinary marks the bytes that are not escaped in a JSON string.
var ordinary = func() (table [256]bool) {
	for b := range table {
		table[b] = b >= ' ' && b != '"' && b != '\\'
	}
	return table
}()

// text writes the next string.
func (c *cursor) text() error {
	content, escaped, err := c.quoted()
	if err != nil {
		return err
	}
	if !escaped {
		c.out = appendText(c.out, content)
		return nil
	}
	content, err = unescape(content)
	if err != nil {
		return &syntaxError{offset: c.at, wanted: "a JSON string before"}
	}
	c.out = appendText(c.out, content)
	return nil
}

// appendText appends a PackStream string, like packstream.AppendString, from bytes that need not become a string first.
func appendText(b, text []byte) []byte {
	switch n := len(text); {
	case n < 16:
		b = append(b, 0x80|byte(n))
	case n < 1<<8:
		b = append(b, 0xD0, byte(n))
	case n < 1<<16:
		b = append(b, 0xD1, byte(n>>8), byte(n))
	default:
		b = append(b, 0xD2, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return append(b, text...)
}

// name reads the next string and writes nothing. The result is valid as long as the input.
func (c *cursor) name() ([]byte, error) {
	content, escaped, err := c.quoted()
	if err != nil || !escaped {
		return content, err
	}
	content, err = unescape(content)
	if err != nil {
		return nil, &syntaxError{offset: c.at, wanted: "a JSON string before"}
	}
	return content, nil
}

// quoted reads the next string, and returns its content between the quotes and whether it has escapes.
func (c *cursor) quoted() (content []byte, escaped bool, err error) {
	if c.peek() != '"' && c.space() != '"' {
		return nil, false, c.wrong("a string")
	}
	in := c.in
	start := c.at + 1
	i := start
	for {
		if i = ordinaryUntil(in, i); i >= len(in) {
			return nil, false, ErrShort
		}
		switch in[i] {
		case '"':
			c.at = i + 1
			return in[start:i], escaped, nil
		case '\\':
			escaped = true
			i += 2
		default:
			return nil, false, &syntaxError{offset: i, wanted: "allowed in a string"}
		}
	}
}

var errEscape = &syntaxError{wanted: "an escape sequence of JSON"}

// unescape resolves the escapes of a string's content. Half a surrogate pair becomes U+FFFD.
func unescape(content []byte) ([]byte, error) {
	resolved := make([]byte, 0, len(content))
	for i := 0; i < len(content); {
		b := content[i]
		if b != '\\' {
			resolved = append(resolved, b)
			i++
			continue
		}
		if i+1 == len(content) {
			return nil, errEscape
		}
		if content[i+1] == 'u' {
			r, n := unicodeEscape(content[i:])
			if n == 0 {
				return nil, errEscape
			}
			resolved = utf8.AppendRune(resolved, r)
			i += n
			continue
		}
		b = escapes[content[i+1]]
		if b == 0 {
			return nil, errEscape
		}
		resolved = append(resolved, b)
		i += 2
	}
	return resolved, nil
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unicodeEscape reads \uXXXX, or two of them for a character beyond the basic plane, and returns how long it was, or 0.
func unicodeEscape(text []byte) (r rune, length int) {
	r, ok := fourHex(text)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if low, ok := fourHex(text[6:]); ok {
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

func fourHex(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}
