package packstream_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
)

func TestParseUUID(t *testing.T) {
	const text = "00112233-4455-6677-8899-aabbccddeeff"
	want := packstream.UUID{0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF}
	for _, in := range []string{text, "00112233-4455-6677-8899-AABBCCDDEEFF"} {
		u, err := packstream.ParseUUID(in)
		require.NoError(t, err)
		require.Equal(t, want, u)
		require.Equal(t, text, u.String())
	}
	for _, in := range []string{
		"", text[1:], text + "0", "00112233x4455-6677-8899-aabbccddeeff", "g0112233-4455-6677-8899-aabbccddeeff",
		"001122334455-6677-8899-aabbccddeeff-", "00112233-4455-6677-8899-aabbccddee\xFFf",
		"{0112233-4455-6677-8899-aabbccddee}f",
	} {
		_, err := packstream.ParseUUID(in)
		require.Error(t, err, in)
	}
}
