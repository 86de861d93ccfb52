package packstream

import (
	"strings"
	"unicode/utf8"
)

// Text gives s as valid UTF-8: s itself where it is that; else U+FFFD stands for each part that is not, divided as the Encoding Standard's
// decoder does it. PackStream says that texts are UTF-8, but Neo4j 4.4 stores and returns what it was given.
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

// brokenPrefix is how many bytes at the beginning of s, where no character is, one replacement stands for: the longest beginning of a
// character, or one byte.
func brokenPrefix(s string) int {
	for n := min(3, len(s)); n > 1; n-- {
		if startsRune(s[:n]) {
			return n
		}
	}
	return 1
}

// startsRune reports whether some valid character of more bytes begins with s, which has two or three.
func startsRune(s string) bool {
	for last := byte(0x80); last <= 0xBF && last >= 0x80; last += 0x10 {
		four := [4]byte{s[0], s[1], last, 0x80}
		if len(s) == 3 {
			four[2] = s[2]
			last = 0xBF // the third byte is given
		}
		if r, n := utf8.DecodeRune(four[:]); n > len(s) && r != utf8.RuneError || n > len(s) && n >= 3 {
			return true
		}
	}
	return false
}
