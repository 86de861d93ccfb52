//go:build !js

package httpapi_test

//lint:file-ignore SA1019 Numeric ids are part of what a server sends, and all that Bolt before 5.0 has.

import (
	"fmt"
	"reflect"
	"strconv"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/connect"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// expressions are put into lists, maps, aggregations and more, so that each gives several queries.
var expressions = []string{
	"null", "true", "1", "-9223372036854775808", "9223372036854775807", "2147483648", "-17", "1.5", "-0.0", "1e300", "0.1", "1.0/0", "-1.0/0", "123456789.123456789",
	"''", "'text'", `'q"\\n\\t\\u0000é😀'`, "[]", "[1, 'a', null]", "{}", "{a: 1, b: {c: [1.5]}}", "range(1, 20)", "[x IN range(1, 300) | toString(x)]",
	"date('2020-02-29')", "date('-0044-03-15')", "date('+12020-01-01')", "time('12:34:56.789+01:00')", "time('00:00Z')", "localtime('23:59:59.999999999')",
	"localdatetime('1969-12-31T23:59:59.5')", "datetime('2020-01-02T03:04:05Z')", "datetime('2020-01-02T03:04:05.000000001-03:30')", "datetime('2020-07-02T03:04:05[Europe/Paris]')",
	"datetime('1900-01-01T00:00:00[America/New_York]')", "duration('P1Y2M3DT4H5M6.789S')", "duration({months: -1, days: 2, seconds: -3, nanoseconds: 5})", "duration('PT0S')",
	"duration.between(date('2020-01-01'), date('2019-03-04'))", "point({x: 1, y: -2.5})", "point({x: 1, y: 2, z: 3e-10})", "point({longitude: 1.25, latitude: 2})",
	"point({longitude: 1, latitude: 2, height: 3})", "a", "r", "p", "b", "labels(a)", "properties(a)", "nodes(p)", "relationships(p)", "[n IN nodes(p) | n.name]", "a{.*, extra: r.since}",
}

var frames = []string{
	"MATCH p = (a:HttpDiff {name: 'a'})-[r:KNOWS]->(b) RETURN %s AS x",
	"MATCH p = (b:HttpDiff)<-[r:KNOWS]-(a {name: 'a'}) RETURN [%s, [%[1]s]] AS x, 1 AS one",
	"MATCH p = (a:HttpDiff {name: 'a'})-[r:KNOWS]->(b)-[*1..3]-(c) RETURN {k: %s, p: p} AS x ORDER BY length(p), c.name",
	"MATCH p = (a:HttpDiff {name: 'a'})-[r:KNOWS]->(b) UNWIND range(1, 3) AS i RETURN i, %s AS x, b",
	"MATCH p = (a:HttpDiff {name: 'a'})-[r:KNOWS]->(b) RETURN collect(%s) AS x, count(*) AS n",
	"MATCH p = (a:HttpDiff {name: 'a'})-[r:KNOWS]->(b) WITH %s AS x WHERE 1 = 2 RETURN x, 1 AS y",
}

const differentialGraph = "CREATE (a:HttpDiff {name: 'a', born: date('1970-01-01'), at: point({x: 1, y: 2}), list: [1, 2, 3]})-[:KNOWS {since: datetime('2020-01-02T03:04:05Z')}]->" +
	"(b:HttpDiff:Second {name: 'b', bytes: $bytes})-[:LIKES]->(c:HttpDiff {name: 'c', x: 1.5}), (c)-[:LIKES {often: true}]->(a), (b)-[:SELF]->(b)"

// TestDifferential runs some 300 queries over Bolt and over HTTP: field names and values are the same, but for ids that HTTP does not have.
func TestDifferential(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		profile, err := client.ParseProfile(server.BoltURI())
		require.NoError(t, err)
		profile.User, profile.Password = server.User, client.Secret(server.Password)
		bolt, err := connect.Open(testContext(t), profile, client.Options{})
		require.NoError(t, err)
		defer bolt.Close()
		over := open(t, server)
		result, err := bolt.RunProg(testContext(t), "", differentialGraph, map[string]any{"bytes": []byte{1, 2, 255}}, false)
		require.NoError(t, err)
		require.NoError(t, result.Discard(testContext(t)))
		defer run(t, over, "MATCH (n:HttpDiff) DETACH DELETE n")
		// Planning so many different queries takes its time, so that one server gets them all and the others a part.
		used := frames
		if server.Version != neo4jtest.V5 {
			used = frames[:2]
		}
		for _, frame := range used {
			for _, expression := range expressions {
				cypher := fmt.Sprintf(frame, expression)
				a, aErr := bolt.RunProg(testContext(t), "", cypher, nil, true)
				b, bErr := over.RunProg(testContext(t), "", cypher, nil, true)
				require.NoError(t, aErr, cypher)
				require.NoError(t, bErr, cypher)
				requireSameResult(t, cypher, a, b)
			}
		}
		t.Log(len(used)*len(expressions), "queries")
	})
}

func requireSameResult(t *testing.T, cypher string, bolt, over *client.Result) {
	want, err := bolt.Fields(testContext(t))
	require.NoError(t, err)
	got, err := over.Fields(testContext(t))
	require.NoError(t, err)
	require.Equal(t, want, got, cypher)
	a, b := rowsOf(t, bolt), rowsOf(t, over)
	require.Len(t, b, len(a), cypher)
	for i := range a {
		for j := range a[i] {
			if !reflect.DeepEqual(comparable(a[i][j]), comparable(b[i][j])) {
				require.Equal(t, comparable(a[i][j]), comparable(b[i][j]), cypher)
			}
		}
	}
}

// comparable is a value without the numeric ids, and with times as texts, since equal times need not be equal values.
func comparable(v any) any {
	switch v := v.(type) {
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = comparable(v[i])
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for key := range v {
			all[key] = comparable(v[key])
		}
		return all
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64) // so that NaN equals itself, and the zeros differ
	case dbtype.Node:
		v.Id, v.Props = 0, comparable(v.Props).(map[string]any)
		return v
	case dbtype.Relationship:
		v.Id, v.StartId, v.EndId, v.Props = 0, 0, 0, comparable(v.Props).(map[string]any)
		return v
	case dbtype.Path:
		for i := range v.Nodes {
			v.Nodes[i] = comparable(v.Nodes[i]).(dbtype.Node)
		}
		for i := range v.Relationships {
			v.Relationships[i] = comparable(v.Relationships[i]).(dbtype.Relationship)
		}
		return v
	case fmt.Stringer:
		return fmt.Sprintf("%T %s", v, v)
	}
	return v
}
