package jsonvalues

import (
	"encoding/binary"
	"math/bits"
)

// Text is compared and searched eight bytes at a time: in wasm, a call or a loop over bytes is several times slower.

// word is eight bytes of b from at on. The caller must have checked that they exist.
func word(b []byte, at int) uint64 { return binary.LittleEndian.Uint64(b[at : at+8]) }

const (
	everyByte = 0x0101010101010101
	highBits  = 0x8080808080808080
)

// special marks the bytes that must be escaped in a JSON string: the quote, the backslash, and those below the space.
// The lowest mark is right; those above it may be wrong.
func special(w uint64) uint64 {
	quote := w ^ '"'*everyByte
	backslash := w ^ '\\'*everyByte
	return ((quote-everyByte)&^quote | (backslash-everyByte)&^backslash | (w-' '*everyByte)&^w) & highBits
}

// ordinaryUntil returns the place of the first byte from at on that must be escaped in a JSON string, or len(in).
func ordinaryUntil(in []byte, at int) int {
	for at+8 <= len(in) {
		if marks := special(word(in, at)); marks != 0 {
			return at + bits.TrailingZeros64(marks)/8
		}
		at += 8
	}
	for at < len(in) && ordinary[in[at]] {
		at++
	}
	return at
}

// head is a text of at least 8 bytes that begins something.
type head struct {
	words []uint64
	last  uint64 // of the last eight bytes
	size  int
}

func headOf(text string) head {
	b := []byte(text)
	h := head{size: len(b), last: word(b, len(b)-8)}
	for at := 0; at+8 < len(b); at += 8 {
		h.words = append(h.words, word(b, at))
	}
	return h
}

// at reports whether the text stands in at the given place.
func (h *head) at(in []byte, at int) bool {
	if len(in)-at < h.size || word(in, at+h.size-8) != h.last {
		return false
	}
	for i, w := range h.words {
		if word(in, at+8*i) != w {
			return false
		}
	}
	return true
}
