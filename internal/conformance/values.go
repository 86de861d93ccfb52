package conformance

import (
	"errors"
	"math"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/values"
)

var valueChecks = []check{
	{"PlainRoundTrips", testPlainRoundTrips},
	{"StructureRoundTrips", testStructureRoundTrips},
	{"DateTimes", testDateTimes},
	{"PropertiesKeepTheirTypes", testServerMadeProperties},
	{"LongText", testLongText},
	{"BigCollections", testBigCollections},
	{"GraphValues", testGraphValues},
	{"GraphValuesWithoutProperties", testBareGraphValues},
	{"Vectors", testVectors},
	{"UUIDs", testUUIDs},
	{"VectorsNeedBolt6", testVectorsNeedBolt6},
	{"UnsendableParameters", testUnsendableParameters},
}

// longText has characters of one to four bytes, and is longer than a chunk of Bolt.
var longText = strings.Repeat("0123456789abcdef é 漢 💩 \x00 \"\\\n", 4000)

// plainValues are what JSON's types and PackStream's can hold, and every server takes over every protocol.
var plainValues = []any{
	nil, true, false,
	int64(0), int64(1), int64(-1), int64(-16), int64(-17), int64(127), int64(128), int64(-128), int64(-129),
	int64(32767), int64(32768), int64(-32768), int64(-32769), int64(math.MaxInt32), int64(math.MaxInt32) + 1,
	int64(math.MinInt32), int64(math.MinInt32) - 1,
	int64(1<<53 - 1), int64(1 << 53), int64(1<<53 + 1), int64(-1<<53 - 1), int64(math.MaxInt64), int64(math.MinInt64),
	0.5, -1.25, 1e300, 5e-324, math.MaxFloat64, 3.141592653589793,
	"", "a", "é", "漢字", "💩", "a\x00b", "\"quoted\\\" \n\t\u2028", strings.Repeat("x", 15), strings.Repeat("x", 16),
	strings.Repeat("x", 255), strings.Repeat("é", 256), strings.Repeat("x", 65536),
	[]any{}, []any{nil}, []any{int64(1), "two", 3.5, []any{nil, true}}, []any{[]any{[]any{[]any{}}}},
	map[string]any{}, map[string]any{"a": int64(1)}, map[string]any{
		"": "empty key", "é💩": nil, "nested": map[string]any{"list": []any{map[string]any{}}}},
}

func testPlainRoundTrips(r *run) {
	cx := r.open()
	for _, want := range plainValues {
		require.Equal(r, want, r.value(cx, "RETURN $x AS x", map[string]any{"x": want}))
	}
	require.Equal(r, plainValues, r.value(cx, "RETURN $x AS x", map[string]any{"x": plainValues}))
	if r.HTTP() {
		return // JSON has no words for these, and each server has its own
	}
	for _, special := range []float64{math.Inf(1), math.Inf(-1), math.Copysign(0, -1)} {
		got := r.value(cx, "RETURN $x AS x", map[string]any{"x": special}).(float64)
		require.Equal(r, math.Float64bits(special), math.Float64bits(got))
	}
	require.True(r, math.IsNaN(r.value(cx, "RETURN $x AS x", map[string]any{"x": math.NaN()}).(float64)))
	require.Equal(r, []byte{}, r.value(cx, "RETURN $x AS x", map[string]any{"x": []byte{}}))
	long := make([]byte, 70_000)
	for i := range long {
		long[i] = byte(i * 7)
	}
	require.Equal(r, long, r.value(cx, "RETURN $x AS x", map[string]any{"x": long}))
}

var structureValues = []any{
	dbtype.Point2D{X: 1.5, Y: -2.5, SpatialRefId: 7203}, dbtype.Point3D{X: 1, Y: 2, Z: 3.25, SpatialRefId: 9157},
	dbtype.Point2D{X: 12.99, Y: 55.61, SpatialRefId: 4326}, dbtype.Point3D{
		X: 12.99, Y: 55.61, Z: 110, SpatialRefId: 4979},
	dbtype.Date(time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)), dbtype.Date(time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC)),
	dbtype.Date(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)), dbtype.Date(time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)),
	dbtype.LocalTime(time.Date(0, 0, 0, 0, 0, 0, 0, time.Local)),
	dbtype.LocalTime(time.Date(0, 0, 0, 23, 59, 59, 999_999_999, time.Local)),
	dbtype.Time(time.Date(0, 0, 0, 12, 34, 56, 789, time.FixedZone("Offset", 5400))),
	dbtype.Time(time.Date(0, 0, 0, 0, 0, 0, 0, time.FixedZone("Offset", -18*3600))),
	dbtype.LocalDateTime(time.Date(2026, 11, 22, 21, 30, 15, 123_456_789, time.Local)),
	dbtype.LocalDateTime(time.Date(1815, 12, 10, 0, 0, 0, 1, time.Local)),
	dbtype.Duration{}, dbtype.Duration{Months: 14, Days: -3, Seconds: 70, Nanos: 5},
	dbtype.Duration{Months: -1, Days: 400, Seconds: -1, Nanos: 999_999_999},
	dbtype.Duration{Seconds: 1 << 40},
}

func testStructureRoundTrips(r *run) {
	cx := r.open()
	for _, want := range structureValues {
		result, err := cx.RunProg(r.ctx, "", "RETURN $x AS x, [$x] AS list, {k: $x} AS map", map[string]any{"x": want},
			true)
		if unsupported, ok := errors.AsType[*client.UnsupportedError](err); r.HTTP() && r.Is4() && ok {
			require.NotEmpty(r, unsupported.Message)
			r.Skip("4.4 takes no such parameters over HTTP")
		}
		require.NoError(r, err, want)
		rows := r.all(result)
		requireSame(r, want, rows[0][0])
		requireSame(r, []any{want}, rows[0][1])
		requireSame(r, map[string]any{"k": want}, rows[0][2])
	}
}

// requireSame compares values, and times by what they show: equal clocks in equal zones.
func requireSame(r *run, want, got any) {
	r.Helper()
	require.Equal(r, shown(want), shown(got))
}

// shown turns times into text.
func shown(v any) any {
	const layout = "2006-01-02T15:04:05.999999999Z07:00:00"
	switch v := v.(type) {
	case time.Time:
		zone := v.Location().String()
		return "DateTime " + v.Format(layout) + " " + zone
	case dbtype.Date:
		return "Date " + time.Time(v).Format(time.DateOnly)
	case dbtype.LocalTime:
		return "LocalTime " + time.Time(v).Format("15:04:05.999999999")
	case dbtype.Time:
		return "Time " + time.Time(v).Format("15:04:05.999999999Z07:00:00")
	case dbtype.LocalDateTime:
		return "LocalDateTime " + time.Time(v).Format("2006-01-02T15:04:05.999999999")
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = shown(v[i])
		}
		return list
	case map[string]any:
		m := make(map[string]any, len(v))
		for key := range v {
			m[key] = shown(v[key])
		}
		return m
	}
	return v
}

func testDateTimes(r *run) {
	cx := r.open()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(r, err)
	dateTimes := []time.Time{
		time.Date(2026, 11, 22, 21, 30, 15, 123_456_789, time.FixedZone("Offset", 3600)),
		time.Date(1969, 7, 20, 20, 17, 40, 0, time.FixedZone("Offset", -5*3600-1800)),
		time.Date(2026, 7, 1, 12, 0, 0, 1, berlin),
		time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	if !r.Is4() { // which takes the first of the two for both
		twice := time.Date(2026, 10, 25, 2, 30, 0, 0, berlin)
		dateTimes = append(dateTimes, twice, twice.Add(-time.Hour))
	}
	if !r.HTTP() || !r.Is4() {
		for _, want := range dateTimes {
			got, ok := r.value(cx, "RETURN $x AS x", map[string]any{"x": want}).(time.Time)
			require.True(r, ok)
			require.True(r, want.Equal(got) && want.Format(time.RFC3339Nano) == got.Format(time.RFC3339Nano),
				"%v became %v", want, got)
		}
	}
	rows := r.rows(cx, "RETURN datetime('2026-07-01T12:00:00.5+02:00'), "+
		"datetime('2026-07-01T12:00:00[Europe/Berlin]'), datetime('2026-07-01T12:00:00Z')", nil)
	require.Equal(r, "2026-07-01T12:00:00.5+02:00", rows[0][0].(time.Time).Format(time.RFC3339Nano))
	require.Equal(r, "2026-07-01T12:00:00+02:00", rows[0][1].(time.Time).Format(time.RFC3339Nano))
	require.Equal(r, "Europe/Berlin", rows[0][1].(time.Time).Location().String())
	require.True(r, rows[0][2].(time.Time).Equal(time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)))
}

// The server makes the values here, so that what arrives does not depend on what can be sent.
func testServerMadeProperties(r *run) {
	label := r.label()
	cx := r.open()
	r.rows(cx, "CREATE (:"+label+" {date: date('2026-02-28'), time: time('12:34:56.000000789+01:30'), localtime: "+
		"localtime('23:59:59.5'), "+
		"localdatetime: localdatetime('2026-11-22T21:30:15'), duration: duration({months: 14, days: -3, seconds: 70, "+
		"nanoseconds: 5}), "+
		"p2: point({x: 1.5, y: -2.5}), p3: point({longitude: 12.99, latitude: 55.61, height: 110}), list: [1, 2, 3], "+
		"floats: [0.5, 1.0], text: 'é', flag: true, big: 9223372036854775807, whole: 2.0})", nil)
	node := r.value(cx, "MATCH (n:"+label+") RETURN n", nil).(dbtype.Node)
	requireSame(r, map[string]any{
		"date":          dbtype.Date(time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC)),
		"time":          dbtype.Time(time.Date(0, 0, 0, 12, 34, 56, 789, time.FixedZone("Offset", 5400))),
		"localtime":     dbtype.LocalTime(time.Date(0, 0, 0, 23, 59, 59, 500_000_000, time.Local)),
		"localdatetime": dbtype.LocalDateTime(time.Date(2026, 11, 22, 21, 30, 15, 0, time.Local)),
		"duration":      dbtype.Duration{Months: 14, Days: -3, Seconds: 70, Nanos: 5},
		"p2":            dbtype.Point2D{X: 1.5, Y: -2.5, SpatialRefId: 7203},
		"p3":            dbtype.Point3D{X: 12.99, Y: 55.61, Z: 110, SpatialRefId: 4979},
		"list":          []any{int64(1), int64(2), int64(3)},
		"floats":        []any{0.5, 1.0},
		"text":          "é", "flag": true, "big": int64(math.MaxInt64), "whole": 2.0,
	}, node.Props)
}

func testLongText(r *run) {
	cx := r.open()
	rows := r.rows(cx, "RETURN $text AS text, size($text) AS size", map[string]any{"text": longText})
	require.True(r, longText == rows[0][0].(string), "the text comes back as it was sent")
	megabytes := r.value(cx, "RETURN reduce(s = 'é漢', i IN range(1, 20) | s + s) AS text", nil).(string)
	require.Equal(r, 5<<20, len(megabytes))
}

func testBigCollections(r *run) {
	cx := r.open()
	const many = 50_000
	list := make([]any, many)
	for i := range list {
		list[i] = int64(i * i)
	}
	require.Equal(r, list, r.value(cx, "RETURN $x AS x", map[string]any{"x": list}))
	m := r.value(cx, "RETURN {a: range(1, $n)} AS m", map[string]any{"n": many}).(map[string]any)
	require.Len(r, m["a"], many)
}

func testGraphValues(r *run) {
	label := r.label()
	cx := r.open()
	rows := r.rows(cx, "CREATE p = (a:"+label+":Second {name: 'a'})-[k:KNOWS {since: 1999}]->(b:"+label+")"+
		"<-[l:LIKES]-(a) RETURN a, b, k, l, p", nil)
	a, b := rows[0][0].(dbtype.Node), rows[0][1].(dbtype.Node)
	k, l := rows[0][2].(dbtype.Relationship), rows[0][3].(dbtype.Relationship)
	require.ElementsMatch(r, []string{label, "Second"}, a.Labels)
	require.Equal(r, map[string]any{"name": "a"}, a.Props)
	require.Equal(r, []string{label}, b.Labels)
	require.Empty(r, b.Props)
	require.NotEmpty(r, a.ElementId)
	require.NotEqual(r, a.ElementId, b.ElementId)
	require.Equal(r, "KNOWS", k.Type)
	require.Equal(r, map[string]any{"since": int64(1999)}, k.Props)
	require.Equal(r, []string{a.ElementId, b.ElementId}, []string{k.StartElementId, k.EndElementId})
	require.Equal(r, []string{a.ElementId, b.ElementId}, []string{l.StartElementId, l.EndElementId})

	path := rows[0][4].(dbtype.Path)
	require.Equal(r, []string{a.ElementId, b.ElementId, a.ElementId},
		[]string{path.Nodes[0].ElementId, path.Nodes[1].ElementId, path.Nodes[2].ElementId})
	require.Equal(r, []dbtype.Relationship{k, l}, path.Relationships, "the second is walked against its direction")

	single := r.value(cx, "MATCH p = (n:"+label+":Second) RETURN p", nil).(dbtype.Path)
	require.Len(r, single.Nodes, 1)
	require.Empty(r, single.Relationships)
	loop := r.value(cx, "MATCH (n:"+label+":Second) CREATE p = (n)-[:LOOP]->(n) RETURN p", nil).(dbtype.Path)
	require.Len(r, loop.Nodes, 2, "a path has one node more than relationships")
	require.Equal(r, loop.Nodes[0], loop.Nodes[1])
	nested := r.value(cx, "MATCH (n:"+label+":Second) RETURN {list: [n]}", nil).(map[string]any)
	require.Equal(r, a.ElementId, nested["list"].([]any)[0].(dbtype.Node).ElementId)
}

func testBareGraphValues(r *run) {
	label := r.label()
	cx := r.open()
	rows := r.rows(cx, "CREATE (n:"+label+") WITH n REMOVE n:"+label+" WITH n CREATE (m:"+label+")-[x:`odd type "+
		"é`]->(n) RETURN n, x", nil)
	node := rows[0][0].(dbtype.Node)
	require.Empty(r, node.Labels)
	require.Equal(r, "odd type é", rows[0][1].(dbtype.Relationship).Type)
	r.rows(cx, "MATCH (:"+label+")-[x]->(n) DETACH DELETE n", nil)
}

func testVectors(r *run) {
	cx := r.open()
	r.needBolt(cx, 6, 0, "a vector")
	for _, elements := range []any{[]int8{-128, 0, 127}, []int16{-32768, 1}, []int32{1 << 30},
		[]int64{math.MinInt64, math.MaxInt64}, []float32{0.5, -1}, []float64{math.Pi}} {
		want := values.Vector{Elements: elements}
		require.Equal(r, want, r.value(cx, "RETURN $x AS x", map[string]any{"x": want}))
	}
	require.Equal(r, values.Vector{Elements: []float32{1, 2}},
		r.value(cx, "CYPHER 25 RETURN vector([1, 2], 2, FLOAT32) AS x", nil))
}

func testUUIDs(r *run) {
	cx := r.open()
	r.needBolt(cx, 6, 1, "a UUID")
	want := values.UUID{0: 0x01, 15: 0xFF}
	require.Equal(r, want, r.value(cx, "RETURN $x AS x", map[string]any{"x": want}))
}

func testVectorsNeedBolt6(r *run) {
	cx := r.open()
	if cx.ProtocolVersion().AtLeast(6, 0) || r.HTTP() {
		r.Skip("vectors can be sent here")
	}
	_, err := cx.RunProg(r.ctx, "", "RETURN $x", map[string]any{"x": values.Vector{Elements: []int8{1}}}, true)
	r.requireArgumentError(err)
	r.requireWorks(cx)
}

func testUnsendableParameters(r *run) {
	cx := r.open()
	for _, bad := range []any{struct{}{}, make(chan int), func() {}, uint64(math.MaxUint64), map[int]string{1: "x"},
		[]any{1, map[string]any{"deep": struct{}{}}}, dbtype.Node{}} {
		_, err := cx.RunProg(r.ctx, "", "RETURN $x", map[string]any{"x": bad}, true)
		r.requireArgumentError(err)
	}
	_, err := cx.RunProg(r.ctx, "", "RETURN $x", map[string]any{"x": []any{map[string]any{"deep": struct{}{}}}}, true)
	require.Contains(r, err.Error(), "deep", "the error says where")
	r.requireWorks(cx)
	tx := r.begin(cx, true)
	_, err = cx.RunQuery(r.ctx, tx, "RETURN $x", map[string]any{"x": struct{}{}})
	r.requireArgumentError(err)
	require.False(r, tx.Broken(), "nothing was sent")
	_, err = cx.Commit(r.ctx, tx)
	require.NoError(r, err)
}
