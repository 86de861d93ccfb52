package client_test

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

func recordOf(t *testing.T, keys []string, fields ...any) *client.Record {
	t.Helper()
	raw, err := packstream.Append(nil, fields)
	require.NoError(t, err)
	return client.NewRecord(keys, raw)
}

func TestRecord(t *testing.T) {
	r := recordOf(t, []string{"name", "age", "tags"}, "Ada", 36, []any{"a", nil})
	require.Equal(t, []string{"name", "age", "tags"}, r.Keys())
	values, err := r.Values()
	require.NoError(t, err)
	require.Equal(t, []any{"Ada", int64(36), []any{"a", nil}}, values)
	v, err := r.Get("age")
	require.NoError(t, err)
	require.Equal(t, int64(36), v)
	v, err = r.Value(0)
	require.NoError(t, err)
	require.Equal(t, "Ada", v)
	m, err := r.AsMap()
	require.NoError(t, err)
	require.Equal(t, map[string]any{"name": "Ada", "age": int64(36), "tags": []any{"a", nil}}, m)

	var wrong *client.ArgumentError
	_, err = r.Get("height")
	require.ErrorAs(t, err, &wrong)
	for _, i := range []int{-1, 3} {
		_, err = r.Value(i)
		require.ErrorAs(t, err, &wrong)
	}
}

func TestEmptyRecord(t *testing.T) {
	r := recordOf(t, nil)
	values, err := r.Values()
	require.NoError(t, err)
	require.Empty(t, values)
	require.NoError(t, r.Scan())
}

func TestScan(t *testing.T) {
	r := recordOf(t, []string{"a", "b", "c", "d", "e", "f", "g", "h"}, 1, 2, 1.5, true, "text", []byte{1, 2}, nil,
		[]any{1})
	var (
		a       int64
		b       int
		c       float64
		d       bool
		e       string
		f       []byte
		g, rest client.Any
	)
	g.Value = "something"
	require.NoError(t, r.Scan(&a, &b, &c, &d, &e, &f, &g, &rest))
	require.Equal(t, []any{int64(1), 2, 1.5, true, "text", []byte{1, 2}, nil, []any{int64(1)}},
		[]any{a, b, c, d, e, f, g.Value, rest.Value})
	f[0] = 9
	var again []byte
	require.NoError(t, r.Scan(nil, nil, nil, nil, nil, &again))
	require.Equal(t, []byte{1, 2}, again, "Scan gives a copy")

	var wrong *client.ArgumentError
	require.ErrorAs(t, r.Scan(&e), &wrong)
	require.Equal(t, "dest[0]", wrong.Argument)
	require.ErrorAs(t, r.Scan(nil, nil, nil, nil, nil, nil, &a), &wrong, "null has no place in an int64")
	require.ErrorAs(t, r.Scan(nil, nil, nil, nil, nil, nil, nil, nil, &a), &wrong)
	require.ErrorAs(t, r.Scan(a), &wrong)
}

func TestScanCopiesNoLargeText(t *testing.T) {
	for _, size := range []int{packstream.SharedText - 1, packstream.SharedText} {
		r := recordOf(t, []string{"text"}, strings.Repeat("é", size/2)+strings.Repeat("x", size%2))
		var text string
		require.NoError(t, r.Scan(&text))
		require.Len(t, text, size)
		raw := r.Raw()
		shared := unsafe.StringData(text) == &raw[len(raw)-size]
		require.Equal(t, size >= packstream.SharedText, shared, "a text of %d bytes", size)
	}
	r := recordOf(t, []string{"text"}, strings.Repeat("\xFF", packstream.SharedText))
	var text string
	require.NoError(t, r.Scan(&text))
	require.Equal(t, strings.Repeat("\uFFFD", packstream.SharedText), text)
}

func TestUndecodableRecord(t *testing.T) {
	r := client.NewRecord([]string{"a"}, packstream.Raw{0x91})
	var broken *client.ProtocolError
	_, err := r.Values()
	require.ErrorAs(t, err, &broken)
	_, err = r.Get("a")
	require.ErrorAs(t, err, &broken)
	_, err = r.AsMap()
	require.ErrorAs(t, err, &broken)
	require.ErrorAs(t, client.NewRecord(nil, nil).Scan(), &broken)
	var n int64
	require.ErrorAs(t, r.Scan(&n), &broken, "cut off, not of another type")
}
