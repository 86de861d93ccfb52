package packstream

import "errors"

// UUID is a universally unique identifier (RFC 9562), most significant byte first. Bolt 6.1 and later have it.
type UUID [16]byte

const hexDigits = "0123456789abcdef"

// String returns the usual form: 32 lower-case hexadecimal digits in groups of 8, 4, 4, 4 and 12.
func (u UUID) String() string {
	text := make([]byte, 0, 36)
	for i, b := range u {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text = append(text, '-')
		}
		text = append(text, hexDigits[b>>4], hexDigits[b&15])
	}
	return string(text)
}

var errUUID = errors.New("packstream: a UUID has 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, with hyphens " +
	"between them")

// ParseUUID reads the usual form, in upper or lower case.
func ParseUUID(text string) (u UUID, err error) {
	if len(text) != 36 {
		return u, errUUID
	}
	at := 0
	for i := range u {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			if text[at] != '-' {
				return UUID{}, errUUID
			}
			at++
		}
		high, low := hexValue(text[at]), hexValue(text[at+1])
		if high > 15 || low > 15 {
			return UUID{}, errUUID
		}
		u[i] = high<<4 | low
		at += 2
	}
	return u, nil
}

// hexValue is the value of a hexadecimal digit, or 255.
func hexValue(digit byte) byte {
	switch {
	case digit >= '0' && digit <= '9':
		return digit - '0'
	case digit|0x20 >= 'a' && digit|0x20 <= 'f':
		return digit | 0x20 - 'a' + 10
	}
	return 255
}
