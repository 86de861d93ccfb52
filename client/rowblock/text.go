package rowblock

import "unicode/utf8"

const highBits = 0x8080808080808080

// isASCII reports whether all bytes are ASCII: then the text has as many UTF-16 units as bytes.
func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if uint64BE(b)&highBits != 0 {
			return false
		}
		b = b[8:]
	}
	var all byte
	for _, c := range b {
		all |= c
	}
	return all < utf8.RuneSelf
}

// shortText is the greatest length that is copied without a call.
const shortText = 64

// appendText appends text as valid UTF-8 and returns its length in UTF-16 units. Invalid parts are replaced as in the
// Encoding Standard's decoder: U+FFFD for each maximal prefix of a sequence.
func appendText(dst, text []byte) ([]byte, int) {
	if utf8.Valid(text) {
		return append(dst, text...), units(text)
	}
	start := len(dst)
	for len(text) > 0 {
		n := sequence(text)
		if n < 0 {
			dst = append(dst, "\uFFFD"...)
			n = -n
		} else {
			dst = append(dst, text[:n]...)
		}
		text = text[n:]
	}
	return dst, units(dst[start:])
}

// units is the length of valid UTF-8 in UTF-16 units: one for each byte that begins a character, two for those outside
// the basic plane.
func units(text []byte) int {
	n := 0
	for _, c := range text {
		if c&0xC0 != 0x80 {
			n++
			if c >= 0xF0 {
				n++
			}
		}
	}
	return n
}

// sequence is the length of the valid sequence at the beginning of text, or minus the length of the part to be
// replaced.
func sequence(text []byte) int {
	if r, n := utf8.DecodeRune(text); r != utf8.RuneError || n > 1 {
		return n
	}
	first := text[0]
	low, high := byte(0x80), byte(0xBF) // of the second byte
	switch first {
	case 0xE0:
		low = 0xA0
	case 0xED:
		high = 0x9F
	case 0xF0:
		low = 0x90
	case 0xF4:
		high = 0x8F
	}
	if first < 0xE0 || first > 0xF4 || len(text) < 2 || text[1] < low || text[1] > high {
		return -1
	}
	if first >= 0xF0 && len(text) > 2 && text[2]&0xC0 == 0x80 {
		return -3
	}
	return -2
}
