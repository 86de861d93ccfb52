package values_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

// TestRawNeedsItsDialect: what is encoded already is refused like what is not, where the connection cannot carry it.
func TestRawNeedsItsDialect(t *testing.T) {
	newest := values.Dialect{UTC: true, Vector: true, UUID: true}
	for name, v := range map[string]any{
		"vector": values.Vector{Elements: []int8{1}},
		"UUID":   values.UUID{1},
		"deep": map[string]any{"list": []any{int64(1), "text", []byte{1}, 1.5, true, nil,
			map[string]any{"v": values.Vector{Elements: []float64{1}}}}},
	} {
		encoded, err := values.Append(nil, v, newest)
		require.NoError(t, err)
		raw := map[string]any{"x": packstream.Raw(encoded)}
		_, err = values.AppendMap(nil, raw, values.Dialect{UTC: true})
		var unsendable *values.Error
		require.ErrorAs(t, err, &unsendable, name)
		require.Equal(t, "$x", unsendable.Path)
		require.Contains(t, unsendable.Message, "need Bolt 6.")
		_, err = values.AppendMap(nil, raw, newest)
		require.NoError(t, err, name)
	}

	plain, err := values.Append(nil, map[string]any{"a": []any{int64(1), "é"}}, newest)
	require.NoError(t, err)
	got, err := values.Append(nil, packstream.Raw(plain), values.Dialect{UTC: true})
	require.NoError(t, err)
	require.Equal(t, plain, got)
	for cut := 1; cut < len(plain); cut++ {
		require.NotPanics(t, func() { _, _ = values.Append(nil, packstream.Raw(plain[:cut]), values.Dialect{}) })
	}
	_, err = values.Append(nil, packstream.Raw{0x82, 0x61}, values.Dialect{})
	require.ErrorContains(t, err, "does not hold what it should")
}

func TestZonedIsSentInItsForm(t *testing.T) {
	zoned := map[string]any{"x": values.Zoned{UTC: packstream.Raw{0x01}, Local: packstream.Raw{0x02}}}
	for d, want := range map[values.Dialect]byte{{}: 0x02, {UTC: true}: 0x01, {UTC: true, Patched: true}: 0x01} {
		got, err := values.AppendMap(nil, zoned, d)
		require.NoError(t, err)
		require.Equal(t, []byte{0xA1, 0x81, 'x', want}, got)
	}
}
