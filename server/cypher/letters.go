package cypher

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// letters beyond ASCII that are parts of names on all servers: those of common scripts (but for the long s, which
// folds to an s), in ranges that are full since long before the oldest server. Servers take more characters into
// names, but not the same ones.
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

// isLetter holds for what is a part of names on every server.
func isLetter(c rune) bool {
	if c < utf8.RuneSelf {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
	}
	return unicode.Is(letters, c)
}

func isPart(c rune) bool { return isDigit(c) || isLetter(c) || c == longS || c == kelvin }

// Characters that are S and K to whoever compares without regard to case, so that a keyword may be written with them.
const longS, kelvin = '\u017F', '\u212A'

func wordLength(text string) int {
	if i := strings.IndexFunc(text, func(c rune) bool { return !isPart(c) }); i >= 0 {
		return i
	}
	return len(text)
}

// isPrinted holds for the characters that words and symbols are made of.
func isPrinted(c rune) bool { return ' ' < c && c <= '~' || isPart(c) }

// isSpace holds for what is a space on all servers.
func isSpace(c rune) bool { return strings.ContainsRune(" \t\r\n\f\v\u00a0\u2028\u2029\u3000", c) }

// gapLength is the length of what text begins with that is no token: spaces, and characters that are a space to one
// server, a part of a name to another and an error to a third. Nothing hides behind them, and they separate nothing.
func gapLength(text string) int {
	return len(text) - len(strings.TrimLeftFunc(text, func(c rune) bool { return !isPrinted(c) }))
}

// isNumber holds for what no server reads as a number and a word: digits, with an exponent, or hexadecimal or octal.
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
	return found && strings.Trim(exponent, digits) == "" // 1e-5 goes on behind the sign
}

// Fold returns a word in upper case, in which keywords can be compared. Characters beyond ASCII that are the same as
// one of ASCII but for case become that one.
func Fold(word string) string { return strings.ToUpper(strings.ReplaceAll(word, string(kelvin), "k")) }
