package rowblock

// The functions here read the parts of values from the record. They leave the reason in w.broken when they fail.

func (w *Writer) malformed(message string) bool {
	w.broken = message
	return false
}

func (w *Writer) truncated() bool { return w.malformed("the record ends within a value") }

// fail is cellFailed; it has a parameter so that `return w.fail(w.malformed(…))` is one expression.
func (w *Writer) fail(bool) uint32 { return cellFailed }

// int reads an integer; the marker at pos exists.
func (w *Writer) int() (int64, bool) {
	data := w.data[w.pos:]
	m := data[0]
	if m < tinyString || m >= tinyNegative {
		w.pos++
		return int64(int8(m)), true
	}
	switch {
	case m == markerInt8 && len(data) >= 2:
		w.pos += 2
		return int64(int8(data[1])), true
	case m == markerInt16 && len(data) >= 3:
		w.pos += 3
		return int64(int16(uint16(data[2]) | uint16(data[1])<<8)), true
	case m == markerInt32 && len(data) >= 5:
		w.pos += 5
		return int64(int32(uint32BE(data[1:]))), true
	case m == markerInt64 && len(data) >= 9:
		w.pos += 9
		return int64(uint64BE(data[1:])), true
	case m&0xFC == markerInt8:
		return 0, w.truncated()
	}
	return 0, w.malformed("an integer is expected")
}

// float reads a float; its marker at pos exists.
func (w *Writer) float() (float64, bool) {
	data := w.data[w.pos:]
	if len(data) < 9 {
		return 0, w.truncated()
	}
	w.pos += 9
	return canonical(uint64BE(data[1:])), true
}

// length reads a marker and the length after it, in 1, 2 or 4 bytes for width 0, 1 and 2.
func (w *Writer) length(width byte) (int, bool) {
	data := w.data[w.pos:]
	if len(data) < 1+1<<width {
		return 0, w.truncated()
	}
	w.pos += 1 + 1<<width
	switch width {
	case 0:
		return int(data[1]), true
	case 1:
		return int(data[1])<<8 | int(data[2]), true
	}
	n := uint32BE(data[1:])
	if uint64(n) > uint64(len(w.data)) {
		return 0, w.truncated() // before it is an int: it can be 32 bits wide
	}
	return int(n), true
}

// listLength reads the header of a list. Each element takes at least a byte, so the length is never more than the bytes
// left.
func (w *Writer) listLength() (int, bool) {
	return w.header(tinyList, markerList8, 1, "a list is expected")
}

// mapLength reads the header of a map.
func (w *Writer) mapLength() (int, bool) {
	return w.header(tinyMap, markerMap8, 2, "a map is expected")
}

func (w *Writer) header(tiny, sized byte, minimum int, expected string) (n int, ok bool) {
	if w.pos >= len(w.data) {
		return 0, w.truncated()
	}
	m := w.data[w.pos]
	switch {
	case m&0xF0 == tiny:
		n = int(m & 15)
		w.pos++
	case m >= sized && m <= sized+2:
		if n, ok = w.length(m - sized); !ok {
			return 0, false
		}
	default:
		return 0, w.malformed(expected)
	}
	if n > (len(w.data)-w.pos)/minimum {
		return 0, w.truncated()
	}
	return n, true
}

// text reads a string and returns its bytes, which belong to the record.
func (w *Writer) text() ([]byte, bool) {
	if w.pos >= len(w.data) {
		return nil, w.truncated()
	}
	var n int
	m := w.data[w.pos]
	switch {
	case m&0xF0 == tinyString:
		n = int(m & 15)
		w.pos++
	case m >= markerString8 && m <= markerString32:
		var ok bool
		if n, ok = w.length(m - markerString8); !ok {
			return nil, false
		}
	default:
		return nil, w.malformed("a string is expected")
	}
	return w.readN(n)
}

// readBytes reads a byte array, which belongs to the record.
func (w *Writer) readBytes() ([]byte, bool) {
	if w.pos >= len(w.data) {
		return nil, w.truncated()
	}
	m := w.data[w.pos]
	if m < markerBytes8 || m > markerBytes32 {
		return nil, w.malformed("a byte array is expected")
	}
	n, ok := w.length(m - markerBytes8)
	if !ok {
		return nil, false
	}
	return w.readN(n)
}

func (w *Writer) readN(n int) ([]byte, bool) {
	if n > len(w.data)-w.pos {
		return nil, w.truncated()
	}
	b := w.data[w.pos : w.pos+n]
	w.pos += n
	return b, true
}

func uint32BE(b []byte) uint32 {
	_ = b[3]
	return uint32(b[3]) | uint32(b[2])<<8 | uint32(b[1])<<16 | uint32(b[0])<<24
}

func uint64BE(b []byte) uint64 {
	_ = b[7]
	return uint64(b[7]) | uint64(b[6])<<8 | uint64(b[5])<<16 | uint64(b[4])<<24 |
		uint64(b[3])<<32 | uint64(b[2])<<40 | uint64(b[1])<<48 | uint64(b[0])<<56
}

func uint64LE(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}
