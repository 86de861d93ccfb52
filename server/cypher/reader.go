package cypher

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// Kind is the kind of a token.
type Kind uint8

// The kinds of tokens.
const (
	End    Kind = iota // of the text
	Word               // letters, digits and underscores that begin with no digit: a keyword or a name
	Name               // in backticks
	String             // in quotation marks
	Number             // digits, or the part of a number that has no other characters
	Symbol             // any other printable character of ASCII
)

// Token is a part of a text. Spaces, comments, and other characters that a server could skip are not tokens.
type Token struct {
	Kind       Kind
	Start, End int  // in bytes of the text, quotation marks included
	Joined     bool // nothing is between it and the token before
}

// Reasons for refusing a text. The errors say what to write instead.
var (
	ErrEscape     = errors.New(`\u is not read alike by all servers; write the character itself, or use a parameter`)
	ErrPrefix     = errors.New("a quotation mark right behind a word can begin code; put a space there")
	ErrNumber     = errors.New("a number and a word are written as one; put a space between them")
	ErrComment    = errors.New("a comment's end is not clear; leave the comment out")
	ErrUnfinished = errors.New("a string, a name in backticks or a comment has no end")
)

// Reader reads a text from its beginning to its end.
type Reader struct {
	text string
	at   int
	err  error
}

// NewReader makes a Reader.
func NewReader(text string) *Reader {
	r := &Reader{text: text}
	if strings.Contains(text, `\u`) {
		r.err = ErrEscape
	}
	return r
}

// Text is a token as it is written.
func (r *Reader) Text(t Token) string { return r.text[t.Start:t.End] }

// Next returns the next token; after the last one, a token of kind End. After an error it returns the same error again.
func (r *Reader) Next() (Token, error) {
	if r.err != nil {
		return Token{}, r.err
	}
	before := r.at
	if r.err = r.skip(); r.err != nil {
		return Token{}, r.err
	}
	t := Token{Start: r.at, Joined: r.at == before}
	var size int
	t.Kind, size, r.err = r.token()
	if r.err != nil {
		return Token{}, r.err
	}
	r.at += size
	t.End = r.at
	return t, nil
}

// token returns the kind and size of the token that begins here.
func (r *Reader) token() (kind Kind, size int, err error) {
	rest := r.text[r.at:]
	if rest == "" {
		return End, 0, nil
	}
	switch c, width := utf8.DecodeRuneInString(rest); {
	case c == '\'' || c == '"':
		if r.couldBePrefix() {
			return 0, 0, ErrPrefix
		}
		size, err = quoted(rest, true)
		return String, size, err
	case c == '`':
		size, err = quoted(rest, false)
		return Name, size, err
	case isDigit(c):
		size = wordLength(rest)
		if !isNumber(rest[:size]) {
			return 0, 0, ErrNumber
		}
		return Number, size, nil
	case isPart(c):
		return Word, wordLength(rest), nil
	default:
		return Symbol, width, nil
	}
}

// couldBePrefix reports whether the text before a quotation mark could be part of a name, so that a server could read
// the mark as part of it.
func (r *Reader) couldBePrefix() bool {
	c, _ := utf8.DecodeLastRuneInString(r.text[:r.at])
	return r.at > 0 && (isPart(c) || c == '$' || !isPrinted(c) && !isSpace(c))
}

// skip skips comments and characters that are no tokens.
func (r *Reader) skip() error {
	for r.at < len(r.text) {
		rest := r.text[r.at:]
		size := gapLength(rest)
		var err error
		switch {
		case strings.HasPrefix(rest, "//"):
			size, err = lineComment(rest)
		case strings.HasPrefix(rest, "/*"):
			size, err = blockComment(rest)
		}
		if err != nil || size == 0 {
			return err
		}
		r.at += size
	}
	return nil
}

// lineComment is the length of the comment, without the end of its line.
func lineComment(text string) (int, error) {
	size := strings.IndexAny(text, "\r\n")
	if size < 0 {
		size = len(text)
	}
	// some servers take these as ends of lines
	if strings.ContainsAny(text[:size], "\v\f\x1c\x1d\x1e\u0085\u2028\u2029") {
		return 0, ErrComment
	}
	return size, nil
}

func blockComment(text string) (int, error) {
	end := strings.Index(text[2:], "*/")
	switch {
	case end < 0:
		return 0, ErrUnfinished
	case end == 1 && text[2] == '*': // /***/, where grammars of Neo4j 5 differ about the star in the middle
		return 0, ErrComment
	}
	return end + 4, nil
}

// quoted is the length of the quotation at the beginning of text. A backtick is escaped by doubling, which needs no
// special case: two adjacent quotations hide the same characters.
func quoted(text string, backslash bool) (int, error) {
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case backslash && text[i] == '\\':
			i++
		case text[i] == quote:
			return i + 1, nil
		}
	}
	return 0, ErrUnfinished
}
