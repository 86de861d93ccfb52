package rowblock

import (
	"slices"

	"github.com/webbolt/webbolt/client/wire"
)

// PackStream markers, https://neo4j.com/docs/bolt/current/packstream/.
const (
	markerNull     = 0xC0
	markerFloat    = 0xC1
	markerFalse    = 0xC2
	markerTrue     = 0xC3
	markerInt8     = 0xC8
	markerInt16    = 0xC9
	markerInt32    = 0xCA
	markerInt64    = 0xCB
	markerBytes8   = 0xCC
	markerBytes16  = 0xCD
	markerBytes32  = 0xCE
	markerString8  = 0xD0
	markerString16 = 0xD1
	markerString32 = 0xD2
	markerList8    = 0xD4
	markerList16   = 0xD5
	markerList32   = 0xD6
	markerMap8     = 0xD8
	markerMap16    = 0xD9
	markerMap32    = 0xDA
	markerStruct8  = 0xDC
	markerStruct16 = 0xDD
	markerUUID     = 0xE0
	tinyString     = 0x80
	tinyList       = 0x90
	tinyMap        = 0xA0
	tinyStruct     = 0xB0
	tinyNegative   = 0xF0
)

// isInt reports whether the marker begins an integer.
func isInt(marker byte) bool {
	return marker < tinyString || marker >= tinyNegative || marker&0xFC == markerInt8
}

// cell reads one value and returns its cell, or cellFailed. depth is its nesting depth.
func (w *Writer) cell(depth int) uint32 {
	if w.pos >= len(w.data) {
		return w.fail(w.truncated())
	}
	at := w.data[w.pos:]
	m := at[0]
	switch {
	case m < tinyString || m >= tinyNegative:
		w.pos++
		return uint32(int8(m))<<tagBits | tagInt
	case m < tinyList:
		w.pos++
		return w.string(int(m & 15))
	case m == markerString8 && len(at) >= 2:
		w.pos += 2
		return w.string(int(at[1]))
	case m == markerInt16 && len(at) >= 3:
		w.pos += 3
		return uint32(int16(uint16(at[2])|uint16(at[1])<<8))<<tagBits | tagInt
	case m == markerFloat && len(at) >= 9:
		w.pos += 9
		w.floats = append(w.floats, canonical(uint64BE(at[1:])))
		return uint32(len(w.floats)-1)<<tagBits | tagFloat
	case m == markerNull:
		w.pos++
		return cellNull
	case m == markerFalse:
		w.pos++
		return cellFalse
	case m == markerTrue:
		w.pos++
		return cellTrue
	case m&0xF0 == tinyStruct && len(at) >= 2 && at[1] == wire.StructNode && depth < maxDepth &&
		(m == tinyStruct|3 || m == tinyStruct|4):
		w.pos += 2
		return w.node(int(m&15), depth)
	case m == markerFloat:
		return w.fail(w.truncated())
	case m&0xFC == markerInt8:
		v, ok := w.int()
		if !ok {
			return cellFailed
		}
		return w.intCell(v)
	}
	return w.composite(m, depth)
}

// composite reads values with a length or with contents.
func (w *Writer) composite(m byte, depth int) uint32 {
	switch {
	case m >= markerString8 && m <= markerString32:
		n, ok := w.length(m - markerString8)
		if !ok {
			return cellFailed
		}
		return w.string(n)
	case m >= markerBytes8 && m <= markerBytes32:
		b, ok := w.readBytes()
		if !ok {
			return cellFailed
		}
		w.tape = append(w.tape, uint32(len(w.bytes)), uint32(len(b)))
		w.bytes = append(w.bytes, b...)
		return uint32(len(w.tape)-2)<<tagBits | tagBytes
	case m == markerUUID:
		return w.uuid()
	case depth >= maxDepth:
		return w.fail(w.malformed("values are nested too deeply"))
	case m < tinyMap || m >= markerList8 && m <= markerList32:
		return w.list(depth)
	case m < tinyStruct || m >= markerMap8 && m <= markerMap32:
		return w.mapping(depth)
	case m < markerNull || m == markerStruct8 || m == markerStruct16:
		return w.structure(depth)
	}
	return w.fail(w.malformed("this byte begins no value"))
}

// string writes n bytes of the record to the heap.
func (w *Writer) string(n int) uint32 {
	if n > len(w.data)-w.pos {
		return w.fail(w.truncated())
	}
	text := w.data[w.pos : w.pos+n]
	w.pos += n
	start := len(w.heap)
	if n > shortText || n > cap(w.heap)-start {
		return w.longString(text, isASCII(text))
	}
	// Short strings are the most frequent: they are copied and checked in one step.
	w.heap = w.heap[:start+n]
	from, to := text, w.heap[start:]
	var all uint64
	for len(from) >= 8 && len(to) >= 8 {
		v := uint64LE(from)
		all |= v
		putUint64(to, v)
		from, to = from[8:], to[8:]
	}
	for i := 0; i < len(from) && i < len(to); i++ {
		all |= uint64(from[i])
		to[i] = from[i]
	}
	if all&highBits != 0 {
		w.heap = w.heap[:start]
		return w.longString(text, false)
	}
	w.units += n
	w.ends = append(w.ends, uint32(w.units))
	return uint32(len(w.ends)-2)<<tagBits | tagString
}

// longString is string for text that is long or not ASCII.
func (w *Writer) longString(text []byte, ascii bool) uint32 {
	if ascii {
		w.units += len(text)
		w.heap = append(w.heap, text...)
	} else {
		var units int
		w.heap, units = appendText(w.heap, text)
		w.units += units
	}
	w.ends = append(w.ends, uint32(w.units))
	return uint32(len(w.ends)-2)<<tagBits | tagString
}

// list reads a list. Lists of small integers and of floats are stored without tags, as long as no other element comes.
func (w *Writer) list(depth int) uint32 {
	n, ok := w.listLength()
	if !ok {
		return cellFailed
	}
	at := len(w.tape)
	done := 0
	if n > 0 && w.pos < len(w.data) {
		switch marker := w.data[w.pos]; {
		case marker == markerFloat:
			if w.floatList(n) {
				return uint32(at)<<tagBits | tagList
			}
		case isInt(marker):
			if done, ok = w.intList(n); !ok {
				return cellFailed
			}
			if done == n {
				return uint32(at)<<tagBits | tagList
			}
		}
	}
	if done == 0 {
		w.tape = append(w.tape, uint32(n)<<2|listCells)
		w.reserve(n)
	}
	for i := done; i < n; i++ {
		cell := w.cell(depth + 1)
		if cell == cellFailed {
			return cellFailed
		}
		w.tape[at+1+i] = cell
	}
	return uint32(at)<<tagBits | tagList
}

// floatList writes n floats, or nothing if there are other elements among them.
func (w *Writer) floatList(n int) bool {
	const width = 9
	if n > (len(w.data)-w.pos)/width {
		return false
	}
	elements := w.data[w.pos : w.pos+n*width]
	for i := 0; i < len(elements); i += width {
		if elements[i] != markerFloat {
			return false
		}
	}
	w.tape = append(w.tape, uint32(n)<<2|listFloats, uint32(len(w.floats)))
	for ; len(elements) >= width; elements = elements[width:] {
		w.floats = append(w.floats, canonical(uint64BE(elements[1:])))
	}
	w.pos += n * width
	return true
}

// intList writes the integers at the beginning of a list with n elements and returns their number. If these are not all
// elements, it wrote cells.
func (w *Writer) intList(n int) (done int, ok bool) {
	at := len(w.tape)
	w.tape = append(w.tape, uint32(n)<<2|listInt32)
	w.reserve(n)
	elements := w.tape[at+1:]
	for done < n {
		start := w.pos
		if start >= len(w.data) {
			return done, w.truncated()
		}
		if !isInt(w.data[start]) {
			break
		}
		v, ok := w.int()
		if !ok {
			return done, false
		}
		if int64(int32(v)) != v {
			w.pos = start
			break
		}
		elements[done] = uint32(v)
		done++
	}
	if done < n {
		w.tape[at] = uint32(n)<<2 | listCells
		for i, u := range elements[:done] {
			elements[i] = w.intCell(int64(int32(u)))
		}
	}
	return done, true
}

// reserve makes room for n words on the tape, which the caller fills.
func (w *Writer) reserve(n int) {
	w.tape = slices.Grow(w.tape, n)[:len(w.tape)+n]
}

// mapping reads a map; its keys become a shape.
func (w *Writer) mapping(depth int) uint32 {
	at := len(w.tape)
	w.tape = append(w.tape, 0)
	shape, ok := w.properties(rootMap, depth)
	if !ok {
		return cellFailed
	}
	w.tape[at] = shape
	return uint32(at)<<tagBits | tagMap
}

// properties reads a map's entries: it writes a cell for each to the tape, and returns the shape of the keys.
func (w *Writer) properties(step uint32, depth int) (shape uint32, ok bool) {
	var n int
	if data := w.data[w.pos:]; len(data) > 2*15 && data[0]&0xF0 == tinyMap {
		n = int(data[0] & 15)
		w.pos++
	} else if n, ok = w.mapLength(); !ok {
		return 0, false
	}
	at := len(w.tape)
	w.reserve(n)
	for i := range n {
		if step, ok = w.key(step); !ok {
			return 0, false
		}
		cell := w.cell(depth + 1)
		if cell == cellFailed {
			return 0, false
		}
		w.tape[at+i] = cell
	}
	if known := w.dict.steps[step].shape; known != noShape {
		return known, true
	}
	return w.dict.shape(step), true
}

// key reads a label or key, and returns the step that follows.
func (w *Writer) key(step uint32) (uint32, bool) {
	if data := w.data[w.pos:]; len(data) > maxQuick && data[0]&0xF0 == tinyString {
		// Most are the same as last time, and short: they are compared without a call.
		last := w.dict.steps[step].last
		s := &w.dict.steps[last]
		size := int(data[0] & 15)
		low, high := uint64LE(data[1:])&lowMask[size], uint64LE(data[9:])&highMask[size]
		if len(s.text) == size && low == s.low && high == s.high && last != 0 {
			w.pos += 1 + size
			return last, true
		}
	}
	text, ok := w.text()
	if !ok {
		return 0, false
	}
	return w.dict.follow(step, text), true
}
