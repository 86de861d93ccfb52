package jsonvalues

// skip skips the next value.
func (c *cursor) skip() error {
	switch c.space() {
	case '"':
		_, _, err := c.quoted()
		return err
	case '{', '[':
		var level nest
		end, whole := level.scan(c.in, c.at)
		if !whole {
			return ErrShort
		}
		c.at = end
		return nil
	case 't':
		return c.word("true")
	case 'f':
		return c.word("false")
	case 'n':
		return c.word("null")
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		for c.at < len(c.in) {
			switch c.in[c.at] {
			case ',', ']', '}', ' ', '\n', '\r', '\t':
				return nil
			}
			c.at++
		}
		return ErrShort
	}
	return c.wrong("a JSON value")
}

// nest finds the end of an object or list without parsing its contents. When more text arrives, it continues where it
// stopped, so that it looks at each byte once.
type nest struct {
	depth    int
	inString bool
	escaped  bool
}

// scan searches text from at on. It returns the position after the end and true, or len(text) and false.
func (n *nest) scan(text []byte, at int) (int, bool) {
	for i := at; i < len(text); i++ {
		b := text[i]
		if n.inString {
			switch {
			case n.escaped:
				n.escaped = false
			case b == '\\':
				n.escaped = true
			case b == '"':
				n.inString = false
			}
			continue
		}
		switch b {
		case '"':
			n.inString = true
		case '{', '[':
			n.depth++
		case '}', ']':
			if n.depth--; n.depth <= 0 {
				return i + 1, true
			}
		}
	}
	return len(text), false
}

// locate reads an object and writes nothing: at[i] becomes the position of the value of the member names[i], or -1. The
// cursor is then after the object.
func (c *cursor) locate(names []string, at []int) error {
	for i := range at {
		at[i] = -1
	}
	if err := c.byteIs('{'); err != nil {
		return err
	}
	for more := c.first('}'); more; {
		key, err := c.name()
		if err != nil {
			return err
		}
		if err := c.byteIs(':'); err != nil {
			return err
		}
		for i, name := range names {
			if string(key) == name {
				c.space()
				at[i] = c.at
			}
		}
		if err := c.skip(); err != nil {
			return err
		}
		if more, err = c.more('}'); err != nil {
			return err
		}
	}
	return nil
}

// restOfMembers skips the rest of an object after a member.
func (c *cursor) restOfMembers() error {
	for {
		if c.peek() == '}' {
			c.at++
			return nil
		}
		if more, err := c.more('}'); !more || err != nil {
			return err
		}
		if _, err := c.name(); err != nil {
			return err
		}
		if err := c.byteIs(':'); err != nil {
			return err
		}
		if err := c.skip(); err != nil {
			return err
		}
	}
}

// require is locate for members that all must be present.
func (c *cursor) require(what string, names []string, at []int) error {
	start := c.at
	if err := c.locate(names, at); err != nil {
		return err
	}
	for i := range at {
		if at[i] < 0 {
			return &syntaxError{offset: start, wanted: what + " with " + names[i]}
		}
	}
	return nil
}
