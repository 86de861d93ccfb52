package jsonvalues

// appendHex decodes pairs of hexadecimal digits and appends the bytes; ok is false for any other text.
//
// It is here because package encoding/hex would link package fmt into the program for browser pages.
func appendHex(b, digits []byte) (_ []byte, ok bool) {
	if len(digits)%2 != 0 {
		return b, false
	}
	for i := 0; i < len(digits); i += 2 {
		high, low := hexValues[digits[i]], hexValues[digits[i+1]]
		if high == 0 || low == 0 {
			return b, false
		}
		b = append(b, (high-1)<<4|(low-1))
	}
	return b, true
}

// hexValues is the value of a digit plus one; 0 for other characters.
var hexValues = func() (values [256]byte) {
	for i, upper := range "0123456789ABCDEF" {
		values[upper] = byte(i) + 1
	}
	for i, lower := range "abcdef" {
		values[lower] = byte(i) + 11
	}
	return values
}()
