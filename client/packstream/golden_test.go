package packstream_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	require.NoError(t, err)
	return b
}

// golden are values and their bytes in the smallest form, at both ends of every marker's range.
var golden = []struct {
	name  string
	value any
	hex   string
}{
	{"null", nil, "C0"},
	{"true", true, "C3"},
	{"false", false, "C2"},
	{"int tiny min", int64(-16), "F0"},
	{"int -1", int64(-1), "FF"},
	{"int 0", int64(0), "00"},
	{"int tiny max", int64(127), "7F"},
	{"int 8 max", int64(-17), "C8 EF"},
	{"int 8 min", int64(-128), "C8 80"},
	{"int 16 low", int64(-129), "C9 FF7F"},
	{"int 16 high", int64(128), "C9 0080"},
	{"int 16 min", int64(-32768), "C9 8000"},
	{"int 16 max", int64(32767), "C9 7FFF"},
	{"int 32 low", int64(-32769), "CA FFFF7FFF"},
	{"int 32 high", int64(32768), "CA 00008000"},
	{"int 32 min", int64(math.MinInt32), "CA 80000000"},
	{"int 32 max", int64(math.MaxInt32), "CA 7FFFFFFF"},
	{"int 64 low", int64(math.MinInt32 - 1), "CB FFFFFFFF7FFFFFFF"},
	{"int 64 high", int64(math.MaxInt32 + 1), "CB 0000000080000000"},
	{"int 64 min", int64(math.MinInt64), "CB 8000000000000000"},
	{"int 64 max", int64(math.MaxInt64), "CB 7FFFFFFFFFFFFFFF"},
	{"float", 1.1, "C1 3FF199999999999A"},
	{"float -0", math.Copysign(0, -1), "C1 8000000000000000"},
	{"float inf", math.Inf(1), "C1 7FF0000000000000"},
	{"uuid", packstream.UUID{0x12, 0x34, 15: 0xFF}, "E0 123400000000000000000000000000FF"},
	{"string empty", "", "80"},
	{"string tiny", "A", "81 41"},
	{"string tiny max", strings.Repeat("x", 15), "8F " + strings.Repeat("78", 15)},
	{"string 8", strings.Repeat("x", 16), "D0 10 " + strings.Repeat("78", 16)},
	{"string 8 max", strings.Repeat("x", 255), "D0 FF " + strings.Repeat("78", 255)},
	{"string 16", strings.Repeat("x", 256), "D1 0100 " + strings.Repeat("78", 256)},
	{"string 32", strings.Repeat("x", 65536), "D2 00010000 " + strings.Repeat("78", 65536)},
	{"string of many kinds", "é\x00😀", "87 C3A9 00 F09F9880"},
	{"bytes empty", []byte{}, "CC 00"},
	{"bytes 8", []byte{1, 2, 3}, "CC 03 010203"},
	{"bytes 16", bytes.Repeat([]byte{7}, 256), "CD 0100 " + strings.Repeat("07", 256)},
	{"bytes 32", bytes.Repeat([]byte{7}, 65536), "CE 00010000 " + strings.Repeat("07", 65536)},
	{"list empty", []any{}, "90"},
	{"list tiny", []any{int64(1), "a", nil}, "93 01 8161 C0"},
	{"list 8", list(16), "D4 10 " + strings.Repeat("01", 16)},
	{"list 16", list(256), "D5 0100 " + strings.Repeat("01", 256)},
	{"list 32", list(65536), "D6 00010000 " + strings.Repeat("01", 65536)},
	{"map empty", map[string]any{}, "A0"},
	{"map tiny", map[string]any{"a": []any{true}}, "A1 8161 91 C3"},
	{"structure", packstream.Structure{Tag: 'N', Fields: []any{int64(1), []any{}, map[string]any{}}}, "B3 4E 01 90 A0"},
	{"structure empty", packstream.Structure{Tag: 0x70, Fields: []any{}}, "B0 70"},
}

func list(n int) []any {
	l := make([]any, n)
	for i := range l {
		l[i] = int64(1)
	}
	return l
}

// readable are forms that are read but never written.
var readable = []struct {
	name  string
	value any
	hex   string
}{
	{"wide int", int64(1), "CB 0000000000000001"},
	{"wide string", "a", "D2 00000001 61"},
	{"wide list", []any{int64(1)}, "D6 00000001 01"},
	{"wide map", map[string]any{"a": int64(1)}, "DA 00000001 8161 01"},
	{"map 8", map[string]any{"a": int64(1)}, "D8 01 8161 01"},
	{"map 16", map[string]any{"a": int64(1)}, "D9 0001 8161 01"},
	{"structure 8", packstream.Structure{Tag: 'X', Fields: []any{int64(1)}}, "DC 01 58 01"},
	{"structure 16", packstream.Structure{Tag: 'X', Fields: []any{int64(1)}}, "DD 0001 58 01"},
	{"key twice", map[string]any{"a": int64(2)}, "A2 8161 01 8161 02"},
}

func TestAppendGolden(t *testing.T) {
	for _, g := range golden {
		b, err := packstream.Append([]byte("before"), g.value)
		require.NoError(t, err, g.name)
		require.Equal(t, "before", string(b[:6]), g.name)
		require.Equal(t, unhex(t, g.hex), b[6:], g.name)
	}
}

func TestReadGolden(t *testing.T) {
	for _, g := range append(golden, readable...) {
		data := unhex(t, g.hex)
		r := packstream.NewReader(data)
		v, err := r.Any()
		require.NoError(t, err, g.name)
		require.Equal(t, g.value, v, g.name)
		require.Zero(t, r.Len(), g.name)
		require.Equal(t, packstream.KindEnd, r.Kind(), g.name)

		r = packstream.NewReader(data)
		raw, err := r.Raw()
		require.NoError(t, err, g.name)
		require.Equal(t, data, []byte(raw), g.name)
	}
}

func TestEveryTruncationFails(t *testing.T) {
	for _, g := range append(golden, readable...) {
		data := unhex(t, g.hex)
		step := 1 + len(data)/200
		for n := 0; n < len(data); n += step {
			r := packstream.NewReader(data[:n:n])
			_, err := r.Any()
			require.ErrorIs(t, err, packstream.ErrTruncated, "%s cut at %d", g.name, n)
			r = packstream.NewReader(data[:n:n])
			require.ErrorIs(t, r.Skip(), packstream.ErrTruncated, "%s cut at %d", g.name, n)
		}
	}
}

func TestEveryMarkerIsKnownOrRefused(t *testing.T) {
	for marker := range 256 {
		data := append([]byte{byte(marker)}, make([]byte, 64)...)
		r := packstream.NewReader(data)
		kind := r.Kind()
		err := r.Skip()
		if kind == packstream.KindInvalid {
			require.ErrorIs(t, err, packstream.ErrMarker, "%02X", marker)
			continue
		}
		require.NoError(t, err, "%02X", marker)
	}
}

func TestAnotherKindIsRefused(t *testing.T) {
	reads := map[packstream.Kind]func(r *packstream.Reader) error{
		packstream.KindNull:   func(r *packstream.Reader) error { return r.Null() },
		packstream.KindBool:   func(r *packstream.Reader) error { _, err := r.Bool(); return err },
		packstream.KindInt:    func(r *packstream.Reader) error { _, err := r.Int(); return err },
		packstream.KindFloat:  func(r *packstream.Reader) error { _, err := r.Float(); return err },
		packstream.KindUUID:   func(r *packstream.Reader) error { _, err := r.UUID(); return err },
		packstream.KindString: func(r *packstream.Reader) error { _, err := r.String(); return err },
		packstream.KindBytes:  func(r *packstream.Reader) error { _, err := r.Bytes(); return err },
		packstream.KindList:   func(r *packstream.Reader) error { _, err := r.ListHeader(); return err },
		packstream.KindMap:    func(r *packstream.Reader) error { _, err := r.MapHeader(); return err },
		packstream.KindStruct: func(r *packstream.Reader) error { _, _, err := r.StructHeader(); return err },
	}
	for _, g := range golden {
		for kind, read := range reads {
			r := packstream.NewReader(unhex(t, g.hex))
			if r.Kind() == kind {
				require.NoError(t, read(&r), g.name)
				continue
			}
			err := read(&r)
			require.ErrorIs(t, err, packstream.ErrKind, g.name)
			var at *packstream.Error
			require.ErrorAs(t, err, &at)
			require.Zero(t, at.Offset)
		}
	}
}

// A claim of 4 GB costs nothing: it is checked against the bytes that are there.
func TestClaimsOfFourGigabytesAreRefused(t *testing.T) {
	for _, marker := range []string{"CE", "D2", "D6", "DA"} {
		data := unhex(t, marker+"FFFFFFFF 01 02 03")
		require.Zero(t, testing.AllocsPerRun(1, func() {
			r := packstream.NewReader(data)
			_ = r.Kind()
		}))
		r := packstream.NewReader(data)
		_, err := r.Any()
		require.ErrorIs(t, err, packstream.ErrTruncated, marker)
	}
	r := packstream.NewReader(unhex(t, "D9 0002 8161 01")) // two pairs need four bytes
	_, err := r.MapHeader()
	require.ErrorIs(t, err, packstream.ErrTruncated)
}

func TestDepthIsLimited(t *testing.T) {
	for _, opening := range []string{"91", "A1 80", "B1 4E"} {
		deep := append(bytes.Repeat(unhex(t, opening), packstream.MaxDepth), 0x01)
		r := packstream.NewReader(deep)
		_, err := r.Any()
		require.NoError(t, err, opening)
		r = packstream.NewReader(deep)
		require.NoError(t, r.Skip(), opening)

		for _, n := range []int{packstream.MaxDepth + 1, 1_000_000} {
			bomb := append(bytes.Repeat(unhex(t, opening), n), 0x01)
			r = packstream.NewReader(bomb)
			_, err = r.Any()
			require.ErrorIs(t, err, packstream.ErrDepth, opening)
			r = packstream.NewReader(bomb)
			require.ErrorIs(t, r.Skip(), packstream.ErrDepth, opening)
		}
	}
}

func TestAppendSaysWhatItCannotSend(t *testing.T) {
	_, err := packstream.Append(nil, map[string]any{"a": []any{1, struct{}{}}})
	var unsupported *packstream.UnsupportedTypeError
	require.ErrorAs(t, err, &unsupported)
	require.Equal(t, "a[1]", unsupported.Path)
	_, err = packstream.Append(nil, uint64(math.MaxUint64))
	require.ErrorAs(t, err, &unsupported)
	require.Contains(t, unsupported.Reason, "18446744073709551615")
}

func TestAppendTakesEveryNumberType(t *testing.T) {
	for _, v := range []any{int(5), int8(5), int16(5), int32(5), uint(5), uint8(5), uint16(5), uint32(5), uint64(5)} {
		b, err := packstream.Append(nil, v)
		require.NoError(t, err)
		require.Equal(t, []byte{5}, b)
	}
	b, err := packstream.Append(nil, float32(0.5))
	require.NoError(t, err)
	require.Equal(t, packstream.AppendFloat(nil, 0.5), b)
	b, err = packstream.Append(nil, []any{packstream.Raw{0xC3}, []string{"a"}})
	require.NoError(t, err)
	require.Equal(t, unhex(t, "92 C3 91 8161"), b)
}

func TestUUIDText(t *testing.T) {
	require.Equal(t, "12340000-0000-0000-0000-0000000000ff", packstream.UUID{0x12, 0x34, 15: 0xFF}.String())
}

func FuzzReader(f *testing.F) {
	for _, g := range append(golden, readable...) {
		if data := unhex(f, g.hex); len(data) < 1000 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := packstream.NewReader(data)
		v, err := r.Any()
		skipper := packstream.NewReader(data)
		skipped := skipper.Skip()
		if err != nil {
			var at *packstream.Error
			if !errors.As(err, &at) || at.Offset > len(data) {
				t.Fatalf("error %v", err)
			}
			return
		}
		if skipped != nil || skipper.Offset() != r.Offset() {
			t.Fatalf("Any read %d bytes, Skip %d: %v", r.Offset(), skipper.Offset(), skipped)
		}
		again, err := packstream.Append(nil, v)
		if structure, is := v.(packstream.Structure); is && len(structure.Fields) > 15 {
			return
		}
		if err != nil {
			if hasWideStructure(v) {
				return
			}
			t.Fatal(err)
		}
		r = packstream.NewReader(again)
		same, err := r.Any()
		if err != nil || !equal(v, same) {
			t.Fatalf("%#v became %#v: %v", v, same, err)
		}
	})
}

func hasWideStructure(v any) bool {
	switch v := v.(type) {
	case packstream.Structure:
		return len(v.Fields) > 15 || hasWideStructure(v.Fields)
	case []any:
		for _, item := range v {
			if hasWideStructure(item) {
				return true
			}
		}
	case map[string]any:
		for _, item := range v {
			if hasWideStructure(item) {
				return true
			}
		}
	}
	return false
}

// equal compares as reflect.DeepEqual does, but takes NaN for equal to itself.
func equal(a, b any) bool {
	if x, is := a.(float64); is {
		y, is := b.(float64)
		return is && math.Float64bits(x) == math.Float64bits(y)
	}
	switch x := a.(type) {
	case []any:
		y, is := b.([]any)
		if !is || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		y, is := b.(map[string]any)
		if !is || len(x) != len(y) {
			return false
		}
		for key := range x {
			if !equal(x[key], y[key]) {
				return false
			}
		}
		return true
	case packstream.Structure:
		y, is := b.(packstream.Structure)
		return is && x.Tag == y.Tag && equal(x.Fields, y.Fields)
	}
	return reflect.DeepEqual(a, b)
}

func BenchmarkReadInts(b *testing.B) {
	record := unhex(b, "93 C9 1234 CA 00123456 05")
	b.ReportAllocs()
	for b.Loop() {
		r := packstream.NewReader(record)
		n, _ := r.ListHeader()
		for range n {
			_, _ = r.Int()
		}
	}
}
