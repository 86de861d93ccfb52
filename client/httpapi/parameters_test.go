package httpapi

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/jsonvalues"
	"github.com/webbolt/webbolt/client/packstream"
)

// A parameter that cannot be sent gives an ArgumentError if the caller is wrong, and an UnsupportedError if the
// server's API cannot carry it.
func TestParametersThatCannotBe(t *testing.T) {
	for _, v := range []any{packstream.Raw(""), packstream.Raw("\xB1\x4E\x00"), packstream.Raw("\x01\x01"), "\xff",
		make(chan int)} {
		_, err := appendParameters(nil, map[string]any{"x": v}, jsonvalues.AppendTyped)
		var wrong *client.ArgumentError
		require.ErrorAs(t, err, &wrong, "%q", v)
		require.Equal(t, "parameters", wrong.Argument)
	}
	_, err := appendParameters(nil, map[string]any{"x": []byte{1}}, jsonvalues.AppendPlain)
	var unsupported *client.UnsupportedError
	require.ErrorAs(t, err, &unsupported)
	got, err := appendParameters(nil, map[string]any{"x": []byte{1}}, jsonvalues.AppendTyped)
	require.NoError(t, err)
	require.Equal(t, `{"x":{"$type":"Base64","_value":"AQ=="}}`, string(got))
}
