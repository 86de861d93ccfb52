package packstream

import (
	"strings"
	"unicode/utf8"
	"unsafe"
)

// SharedText is the size in bytes from which on texts are not copied out of the data. Copying them would take longer
// than all other decoding, and the data that such a text keeps in memory is at most a few times its size.
const SharedText = 64 << 10

// View returns b as valid UTF-8 like [Text], without copying it if it is valid. b must not change afterwards.
func View(b []byte) string { return Text(unsafe.String(unsafe.SliceData(b), len(b))) }

// Text returns s as valid UTF-8: s itself if it is valid; otherwise U+FFFD replaces each invalid part, as in the
// Encoding Standard's decoder. PackStream says that texts are UTF-8, but Neo4j 4.4 stores and returns texts unchecked.
func Text(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 2)
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			n = brokenPrefix(s)
		}
		b.WriteRune(r)
		s = s[n:]
	}
	return b.String()
}

// brokenPrefix is how many bytes at the beginning of s, where no valid character is, one replacement replaces: as many
// as a valid character could begin with, but at least one (Unicode, table 3-7).
func brokenPrefix(s string) int {
	low, high := byte(0x80), byte(0xBF) // the second byte's range
	switch lead := s[0]; {
	case lead < 0xE0 || lead > 0xF4:
		return 1
	case lead == 0xE0:
		low = 0xA0
	case lead == 0xED:
		high = 0x9F
	case lead == 0xF0:
		low = 0x90
	case lead == 0xF4:
		high = 0x8F
	}
	if len(s) < 2 || s[1] < low || s[1] > high {
		return 1
	}
	if s[0] >= 0xF0 && len(s) > 2 && s[2]&0xC0 == 0x80 {
		return 3
	}
	return 2
}
