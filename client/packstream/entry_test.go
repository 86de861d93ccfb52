package packstream_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
)

func TestBoolEntry(t *testing.T) {
	for _, entries := range []map[string]any{{}, {"a": false}, {"a": true}, {"b": []any{1}, "a": true}, {"b": "a"}} {
		data, err := packstream.Append(nil, entries)
		require.NoError(t, err)
		value, err := packstream.BoolEntry(data, "a")
		require.NoError(t, err)
		require.Equal(t, entries["a"] == true, value, entries)
		if len(entries) == 1 {
			_, err = packstream.BoolEntry(data[:len(data)-1], "a")
			require.Error(t, err, entries)
		}
	}
	for _, wrong := range []any{map[string]any{"a": "true"}, []any{"a", true}} {
		data, err := packstream.Append(nil, wrong)
		require.NoError(t, err)
		_, err = packstream.BoolEntry(data, "a")
		require.Error(t, err)
	}
}
