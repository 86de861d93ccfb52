package values_test

import (
	"math"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

func TestPathsOfErrors(t *testing.T) {
	bad := struct{}{}
	for _, c := range []struct {
		parameters map[string]any
		path       string
	}{
		{map[string]any{"people": []any{1, 2, 3, map[string]any{"born": bad}}}, "$people[3].born"},
		{map[string]any{"people": []map[string]any{{}, {"born": bad}}}, "$people[1].born"},
		{map[string]any{"people": map[string][]any{"a": {bad}}}, "$people.a[0]"},
		{map[string]any{"first name": bad}, "$`first name`"},
		{map[string]any{"a": map[string]any{"b`c": bad}}, "$a.`b``c`"},
		{map[string]any{"a": map[string]any{"1st": bad}}, "$a.`1st`"},
		{map[string]any{"größe": bad}, "$größe"},
		{map[string]any{"a": []string{"ok", "\xFF"}}, "$a[1]"},
		{map[string]any{"a": &[]any{&bad}}, "$a[0]"},
		{map[string]any{"a": [1]any{bad}}, "$a[0]"},
		{map[string]any{"a": packstream.Raw{}}, "$a"},
		{map[string]any{"a": packstream.Raw(nil)}, "$a"},
	} {
		_, err := values.AppendMap(nil, c.parameters, modern)
		var unsendable *values.Error
		require.ErrorAs(t, err, &unsendable)
		require.Equal(t, c.path, unsendable.Path)
	}
	_, err := values.Append(nil, map[string]any{"a": bad}, modern)
	require.EqualError(t, err, "a cannot be sent: it is a struct {}; send maps, lists, texts, numbers, booleans, or "+
		"temporal and spatial values")
	_, err = values.Append(nil, bad, modern)
	require.ErrorContains(t, err, "the value cannot be sent: ")
}

func TestTextsMustBeUTF8(t *testing.T) {
	for _, v := range []any{"\xFF", []string{"\xED\xA0\xBD"}, map[string]any{"\xFF": 1}, map[string]int{"\xFF": 1},
		named("\xC0\x80")} {
		_, err := values.Append(nil, v, modern)
		require.ErrorContains(t, err, "UTF-8", "%q", v)
	}
	b, err := values.Append(nil, "é\x00😀\uFFFD", modern)
	require.NoError(t, err)
	v, err := read(b)
	require.NoError(t, err)
	require.Equal(t, "é\x00😀\uFFFD", v)
}

type (
	blob    []byte
	address [4]byte
	scores  []float32
	table   map[named]scores
)

func TestNamedAndEmptyTypes(t *testing.T) {
	var noNode *dbtype.Node
	duration := 90 * time.Minute
	for _, c := range []struct{ value, read any }{
		{blob{1, 2}, []byte{1, 2}}, {address{127, 0, 0, 1}, []byte{127, 0, 0, 1}}, {&blob{1}, []byte{1}},
		{[]named(nil), []any{}},
		{table{"a": {0.5, 2}}, map[string]any{"a": []any{0.5, 2.0}}}, {table(nil), map[string]any{}},
		{map[string]any(nil), map[string]any{}},
		{[]any(nil), []any{}}, {[]string(nil), []any{}}, {noNode, nil}, {&duration, dbtype.Duration{Seconds: 5400}},
		{-1500 * time.Millisecond, dbtype.Duration{Seconds: -1, Nanos: -500_000_000}}, {time.March, int64(3)},
		{[]int64{-1}, []any{int64(-1)}}, {[]int{1}, []any{int64(1)}}, {[]float64{1}, []any{1.0}},
		{[]time.Month{1}, []any{int64(1)}},
		{uint64(math.MaxInt64), int64(math.MaxInt64)}, {uint8(200), int64(200)}, {[0]int{}, []any{}},
		{map[string]string{"a": "b"}, map[string]any{"a": "b"}},
		{&dbtype.Point2D{X: 1, Y: 2, SpatialRefId: math.MaxUint32},
			dbtype.Point2D{X: 1, Y: 2, SpatialRefId: math.MaxUint32}},
		{values.Vector{Elements: []float32{}}, values.Vector{Elements: []float32{}}},
	} {
		b, err := values.Append(nil, c.value, modern)
		require.NoError(t, err, "%#v", c.value)
		v, err := read(b)
		require.NoError(t, err, "%#v", c.value)
		require.Equal(t, c.read, v, "%#v", c.value)
	}
	b, err := values.AppendMap([]byte{7}, nil, modern)
	require.NoError(t, err)
	require.Equal(t, []byte{7, 0xA0}, b)
}

// dbtype's types are time.Time underneath; what they show is sent, whatever zone they are in.
func TestTemporalTypesInAnyZone(t *testing.T) {
	west := time.FixedZone("", -8*3600)
	moment := time.Date(1965, 3, 4, 23, 30, 15, 9, west)
	for _, c := range []struct {
		value any
		hex   string
	}{
		{dbtype.Date(moment), "B1 44 C9 F91C"}, // 1764 days before 1970
		{dbtype.LocalTime(moment), "B1 74 CB 00004CF4F7048609"},
		{dbtype.Time(moment), "B2 54 CB 00004CF4F7048609 C9 8F80"},
		{dbtype.LocalDateTime(moment), "B2 64 CA F6EBB487 09"},
	} {
		b, err := values.Append(nil, c.value, modern)
		require.NoError(t, err)
		require.Equal(t, unhex(t, c.hex), b, "%T", c.value)
	}
}
