package bridge

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

func TestArguments(t *testing.T) {
	data, err := packstream.Append(nil, map[string]any{
		"text": "é", "flag": true, "number": int64(7), "whole": int64(2), "part": 0.5, "texts": []any{"a", "b"},
		"object": map[string]any{"a": "1"}, "objects": []any{map[string]any{"n": int64(1)}}, "packed": []byte{0xA1, 0x81, 'x', 0xC9, 0x12, 0x34},
	})
	require.NoError(t, err)
	a, err := readMessage(data)
	require.NoError(t, err)
	require.Equal(t, "é", a.text("text"))
	require.True(t, a.flag("flag"))
	require.Equal(t, 7, a.number("number"))
	require.Equal(t, 2*time.Millisecond, a.milliseconds("whole"))
	require.Equal(t, 500*time.Microsecond, a.milliseconds("part"))
	for _, long := range []any{int64(1e13), int64(math.MaxInt64), 1e13, 1e300, math.Inf(1), math.NaN()} {
		require.ErrorContains(t, client.TxOptions{Timeout: arguments{"long": long}.milliseconds("long")}.Validate(), "100 years", long)
	}
	for _, negative := range []any{int64(-1), int64(math.MinInt64), -1e300, math.Inf(-1)} {
		require.ErrorContains(t, client.TxOptions{Timeout: arguments{"negative": negative}.milliseconds("negative")}.Validate(), "0", negative)
	}
	require.Equal(t, []string{"a", "b"}, a.texts("texts"))
	require.Equal(t, map[string]string{"a": "1"}, a.textMap("object"))
	require.Equal(t, 1, a.objects("objects")[0].number("n"))
	values, err := a.packed("packed")
	require.NoError(t, err)
	require.Equal(t, map[string]any{"x": packstream.Raw{0xC9, 0x12, 0x34}}, values)

	for _, absent := range []arguments{nil, {"x": nil}, {"x": struct{}{}}} {
		require.Zero(t, absent.text("x"))
		require.Zero(t, absent.flag("x"))
		require.Zero(t, absent.number("x"))
		require.Zero(t, absent.milliseconds("x"))
		require.Nil(t, absent.texts("x"))
		require.Nil(t, absent.textMap("x"))
		require.Nil(t, absent.objects("x"))
		values, err := absent.packed("x")
		require.Nil(t, values)
		require.NoError(t, err)
	}
}

func TestMalformedArguments(t *testing.T) {
	for _, data := range [][]byte{nil, {0x01}, {0xA1}, {0xA1, 0x81, 'x'}} {
		_, err := readMessage(data)
		require.Error(t, err)
	}
	for _, packed := range [][]byte{{}, {0x01}, {0xA1, 0x01, 0x01}, {0xA1, 0x81, 'x', 0xC9}} {
		_, err := arguments{"x": packed}.packed("x")
		require.ErrorContains(t, err, "x")
	}
}
