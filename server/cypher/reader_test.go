package cypher

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// tokens returns the kinds of all tokens by a letter each, and their texts.
func tokens(text string) (kinds string, texts []string, err error) {
	r := NewReader(text)
	for {
		token, err := r.Next()
		if err != nil || token.Kind == End {
			return kinds, texts, err
		}
		kinds += string("EWNS0."[token.Kind])
		texts = append(texts, r.Text(token))
	}
}

func TestTokens(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "",
		" \n// x\n/* ' */":      "",
		"MATCH (n:A)":           "W.W.W.",
		"`a``b`.c":              "NN.W",
		`'it\'s' "\\"`:          "SS",
		"1.5e-3 0x1F 1_000 2E7": "0.0.0000",
		"né名 a€b a\u00adb":      "WWWWW",
		"a/b//c\nd/*e*/f":       "W.WWW",
		"a\u0085b\u3000c":       "WWW",
		"{$x}":                  "..W.",
		"RETURN 'x'":            "WS",
		"RETURN\u00a0'x', ['y'], ('z'), `a`\"b\"": "WS..S...S..NS",
	} {
		kinds, _, err := tokens(text)
		require.NoError(t, err, text)
		require.Equal(t, want, kinds, text)
	}
}

func TestWhatIsNotClear(t *testing.T) {
	for text, want := range map[string]error{
		`\u0041`: ErrEscape, `'\\u'`: ErrEscape,
		"s'x'": ErrPrefix, "es'x'": ErrPrefix, "€'x'": ErrPrefix, "$'x'": ErrPrefix, `S"x"`: ErrPrefix,
		"a\u00ad'x'": ErrPrefix, "5'x'": ErrPrefix, "ſ'x'": ErrPrefix,
		"5USE": ErrNumber, "4.4USE": ErrNumber, "0x1FUSE": ErrNumber, "1e5USE": ErrNumber, "5é": ErrNumber,
		"0xU":   ErrNumber,
		"/***/": ErrComment, "// \u2028": ErrComment, "// a\vb": ErrComment,
		"'x": ErrUnfinished, `'x\'`: ErrUnfinished, "`x": ErrUnfinished, "/* x": ErrUnfinished, "/*/": ErrUnfinished,
		`"\`: ErrUnfinished,
	} {
		_, _, err := tokens(text)
		require.ErrorIs(t, err, want, text)
	}
}

// Whatever the text, the reader comes to an end, and its tokens lie one behind the other.
func FuzzReader(f *testing.F) {
	f.Add("MATCH (n {a: 'x'}) // c\nRETURN n.`b`")
	f.Add("\xff\x00€$'")
	f.Fuzz(func(t *testing.T, text string) {
		r := NewReader(text)
		for end := 0; ; {
			token, err := r.Next()
			if err != nil {
				return
			}
			require.LessOrEqual(t, end, token.Start)
			if token.Kind == End {
				return
			}
			require.Less(t, token.Start, token.End)
			require.Equal(t, token.Joined, end == token.Start)
			end = token.End
		}
	})
}
