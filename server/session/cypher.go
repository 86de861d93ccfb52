package session

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// choosesGraph refuses a query with a USE clause, which would lead to another database than the session's. It reads
// Cypher's words without its grammar: every word USE that is not in quotes, in backticks, in a comment, or the name of a
// property, label or parameter, counts.
func choosesGraph(text string) *Refusal {
	if strings.Contains(text, `\u`) { // Cypher reads these before all else, so one can be a quote or a letter of USE
		return forbid("use", `the relay does not take \u in query texts; write the character itself, or use a parameter`)
	}
	before := rune(0) // last character that is neither space nor comment
	wordEnd := -1     // where the last word ended
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		rest := text[i:]
		switch {
		case r == '\'' || r == '"':
			size = quoted(rest, true)
		case r == '`':
			size = quoted(rest, false)
		case strings.HasPrefix(rest, "//"):
			size = lineComment(rest)
			if strings.ContainsAny(rest[:size], "\u0085\u2028\u2029\v\f") {
				return forbid("use", "the relay does not take unusual line ends in comments")
			}
			i += size
			continue
		case strings.HasPrefix(rest, "/*"):
			if size = strings.Index(rest[2:], "*/") + 4; size < 4 {
				return nil // a comment without end; the server will say so
			}
			i += size
			continue
		case r == '$' && i == wordEnd: // no parameter: in Cypher 5 names may have it behind their first letter
			r, wordEnd = '_', i+size
		case isWordRune(r):
			size = wordLength(rest)
			wordEnd = i + size
			if strings.EqualFold(rest[:size], "use") && before != '.' && before != ':' && before != '$' {
				return forbid("use", "the relay does not allow USE; if it is a name here, put it in backticks")
			}
		}
		if !unicode.IsSpace(r) {
			before = r
		}
		i += size
	}
	return nil
}

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func wordLength(text string) int {
	if i := strings.IndexFunc(text, func(r rune) bool { return !isWordRune(r) }); i >= 0 {
		return i
	}
	return len(text)
}

// quoted is the length of the quotation that text begins with. A backtick is escaped by doubling, which needs no care:
// two quotations that touch hide the same.
func quoted(text string, backslash bool) int {
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case backslash && text[i] == '\\':
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return len(text)
}

// lineComment is the length of the comment, without the end of its line.
func lineComment(text string) int {
	if i := strings.IndexAny(text, "\r\n"); i >= 0 {
		return i
	}
	return len(text)
}
