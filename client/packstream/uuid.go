package packstream

import "encoding/hex"

// UUID is a universally unique identifier (RFC 9562), a type of its own from Bolt 6.1 on.
type UUID [16]byte

// String gives the usual form: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
func (id UUID) String() string {
	text := make([]byte, 0, 36)
	start := 0
	for _, end := range [...]int{4, 6, 8, 10, 16} {
		if start > 0 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, id[start:end])
		start = end
	}
	return string(text)
}

// AppendUUID appends a UUID.
func AppendUUID(b []byte, id UUID) []byte { return append(append(b, markUUID), id[:]...) }
