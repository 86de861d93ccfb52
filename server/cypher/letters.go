package cypher

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// letters are the letters beyond ASCII that all servers allow in names: those of common scripts (except the long s,
// which folds to an s), in ranges that Unicode had filled long before the oldest server. Servers allow more characters
// in names, but not the same ones.
var letters = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00C0, Hi: 0x00D6, Stride: 1}, {Lo: 0x00D8, Hi: 0x00F6, Stride: 1}, {Lo: 0x00F8, Hi: 0x017E, Stride: 1},
		{Lo: 0x0180, Hi: 0x024F, Stride: 1},                                      // Latin
		{Lo: 0x0391, Hi: 0x03A1, Stride: 1}, {Lo: 0x03A3, Hi: 0x03CE, Stride: 1}, // Greek
		{Lo: 0x0400, Hi: 0x0481, Stride: 1}, {Lo: 0x048A, Hi: 0x0513, Stride: 1}, // Cyrillic
		{Lo: 0x05D0, Hi: 0x05EA, Stride: 1},                                      // Hebrew
		{Lo: 0x0620, Hi: 0x064A, Stride: 1},                                      // Arabic
		{Lo: 0x0E01, Hi: 0x0E30, Stride: 1},                                      // Thai
		{Lo: 0x3041, Hi: 0x3096, Stride: 1}, {Lo: 0x30A1, Hi: 0x30FA, Stride: 1}, // Kana
		{Lo: 0x4E00, Hi: 0x9FA5, Stride: 1}, // Han
		{Lo: 0xAC00, Hi: 0xD7A3, Stride: 1}, // Hangul
	},
	LatinOffset: 2,
}

func isDigit(c rune) bool { return '0' <= c && c <= '9' }

// isLetter reports whether every server allows c in names.
func isLetter(c rune) bool {
	if c < utf8.RuneSelf {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
	}
	return unicode.Is(letters, c)
}

func isPart(c rune) bool { return isDigit(c) || isLetter(c) || c == longS || c == kelvin }

// Characters that equal S and K in a comparison that ignores case, so a keyword may contain them.
const longS, kelvin = '\u017F', '\u212A'

func wordLength(text string) int {
	if i := strings.IndexFunc(text, func(c rune) bool { return !isPart(c) }); i >= 0 {
		return i
	}
	return len(text)
}

// isPrinted reports whether words and symbols may contain c.
func isPrinted(c rune) bool { return ' ' < c && c <= '~' || isPart(c) }

// isSpace reports whether c is a space on all servers.
func isSpace(c rune) bool { return strings.ContainsRune(" \t\r\n\f\v\u00a0\u2028\u2029\u3000", c) }

// gapLength is the length of the part at the beginning of text that is no token: spaces, and characters that are a
// space to one server, a part of a name to another and an error to a third. The reader skips them; they separate no
// tokens.
func gapLength(text string) int {
	return len(text) - len(strings.TrimLeftFunc(text, func(c rune) bool { return !isPrinted(c) }))
}

// isNumber reports whether every server reads text as a number, not as a number and a word: digits, with an exponent,
// or hexadecimal or octal.
func isNumber(text string) bool {
	const digits = "0123456789_"
	if rest, found := strings.CutPrefix(strings.ToLower(text), "0x"); found {
		return rest != "" && strings.Trim(rest, digits+"abcdef") == ""
	}
	text = strings.TrimLeft(text, digits)
	if text == "" {
		return true
	}
	exponent, found := strings.CutPrefix(strings.ToLower(text), "e")
	if !found {
		exponent, found = strings.CutPrefix(strings.ToLower(text), "o")
	}
	return found && strings.Trim(exponent, digits) == "" // 1e-5 continues after the sign
}

// Fold returns a word in upper case, in which keywords can be compared. Characters beyond ASCII that are the same as
// one of ASCII but for case become that one.
func Fold(word string) string { return strings.ToUpper(strings.ReplaceAll(word, string(kelvin), "k")) }
