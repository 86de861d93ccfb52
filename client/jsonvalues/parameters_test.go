package jsonvalues

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

// A parameter in typed JSON looks like a result of the same value.
func TestTypedParameters(t *testing.T) {
	for _, golden := range goldenValues {
		if golden.oneWay || golden.typed == "" {
			continue
		}
		got, err := AppendTyped(nil, packedParameter(t, packstream.Raw(unhex(t, golden.packed))))
		require.NoError(t, err, golden.name)
		require.Equal(t, `{"x":`+golden.typed+`}`, string(got))
		require.True(t, json.Valid(got))
	}
}

func TestPlainParameters(t *testing.T) {
	for text, v := range map[string]any{
		"1": 1, "-9223372036854775808": int64(math.MinInt64), "1.0": 1.0, "1e+300": 1e300, "0.1": 0.1,
		"-0.0": math.Copysign(0, -1), "null": nil, "true": true,
		`"a\"\u0001"`: "a\"\x01", `[1,[]]`: []any{1, []any{}}, `{"a":{}}`: map[string]any{"a": map[string]any{}},
	} {
		got, err := AppendPlain(nil, packedParameter(t, v))
		require.NoError(t, err)
		require.Equal(t, `{"x":`+text+`}`, string(got))
	}
	for _, v := range []any{[]byte{1}, math.NaN(), math.Inf(-1), packstream.Raw(unhex(t, "B1 44 00")),
		[]any{[]byte{}}} {
		_, err := AppendPlain(nil, packedParameter(t, v))
		var refused *Error
		require.ErrorAs(t, err, &refused)
		require.True(t, refused.Unsupported)
	}
}

// packedParameter returns a map of parameters with v in it.
func packedParameter(t *testing.T, v any) []byte {
	packed, err := values.AppendMap(nil, map[string]any{"x": v}, values.Dialect{UTC: true, Vector: true, UUID: true})
	require.NoError(t, err)
	return packed
}

func TestAppendString(t *testing.T) {
	require.Equal(t, `"a\"\\\u000a\u001f`+"\u007f�é😀"+`"`, string(AppendString(nil, []byte("a\"\\\n\x1f\x7f\xffé😀"))))
}

func TestParametersThatCannotBe(t *testing.T) {
	for _, raw := range []string{
		"", "01 01", "91", "D1", "B1 4E 00", "B4 4E 00 90 A0 80", "B1 58 00", "B2 64 00 CA 3B9ACA00", "B1 74 FF",
		"B1 74 CB 00004E94914F0000", "B4 45 00 00 00 FF", "B1 7A 00",
		"B2 56 CC01 C9 CC01 00", "B2 56 CC01 00 CC00", "B2 56 CC00 CC00", "B1 44 80", "B3 69 00 00 00",
		"B3 58 00 00 00", strings.Repeat("91", 300) + "00",
	} {
		_, err := AppendTyped(nil, append(packstream.AppendString(packstream.AppendMapHeader(nil, 1), "x"),
			unhex(t, raw)...))
		var wrong *Error
		var malformed *packstream.Error
		require.True(t, errors.As(err, &wrong) && !wrong.Unsupported || errors.As(err, &malformed), "%s: %v", raw, err)
	}
}

// FuzzParameters writes any bytes as a parameter: the output is JSON, and reading it gives the input.
func FuzzParameters(f *testing.F) {
	for _, golden := range goldenValues {
		raw, err := hex.DecodeString(strings.ReplaceAll(golden.packed, " ", ""))
		require.NoError(f, err)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		packed := append(packstream.AppendString(packstream.AppendMapHeader(nil, 1), "x"), raw...)
		got, err := AppendTyped(nil, packed)
		if err != nil {
			return
		}
		require.True(t, json.Valid(got), "%s", got)
		if _, err = AppendPlain(nil, packed); err != nil {
			var refused *Error
			require.ErrorAs(t, err, &refused)
			require.True(t, refused.Unsupported)
		}
	})
}
