package httpapi_test

//lint:file-ignore SA1019 Numeric ids are part of what a server sends, and all that Bolt before 5.0 has.

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

func paris(t testing.TB) *time.Location {
	location, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	return location
}

// plainValues are values of plain JSON, which every server accepts as parameters over HTTP.
var plainValues = []any{
	nil, true, false, int64(0), int64(-1), int64(127), int64(128), int64(-129), int64(1 << 31), int64(-1 << 31),
	int64(1<<53 + 1), int64(-1<<53 - 1),
	int64(999999999999999999), int64(math.MaxInt64), int64(math.MinInt64), 0.0, math.Copysign(0, -1), 1.0, -1.5, 0.1,
	1e22, 1e300, 5e-324, math.MaxFloat64, 123456789012345678.0,
	"", "text", "\x00\x01\x1f\"\\/\b\t\n\u007f\u2028é漢😀", strings.Repeat("long ", 20000),
	[]any{}, []any{int64(1), "a", nil, []any{2.5}}, map[string]any{},
	map[string]any{"$type": "x", "Z": int64(1), "": map[string]any{"a": []any{}}},
}

func TestPlainParametersAndResults(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		cx := open(t, server)
		for _, v := range plainValues {
			require.Equal(t, v, value(t, cx, "RETURN $x AS x", map[string]any{"x": v}), "%v", v)
		}
	})
}

// The query returns a text beside the value, which finds errors that a parameter and a result could both have.
func TestIntegersBothWays(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		cx := open(t, server)
		for shift := range 64 {
			for _, n := range []int64{1<<shift - 1, 1 << shift, -1 << shift, -1<<shift - 1} {
				result, err := cx.RunProg(testContext(t), "",
					"RETURN $n AS n, toString($n) AS text, toInteger($text) AS parsed",
					map[string]any{"n": n, "text": itoa64(n)}, true)
				require.NoError(t, err)
				require.Equal(t, [][]any{{n, itoa64(n), n}}, rowsOf(t, result))
			}
		}
	})
}

// richValues are values that plain JSON has no form for.
func richValues(t testing.TB) []any {
	offset := time.FixedZone("", 2*3600)
	return []any{
		math.Inf(1), math.Inf(-1),
		[]byte{}, []byte{0, 1, 255}, make([]byte, 70000),
		dbtype.Date(time.Date(2020, 2, 29, 0, 0, 0, 0, time.UTC)),
		dbtype.Date(time.Date(-9999, 1, 1, 0, 0, 0, 0, time.UTC)),
		dbtype.Date(time.Date(99999, 12, 31, 0, 0, 0, 0, time.UTC)),
		dbtype.LocalTime(time.Date(0, 1, 1, 23, 59, 59, 999999999, time.Local)),
		dbtype.Time(time.Date(0, 1, 1, 12, 34, 56, 1000, offset)),
		dbtype.LocalDateTime(time.Date(1969, 12, 31, 23, 59, 59, 1, time.Local)),
		dbtype.LocalDateTime(time.Date(12020, 1, 1, 0, 0, 0, 0, time.Local)),
		time.Date(2020, 1, 2, 3, 4, 5, 6, offset), time.Date(1900, 1, 1, 0, 0, 0, 0, time.FixedZone("", -3600)),
		time.Date(2020, 7, 2, 3, 4, 5, 500000000, paris(t)),
		time.Date(2020, 10, 25, 0, 30, 0, 0, time.UTC).In(paris(t)),
		time.Date(2020, 10, 25, 1, 30, 0, 0, time.UTC).In(paris(t)),
		dbtype.Duration{Months: 14, Days: -3, Seconds: 5, Nanos: 6},
		dbtype.Duration{Months: -1, Days: 2, Seconds: -3, Nanos: 999999999}, dbtype.Duration{Seconds: -1, Nanos: 1},
		dbtype.Duration{Seconds: math.MaxInt64}, dbtype.Duration{Seconds: math.MinInt64}, dbtype.Duration{},
		dbtype.Point2D{X: 1.5, Y: -2.5, SpatialRefId: 7203}, dbtype.Point2D{X: 1, Y: 2e-5, SpatialRefId: 4326},
		dbtype.Point3D{X: 1, Y: 2, Z: 3, SpatialRefId: 4979},
		dbtype.Point3D{X: 1e300, Y: -0.5, Z: 0.1, SpatialRefId: 9157},
	}
}

func requireSame(t testing.TB, want, got any) {
	switch want := want.(type) {
	case time.Time:
		require.IsType(t, want, got)
		require.True(t, want.Equal(got.(time.Time)), "%v and %v", want, got)
		_, a := want.Zone()
		_, b := got.(time.Time).Zone()
		require.Equal(t, a, b, "offset")
	case fmt.Stringer:
		require.IsType(t, want, got)
		require.Equal(t, want.String(), got.(fmt.Stringer).String())
	default:
		require.Equal(t, want, got)
	}
}

func TestRichParametersAndResults(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		cx := open(t, server)
		for _, v := range richValues(t) {
			parameters := map[string]any{"x": v, "deep": []any{map[string]any{"a": v}}}
			result, err := cx.RunProg(testContext(t), "", "RETURN $x AS x, $deep AS deep", parameters, true)
			if server.Version == neo4jtest.V4_4 {
				var unsupported *client.UnsupportedError
				require.ErrorAs(t, err, &unsupported, "%T %v", v, v)
				continue
			}
			require.NoError(t, err, "%T %v", v, v)
			rows := rowsOf(t, result)
			requireSame(t, v, rows[0][0])
			requireSame(t, v, rows[0][1].([]any)[0].(map[string]any)["a"])
		}
	})
}

func TestNaN(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		cx := open(t, server)
		require.True(t, math.IsNaN(value(t, cx, "RETURN 0.0/0.0", nil).(float64)))
		if server.Version != neo4jtest.V4_4 {
			require.True(t, math.IsNaN(value(t, cx, "RETURN $x", map[string]any{"x": math.NaN()}).(float64)))
		}
	})
}

func TestVectorsAndUUIDs(t *testing.T) {
	cx := open(t, neo4jtest.Need(t, neo4jtest.V2026))
	for _, v := range []any{
		values.Vector{Elements: []int8{1, -128, 127}}, values.Vector{Elements: []int16{-32768, 32767}},
		values.Vector{Elements: []int32{math.MinInt32, math.MaxInt32}},
		values.Vector{Elements: []int64{math.MinInt64, math.MaxInt64}},
		values.Vector{Elements: []float32{1.5, -0.25, 1e38}}, values.Vector{Elements: []float64{0.1, -1e300}},
		packstream.UUID{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0, 0xc0, 0x4f, 0xd4, 0x30, 0xc8},
	} {
		require.Equal(t, v, value(t, cx, "RETURN $x AS x", map[string]any{"x": v}))
	}
	require.Equal(t, values.Vector{Elements: []float32{1.5, 2}},
		value(t, cx, "CYPHER 25 RETURN vector([1.5, 2], 2, FLOAT32)", nil))
	// Neo4j 5 refuses types that it does not know.
	old := open(t, neo4jtest.Need(t, neo4jtest.V5))
	_, err := old.RunProg(testContext(t), "", "RETURN $x", map[string]any{"x": values.Vector{Elements: []int8{1}}},
		true)
	require.ErrorContains(t, err, "Vector is not supported")
}

func TestGraph(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		cx := open(t, server)
		ctx := testContext(t)
		tx, err := cx.Begin(ctx, "", false)
		require.NoError(t, err)
		result, err := cx.RunQuery(ctx, tx,
			"CREATE p = (a:HttpGraph:`Two words` {name: 'a', list: [1, 2]})-[r:KNOWS {since: "+
				"date('2020-01-02')}]->(b:HttpGraph)<-[s:`LIKES it`]-(a) RETURN a, r, p, [s]", nil)
		require.NoError(t, err)
		row := rowsOf(t, result)[0]
		a := row[0].(dbtype.Node)
		require.ElementsMatch(t, []string{"HttpGraph", "Two words"}, a.Labels)
		require.Equal(t, map[string]any{"name": "a", "list": []any{int64(1), int64(2)}}, a.Props)
		r := row[1].(dbtype.Relationship)
		require.Equal(t, "KNOWS", r.Type)
		require.Equal(t, a.ElementId, r.StartElementId)
		p := row[2].(dbtype.Path)
		require.Len(t, p.Nodes, 3)
		require.Equal(t, a, p.Nodes[0])
		require.Equal(t, a, p.Nodes[2])
		require.Equal(t, r, p.Relationships[0])
		require.Equal(t, row[3].([]any)[0], p.Relationships[1])
		require.Equal(t, a.ElementId, p.Relationships[1].StartElementId)
		require.Equal(t, p.Nodes[1].ElementId, p.Relationships[1].EndElementId)
		if server.Version == neo4jtest.V4_4 {
			require.Equal(t, itoa64(a.Id), a.ElementId)
			require.Equal(t, a.Id, r.StartId)
		} else {
			require.EqualValues(t, -1, a.Id, "there are no numbers")
			require.EqualValues(t, -1, r.EndId)
		}
		_, err = cx.Rollback(ctx, tx)
		require.NoError(t, err)
	})
}
