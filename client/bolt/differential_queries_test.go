//go:build !js

package bolt_test

// sampleGraph is what the queries of the differential test look at.
const sampleGraph = `CREATE (a:BoltDiff:Person {name: 'Ann', born: 1980, since: date('2020-02-29'), at: point({x: 1, y: 2})})
CREATE (b:BoltDiff:Person {name: 'Bob', tags: ['x', 'y'], score: 1.5})
CREATE (c:BoltDiff {name: 'Cid'})
CREATE (a)-[:KNOWS {since: 2001}]->(b)-[:KNOWS {since: 2002}]->(c)-[:LIKES]->(a)
CREATE (c)-[:LIKES {much: true}]->(c)`

// ambiguousTime is in the hour that there is twice when summer time ends.
const ambiguousTime = "RETURN datetime('2024-10-27T02:30+01:00[Europe/Berlin]') AS x"

// expressions give a value of every type that Cypher has.
var expressions = []string{
	"null", "true", "false", "0", "-1", "-16", "-17", "127", "128", "-128", "-129", "32767", "32768", "-32769", "2147483647", "2147483648", "-2147483649",
	"9007199254740993", "9223372036854775807", "-9223372036854775808", "0.0", "-0.0", "1.5", "1e308", "-1e-308", "0.0/0.0", "1.0/0.0", "-1.0/0.0",
	"''", "'a'", "'0123456789abcdef'", "'ü € 😀'", `'\u0000'`, "'" + longText + "'",
	"[]", "[1, 'a', null, [2.5, true]]", "range(1, 15)", "range(1, 16)", "range(1, 300)", "{}", "{a: 1, b: {c: [1]}}", "[{a: null}]",
	"date('0001-01-01')", "date('2024-02-29')", "date('9999-12-31')", "date('-0044-03-15')",
	"localtime('12:31:14.645876123')", "localtime('00:00')", "time('21:40:32.142+01:00')", "time('00:00Z')", "time('23:59:59-11:30')",
	"localdatetime('2015-07-21T21:40:32.142')", "localdatetime('1969-12-31T23:59:59.999999999')", "localdatetime('0001-01-01T00:00')",
	"datetime('2015-06-24T12:50:35.556+01:00')", "datetime('2015-06-24T12:50:35Z')", "datetime('2015-11-21T21:40:32.142[Europe/London]')",
	"datetime('2024-10-27T02:30+01:00[Europe/Berlin]')", "datetime('1900-01-01T00:00+00:19:32')", "datetime('1969-12-31T23:59:59.5-08:00')",
	"duration('P14DT16H12M')", "duration('P5M1.5D')", "duration('PT-0.75S')", "duration({months: -1, days: 2, seconds: -3, nanoseconds: 4})",
	"point({x: 1.5, y: -2})", "point({x: 1, y: 2, z: 3})", "point({longitude: 56.7, latitude: 12.78})", "point({longitude: 1, latitude: 2, height: 3})",
}

const longText = "a text that is longer than two hundred and fifty-five bytes, so that its size takes two bytes: Lorem ipsum dolor sit amet, consectetur adipiscing elit, " +
	"sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat."

// readers are clauses of every kind that returns something.
var readers = []string{
	"MATCH (n:BoltDiff) RETURN n ORDER BY n.name",
	"MATCH (n:BoltDiff)-[r]->(m) RETURN n, r, m ORDER BY n.name, type(r), m.name",
	"MATCH p = (:BoltDiff {name: 'Ann'})-[*0..3]->() RETURN p ORDER BY length(p), [r IN relationships(p) | type(r)]",
	"MATCH p = (:BoltDiff {name: 'Ann'})<-[*1..2]-() RETURN p ORDER BY length(p), [r IN relationships(p) | type(r)]",
	"MATCH p = (c:BoltDiff {name: 'Cid'})-[:LIKES]->(c) RETURN p",
	"MATCH p = (:BoltDiff {name: 'Cid'}) RETURN p, nodes(p), relationships(p)",
	"MATCH p = shortestPath((a:BoltDiff {name: 'Ann'})-[*]->(c:BoltDiff {name: 'Cid'})) RETURN p",
	"OPTIONAL MATCH (n:BoltDiffNone) RETURN n",
	"MATCH (n:BoltDiffNone) RETURN n",
	"MATCH (n:BoltDiff) RETURN collect(n.name) AS names, count(*) AS n, avg(n.born), min(n.score), max(n.name), sum(n.born)",
	"MATCH (n:BoltDiff) WITH n ORDER BY n.name DESC SKIP 1 LIMIT 1 RETURN n.name",
	"MATCH (n:BoltDiff) RETURN DISTINCT labels(n) AS l ORDER BY size(l)",
	"MATCH (n:BoltDiff {name: 'Ann'}) RETURN n {.*, extra: 1}, properties(n), keys(n)",
	"MATCH (n:BoltDiff) WHERE n.name STARTS WITH 'A' XOR n.name CONTAINS 'i' RETURN n.name ORDER BY n.name",
	"MATCH (n:BoltDiff) WHERE EXISTS { (n)-[:LIKES]->() } RETURN n.name",
	"MATCH (n:BoltDiff) RETURN [(n)-[r]->(m) | m.name] AS names ORDER BY n.name",
	"UNWIND [1, 2, 3] AS x WITH x WHERE x > 1 RETURN x, CASE x WHEN 2 THEN 'two' ELSE 'more' END AS word",
	"UNWIND [] AS x RETURN x",
	"UNWIND range(1, 2500) AS x RETURN x, toString(x)",
	"CALL { UNWIND [1, 2] AS x RETURN x } RETURN x",
	"RETURN 1 AS a UNION RETURN 2 AS a",
	"RETURN 1 AS a UNION ALL RETURN 1 AS a",
	"CALL db.labels() YIELD label WHERE label = 'BoltDiff' RETURN label",
	"CALL dbms.components() YIELD name RETURN count(name) > 0 AS any",
	"SHOW DATABASES YIELD name, currentStatus RETURN name, currentStatus ORDER BY name",
	"SHOW FUNCTIONS YIELD name WHERE name = 'abs' RETURN name",
	"SHOW PROCEDURES YIELD name WHERE name = 'db.labels' RETURN name",
	"RETURN reduce(s = 0, x IN [1, 2, 3] | s + x) AS s, all(x IN [1] WHERE x > 0), [x IN range(1, 5) WHERE x % 2 = 0 | x * x]",
	"RETURN toInteger('12'), toFloat('1.5'), toBoolean('true'), toUpper('a'), split('a,b', ','), substring('hello', 1, 3), size('abc'), coalesce(null, 1)",
	"RETURN duration.between(date('2020-01-01'), date('2021-03-04')), date('2020-01-31') + duration('P1M'), datetime('2020-01-01T00:00Z').epochMillis",
	"RETURN point.distance(point({x: 0, y: 0}), point({x: 3, y: 4})) AS d",
	"MATCH (n:BoltDiff) RETURN n.nothing",
	"MATCH (a:BoltDiff), (b:BoltDiff) RETURN count(*)",
	"EXPLAIN MATCH (a:BoltDiff), (b:BoltDiff) RETURN a, b",
	"EXPLAIN MATCH (n:BoltDiffNone {nothing: 1}) RETURN n",
	"EXPLAIN MATCH (n) WHERE id(n) = 0 RETURN n",
	"EXPLAIN UNWIND range(1, 10) AS x RETURN sum(x)",
	"EXPLAIN CREATE (n:BoltDiffExplained) RETURN n",
}

// writers leave nothing behind; they are carried out twice, so they must not return ids.
var writers = []string{
	"CREATE (n:BoltDiffW {a: 1}) RETURN n.a", "CREATE (:BoltDiffW)-[:R {x: 1}]->(:BoltDiffW)", "MERGE (n:BoltDiffW2) ON CREATE SET n.new = true RETURN n.new",
	"MATCH (n:BoltDiffW2) DELETE n",
	"MATCH (n:BoltDiffW) SET n.b = 2, n:BoltDiffL RETURN count(n)", "MATCH (n:BoltDiffW) REMOVE n.b, n:BoltDiffL",
	"MATCH (n:BoltDiffW) SET n += {c: 1}", "MATCH (n:BoltDiffW) FOREACH (x IN [1, 2] | SET n.d = x)",
	"MATCH (n:BoltDiffW) SET n = {}", "MATCH (n:BoltDiffW) CALL { WITH n SET n.e = 1 }",
	"MATCH (n:BoltDiffW) DETACH DELETE n",
	"CREATE INDEX bolt_diff IF NOT EXISTS FOR (n:BoltDiffIndex) ON (n.x)", "DROP INDEX bolt_diff IF EXISTS",
	"CREATE CONSTRAINT bolt_diff_c IF NOT EXISTS FOR (n:BoltDiffIndex) REQUIRE n.y IS UNIQUE", "DROP CONSTRAINT bolt_diff_c IF EXISTS",
}

// refused are queries that fail, before or in the middle of their result.
var refused = []string{
	"", "RETURN", "RETRUN 1", "MATCH (n) RETURN m", "RETURN $missing", "RETURN 1/0", "RETURN abs('x')", "UNWIND [1, 0] AS x RETURN 1/x",
	"RETURN date('nonsense')", "RETURN duration('x')", "RETURN 9223372036854775808", "RETURN 9223372036854775807 + 1", "CALL no.such.procedure()", "RETURN noSuchFunction(1)",
	"MATCH (n:BoltDiff) DELETE n", "CREATE (n {a: {b: 1}})", "RETURN toInteger(true) + [1].x", "RETURN point({x: 1})", "USE nowhere RETURN 1",
	"RETURN [1, 2][1.5]", "RETURN range(1, 2, 0)",
}

func differentialQueries() (queries []string) {
	for _, e := range expressions {
		queries = append(queries, "RETURN "+e+" AS x", "UNWIND ["+e+", null] AS x RETURN x", "WITH "+e+" AS x RETURN [x], {k: x}, [[x, x]]",
			"UNWIND range(1, 3) AS i RETURN i, "+e+" AS x")
	}
	queries = append(queries, readers...)
	queries = append(queries, writers...)
	return append(queries, refused...)
}
