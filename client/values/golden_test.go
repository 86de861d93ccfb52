package values_test

//lint:file-ignore SA1019 Numeric ids are part of what a server sends.

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

var modern = values.Dialect{UTC: true, Vector: true, UUID: true}

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	require.NoError(t, err)
	return b
}

func read(data []byte) (any, error) {
	r := packstream.NewReader(data)
	return values.Read(&r)
}

func offset(seconds int) *time.Location { return time.FixedZone("Offset", seconds) }

func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	return zone
}

// sendable are values that go both ways in Bolt 5.0 and later.
func sendable(t testing.TB) []struct {
	name  string
	value any
	hex   string
} {
	return []struct {
		name  string
		value any
		hex   string
	}{
		{"date", dbtype.Date(time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC)), "B1 44 01"},
		{"date before 1970", dbtype.Date(time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC)), "B1 44 FF"},
		{"time", dbtype.Time(time.Date(0, 0, 0, 1, 0, 0, 5, offset(3600))), "B2 54 CB 0000034630B8A005 C9 0E10"},
		{"local time", dbtype.LocalTime(time.Date(0, 0, 0, 0, 0, 1, 0, time.Local)), "B1 74 CA 3B9ACA00"},
		{"local date time", dbtype.LocalDateTime(time.Date(1970, 1, 1, 0, 1, 0, 7, time.Local)), "B2 64 3C 07"},
		{"date time", time.Date(1970, 1, 1, 2, 0, 0, 7, offset(7200)), "B3 49 00 07 C9 1C20"},
		{"date time with zone", time.Date(1970, 1, 1, 1, 0, 0, 7, berlin(t)),
			"B3 69 00 07 8D 4575726F70652F4265726C696E"},
		{"duration", dbtype.Duration{Months: 1, Days: 2, Seconds: 3, Nanos: 4}, "B4 45 01 02 03 04"},
		{"duration back", dbtype.Duration{Months: -1, Days: -2, Seconds: -3, Nanos: 999_999_999},
			"B4 45 FF FE FD CA 3B9AC9FF"},
		{"point 2D", dbtype.Point2D{SpatialRefId: 7203, X: 1, Y: 2},
			"B3 58 C9 1C23 C1 3FF0000000000000 C1 4000000000000000"},
		{"point 3D", dbtype.Point3D{SpatialRefId: 9157, X: 1, Y: 2, Z: 3},
			"B4 59 C9 23C5 C1 3FF0000000000000 C1 4000000000000000 C1 4008000000000000"},
		{"vector int8", values.Vector{Elements: []int8{1, -1}}, "B2 56 CC01C8 CC02 01FF"},
		{"vector int16", values.Vector{Elements: []int16{1, -1}}, "B2 56 CC01C9 CC04 0001FFFF"},
		{"vector int32", values.Vector{Elements: []int32{1}}, "B2 56 CC01CA CC04 00000001"},
		{"vector int64", values.Vector{Elements: []int64{1}}, "B2 56 CC01CB CC08 0000000000000001"},
		{"vector float32", values.Vector{Elements: []float32{1}}, "B2 56 CC01C6 CC04 3F800000"},
		{"vector float64", values.Vector{Elements: []float64{1}}, "B2 56 CC01C1 CC08 3FF0000000000000"},
		{"uuid", values.UUID{1, 15: 2}, "E0 01000000000000000000000000000002"},
		{"nested", map[string]any{"a": []any{nil, true, int64(1), 1.5, "x", []byte{1}}},
			"A1 8161 96 C0 C3 01 C1 3FF8000000000000 8178 CC0101"},
	}
}

func TestSendableGoldenBothWays(t *testing.T) {
	for _, g := range sendable(t) {
		data := unhex(t, g.hex)
		v, err := read(data)
		require.NoError(t, err, g.name)
		requireSame(t, g.name, g.value, v)
		b, err := values.Append(nil, g.value, modern)
		require.NoError(t, err, g.name)
		require.Equal(t, data, b, g.name)
		for n := range data {
			_, err := read(data[:n:n])
			require.ErrorIs(t, err, packstream.ErrTruncated, "%s cut at %d", g.name, n)
		}
	}
}

// requireSame compares times by moment, offset and zone name, since equal zones may be different pointers.
func requireSame(t testing.TB, name string, want, got any) {
	t.Helper()
	if w, is := want.(time.Time); is {
		g, is := got.(time.Time)
		require.True(t, is, name)
		require.True(t, w.Equal(g), "%s: %v, want %v", name, g, w)
		require.Equal(t, w.String(), g.String(), name)
		return
	}
	if w := reflect.ValueOf(want); w.Kind() == reflect.Struct && w.CanConvert(reflect.TypeFor[time.Time]()) {
		require.IsType(t, want, got, name)
		requireSame(t, name, w.Convert(reflect.TypeFor[time.Time]()).Interface(),
			reflect.ValueOf(got).Convert(reflect.TypeFor[time.Time]()).Interface())
		return
	}
	require.Equal(t, want, got, name)
}

func TestGraphGolden(t *testing.T) {
	a := dbtype.Node{Id: 1, ElementId: "e1", Labels: []string{"A"}, Props: map[string]any{"p": int64(2)}}
	b := dbtype.Node{Id: 2, ElementId: "e2", Labels: []string{}, Props: map[string]any{}}
	forth := dbtype.Relationship{Id: 9, ElementId: "r9", StartId: 1, StartElementId: "e1", EndId: 2, EndElementId: "e2",
		Type: "T", Props: map[string]any{}}
	const nodeA, nodeB = "B4 4E 01 91 8141 A1 8170 02 82 6531", "B4 4E 02 90 A0 82 6532"
	const unbound = "B4 72 09 8154 A0 82 7239"
	old := forth
	old.ElementId, old.StartElementId, old.EndElementId = "9", "1", "2"
	for _, g := range []struct {
		name  string
		value any
		hex   string
	}{
		{"node", a, nodeA},
		{"node before 5.0", dbtype.Node{Id: 1, ElementId: "1", Labels: []string{"A"}, Props: map[string]any{}},
			"B3 4E 01 91 8141 A0"},
		{"node without numeric id", dbtype.Node{Id: -1, ElementId: "e1", Labels: []string{}, Props: map[string]any{}},
			"B4 4E C0 90 A0 82 6531"},
		{"relationship", forth, "B8 52 09 01 02 8154 A0 82 7239 82 6531 82 6532"},
		{"relationship before 5.0", old, "B5 52 09 01 02 8154 A0"},
		{"path of one node", dbtype.Path{Nodes: []dbtype.Node{a}, Relationships: []dbtype.Relationship{}},
			"B3 50 91 " + nodeA + " 90 90"},
		{"path forth and back", dbtype.Path{Nodes: []dbtype.Node{a, b, a},
			Relationships: []dbtype.Relationship{forth, forth}},
			"B3 50 92 " + nodeA + nodeB + " 91 " + unbound + " 94 01 01 FF 00"},
		{"unknown structure", values.Unknown{Tag: '!', Fields: []any{int64(1), "a"}}, "B2 21 01 8161"},
		{"unsupported", values.Unsupported{Name: "UUID", MinimumBolt: "6.1", ExtraMessage: "no"},
			"B4 3F 84 55554944 06 01 A1 87 6D657373616765 82 6E6F"},
	} {
		data := unhex(t, g.hex)
		v, err := read(data)
		require.NoError(t, err, g.name)
		require.Equal(t, g.value, v, g.name)
		for n := range data {
			_, err := read(data[:n:n])
			require.ErrorIs(t, err, packstream.ErrTruncated, "%s cut at %d", g.name, n)
		}
		_, err = values.Append(nil, g.value, modern)
		var unsendable *values.Error
		require.ErrorAs(t, err, &unsendable, g.name)
	}
}

func TestMalformedPathsAreRefused(t *testing.T) {
	const node, unbound = "B4 4E 01 90 A0 8131", "B4 72 09 8154 A0 8139"
	for _, steps := range []string{"92 00 00", "92 02 00", "92 FE 00", "92 01 01", "92 01 FF", "91 01",
		"92 CB 8000000000000000 00", "92 01 CB 7FFFFFFFFFFFFFFF"} {
		_, err := read(unhex(t, "B3 50 91"+node+"91"+unbound+steps))
		require.ErrorIs(t, err, packstream.ErrRange, steps)
	}
	_, err := read(unhex(t, "B3 50 90 90 90"))
	require.ErrorIs(t, err, packstream.ErrRange, "no nodes")
	_, err = read(unhex(t, "B3 50 91"+unbound+"90 90"))
	require.ErrorIs(t, err, packstream.ErrKind, "a relationship for a node")
}

func TestMalformedValuesAreRefused(t *testing.T) {
	for _, text := range []string{
		"B1 44 CB 7FFFFFFFFFFFFFFF",                             // a date beyond all time
		"B3 49 00 00 CA 7FFFFFFF",                               // an offset of years
		"B2 54 00 CA 7FFFFFFF",                                  // likewise
		"B3 58 FF C1 3FF0000000000000 C1 " + "0000000000000000", // a reference system below zero
		"B2 56 CC02C8C8 CC01 01",                                // two types of elements
		"B2 56 CC01C9 CC03 010203",                              // half an element
	} {
		_, err := read(unhex(t, text))
		require.ErrorIs(t, err, packstream.ErrRange, text)
	}
	_, err := read(unhex(t, "B2 56 CC0100 CC00"))
	require.ErrorIs(t, err, packstream.ErrMarker, "an unknown type of elements")
	_, err = read(unhex(t, "C7"))
	require.ErrorIs(t, err, packstream.ErrMarker)
	_, err = read([]byte(strings.Repeat("\x91", 1_000_000)))
	require.ErrorIs(t, err, packstream.ErrDepth)
}

func TestUnknownZoneIsAnInvalidValue(t *testing.T) {
	v, err := read(unhex(t, "B3 69 00 00 84 4D617273"))
	require.NoError(t, err)
	invalid, is := v.(*dbtype.InvalidValue)
	require.True(t, is)
	require.Contains(t, invalid.Message, "Mars")
}

// On the night when clocks go back, the same local time comes twice; when they go forward, an hour is left out.
func TestDateTimesAroundClockChanges(t *testing.T) {
	zone := berlin(t)
	first := time.Date(2024, 10, 27, 0, 30, 0, 0, time.UTC).In(zone) // 02:30 summer time
	second := first.Add(time.Hour)                                   // 02:30 winter time
	require.Equal(t, first.Format(time.TimeOnly), second.Format(time.TimeOnly))
	for _, moment := range []time.Time{first, second, time.Date(2024, 3, 31, 0, 59, 59, 0, time.UTC).In(zone),
		time.Date(2024, 3, 31, 1, 0, 0, 0, time.UTC).In(zone)} {
		b, err := values.Append(nil, moment, modern)
		require.NoError(t, err)
		v, err := read(b)
		require.NoError(t, err)
		requireSame(t, "utc", moment, v)
		b, err = values.Append(nil, moment.In(offset(3600)), values.Dialect{})
		require.NoError(t, err)
		v, err = read(b)
		require.NoError(t, err)
		requireSame(t, "legacy with offset", moment.In(offset(3600)), v)
	}
	legacy, err := values.Append(nil, time.Date(2024, 7, 1, 12, 0, 0, 0, zone), values.Dialect{})
	require.NoError(t, err)
	require.Equal(t, byte('f'), legacy[1])
	v, err := read(legacy)
	require.NoError(t, err)
	requireSame(t, "legacy with zone", time.Date(2024, 7, 1, 12, 0, 0, 0, zone), v)
}

type (
	named  string
	number uint16
)

func TestAppendTakesGoTypes(t *testing.T) {
	seven := 7
	var none *int
	for _, c := range []struct{ value, read any }{
		{&seven, int64(7)}, {none, nil}, {named("a"), "a"}, {number(9), int64(9)}, {float32(0.5), 0.5},
		{[]string{"a"}, []any{"a"}}, {[]named{"a"}, []any{"a"}}, {[2]int{1, 2}, []any{int64(1), int64(2)}},
		{map[named]int{"k": 1}, map[string]any{"k": int64(1)}}, {[]map[string]any{{}}, []any{map[string]any{}}},
		{time.Duration(1_500_000_000), dbtype.Duration{Seconds: 1, Nanos: 500_000_000}},
		{packstream.Raw{0xC3}, true}, {[]byte(nil), []byte{}},
	} {
		b, err := values.Append(nil, c.value, modern)
		require.NoError(t, err)
		v, err := read(b)
		require.NoError(t, err)
		require.Equal(t, c.read, v)
	}
}

func TestWhatCannotBeSentSaysWhere(t *testing.T) {
	cyclic := map[string]any{}
	cyclic["self"] = cyclic
	for _, c := range []struct {
		value any
		path  string
		says  string
	}{
		{[]any{1, map[string]any{"f": func() {}}}, "$p[1].f", "func()"},
		{make(chan int), "$p", "chan int"},
		{struct{}{}, "$p", "struct"},
		{uint64(math.MaxUint64), "$p", "18446744073709551615"},
		{map[int]string{1: "a"}, "$p", "keys"},
		{[]any{dbtype.Node{}}, "$p[0]", "element id"},
		{cyclic, "", "contains itself"},
		{complex(1, 1), "$p", "complex"},
	} {
		_, err := values.AppendMap(nil, map[string]any{"p": c.value}, modern)
		var unsendable *values.Error
		require.ErrorAs(t, err, &unsendable)
		require.Contains(t, unsendable.Message, c.says)
		if c.path != "" {
			require.Equal(t, c.path, unsendable.Path)
		}
	}
	_, err := values.Append(nil, values.Vector{Elements: []int8{1}}, values.Dialect{UTC: true})
	require.ErrorContains(t, err, "Bolt 6.0")
	_, err = values.Append(nil, values.UUID{}, values.Dialect{UTC: true})
	require.ErrorContains(t, err, "Bolt 6.1")
	_, err = values.Append(nil, values.Vector{Elements: "x"}, modern)
	require.ErrorContains(t, err, "Elements")
}

func TestReadListReusesItsSlice(t *testing.T) {
	record := unhex(t, "93 01 8161 C0")
	dst := make([]any, 0, 3)
	r := packstream.NewReader(record)
	got, err := values.ReadList(&r, dst)
	require.NoError(t, err)
	require.Equal(t, []any{int64(1), "a", nil}, got)
	require.Same(t, &dst[:1][0], &got[0])
}

// The texts of a record do not keep more than the record alive, and do not change with its bytes.
func TestTextsAreCopies(t *testing.T) {
	record := unhex(t, "92 8161 8162")
	r := packstream.NewReader(record)
	got, err := values.ReadList(&r, nil)
	require.NoError(t, err)
	clear(record)
	require.Equal(t, []any{"a", "b"}, got)
}

func FuzzRead(f *testing.F) {
	for _, g := range sendable(f) {
		f.Add(unhex(f, g.hex))
	}
	f.Add(unhex(f, "B3 50 91 B4 4E 01 90 A0 8131 91 B4 72 09 8154 A0 8139 92 01 00"))
	for _, text := range []string{"B3 66 CA 6602239E 00 8C 4575726F70652F5061726973", "B3 46 C9 1C20 07 C9 1C20",
		"B4 3F 81 55 06 01 A0", "B1 21 A1 82 C361 C3"} {
		f.Add(unhex(f, text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := read(data)
		if err != nil {
			if at, is := errors.AsType[*packstream.Error](err); !is || at.Offset < 0 || at.Offset > len(data) {
				t.Fatalf("error %v", err)
			}
			return
		}
		b, err := values.Append(nil, v, modern)
		if err != nil {
			if _, is := errors.AsType[*values.Error](err); !is {
				t.Fatalf("error %v", err)
			}
			return // graph types, and what could not be understood
		}
		again, err := read(b)
		if err != nil || !reflect.DeepEqual(v, again) && !notANumber(v, again) {
			t.Fatalf("%#v became %#v: %v", v, again, err)
		}
	})
}

// notANumber reports whether two values print alike and hold NaN, which is never equal to itself.
func notANumber(a, b any) bool {
	text := fmt.Sprint(a)
	return strings.Contains(text, "NaN") && text == fmt.Sprint(b)
}
