package packstream_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
)

// The results are those of a browser's TextDecoder.
func TestTextThatIsNotUTF8(t *testing.T) {
	const r = "\uFFFD"
	for _, c := range []struct{ in, out string }{
		{"", ""},
		{"plain", "plain"},
		{"é😀\x00", "é😀\x00"},
		{"\uFFFD", r},                       // sent as such
		{"\xFFA", r + "A"},                  // no character begins so
		{"\x80\x80", r + r},                 // nor so
		{"\xC0\x80", r + r},                 // NUL, too long
		{"\xC3", r},                         // cut after one byte of two
		{"\xE2\x82", r},                     // two of three
		{"\xE2\x82A", r + "A"},              //
		{"\xF0\x9F\x98", r},                 // three of four
		{"\xF0\x9F\x98A", r + "A"},          //
		{"\xF0\x9FA", r + "A"},              // two of four
		{"\xF0A", r + "A"},                  // one of four
		{"\xED\xA0\xBD", r + r + r},         // half of a surrogate pair
		{"\xE0\x80\x80", r + r + r},         // too long
		{"\xF4\x90\x80\x80", r + r + r + r}, // beyond Unicode
		{"\xF0\x80\x80\x80", r + r + r + r}, // too long
		{"\xF5\x80", r + r},
		{"a\xE2\x82é", "a" + r + "é"},
	} {
		require.Equal(t, c.out, packstream.Text(c.in), "%X", c.in)
		data := packstream.AppendString(nil, c.in)
		reader := packstream.NewReader(data)
		got, err := reader.String()
		require.NoError(t, err)
		require.Equal(t, c.out, got)
		reader = packstream.NewReader(data)
		asSent, err := reader.StringBytes()
		require.NoError(t, err)
		require.Equal(t, c.in, string(asSent))
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\xE2\x82é")
	f.Add("\xF4\x90\x80\x80")
	f.Fuzz(func(t *testing.T, in string) {
		out := packstream.Text(in)
		if !utf8.ValidString(out) || utf8.ValidString(in) && in != out {
			t.Fatalf("%X became %X", in, out)
		}
	})
}
