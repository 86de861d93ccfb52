package rowblock

import (
	"math"
	"slices"
)

// Flush appends the finished block to dst, which may be nil, and begins the next one. The block begins where dst ended;
// for a reader in JavaScript it must start at a multiple of eight in its buffer. A block without rows is valid too.
func (w *Writer) Flush(dst []byte) []byte {
	dst = slices.Grow(dst, w.Size())
	start := len(dst)
	floats, ints, tape := w.placeColumns()
	dst = w.appendHeader(dst, floats, ints, tape)
	dst = appendFloats(dst, w.floats)
	for i := range w.columns {
		dst = appendFloats(dst, w.columns[i].floats)
	}
	dst = appendInts(dst, w.ints)
	for i := range w.columns {
		dst = appendInts(dst, w.columns[i].ints)
	}
	dst = w.appendDirectory(dst)
	dst = appendWords(dst, w.tape)
	for i := range w.columns {
		dst = appendWords(dst, w.columns[i].words)
	}
	dst = appendWords(dst, w.ends)
	dst = appendWords(dst, w.dict.ends)
	dst = appendWords(dst, w.dict.words)
	dst = append(dst, w.heap...)
	dst = append(dst, w.dict.text...)
	dst = append(dst, w.bytes...)
	for len(dst)-start < align(len(dst)-start) {
		dst = append(dst, 0)
	}
	w.dict.flushed()
	if w.dict.restarted {
		w.nodes, w.rels = prefix{}, prefix{}
	}
	w.clear()
	return dst
}

// placeColumns decides the places of the columns after the existing contents of the sections, and returns the sections'
// lengths.
func (w *Writer) placeColumns() (floats, ints, tape int) {
	floats, ints, tape = len(w.floats), len(w.ints), len(w.tape)
	for i := range w.columns {
		c := &w.columns[i]
		switch c.kind {
		case columnEmpty:
			c.kind = columnCells // of no rows
			c.offset = tape
		case columnCells, columnInt32:
			c.offset = tape
		case columnSafeInt, columnFloat:
			c.offset = floats
		case columnInt64:
			c.offset = ints
		}
		floats, ints, tape = floats+len(c.floats), ints+len(c.ints), tape+len(c.words)
	}
	return floats, ints, tape
}

func (w *Writer) appendHeader(dst []byte, floats, ints, tape int) []byte {
	var head [headWords]uint32
	head[headMagic] = magic
	head[headVersion] = Version
	if w.dict.restarted {
		head[headVersion] |= flagRestart << 16
	}
	head[headLength] = uint32(w.Size())
	head[headRows] = uint32(w.rows)
	head[headFields] = uint32(len(w.columns))
	head[headFloats] = uint32(floats)
	head[headInts] = uint32(ints)
	head[headTape] = uint32(tape)
	head[headStrings] = uint32(len(w.ends) - 1)
	head[headHeapBytes] = uint32(len(w.heap))
	head[headHeapUnits] = uint32(w.units)
	head[headBytes] = uint32(len(w.bytes))
	head[headDictStrings] = uint32(len(w.dict.ends))
	head[headDictBytes] = uint32(len(w.dict.text))
	head[headShapes] = w.dict.shapes
	head[headShapeWords] = uint32(len(w.dict.words))
	return appendWords(dst, head[:])
}

// appendDirectory appends each column's kind and place.
func (w *Writer) appendDirectory(dst []byte) []byte {
	for i := range w.columns {
		dst = appendWords(dst, []uint32{uint32(w.columns[i].kind), uint32(w.columns[i].offset)})
	}
	return dst
}

func appendWords(dst []byte, words []uint32) []byte {
	at := len(dst)
	dst = slices.Grow(dst, 4*len(words))[:at+4*len(words)]
	out := dst[at:]
	for _, v := range words {
		_ = out[3]
		out[0], out[1], out[2], out[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
		out = out[4:]
	}
	return dst
}

func appendFloats(dst []byte, floats []float64) []byte {
	at := len(dst)
	dst = slices.Grow(dst, 8*len(floats))[:at+8*len(floats)]
	out := dst[at:]
	for _, f := range floats {
		putUint64(out, math.Float64bits(f))
		out = out[8:]
	}
	return dst
}

func appendInts(dst []byte, ints []int64) []byte {
	at := len(dst)
	dst = slices.Grow(dst, 8*len(ints))[:at+8*len(ints)]
	out := dst[at:]
	for _, v := range ints {
		putUint64(out, uint64(v))
		out = out[8:]
	}
	return dst
}

func putUint64(out []byte, v uint64) {
	_ = out[7]
	out[0], out[1], out[2], out[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
	out[4], out[5], out[6], out[7] = byte(v>>32), byte(v>>40), byte(v>>48), byte(v>>56)
}
