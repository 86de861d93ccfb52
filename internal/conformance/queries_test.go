//go:build !js

package conformance

import "strings"

// The queries of TestDifferential, one a line. LABEL stands for the label of the graph that fixture makes.

// literals give a value of every type. Each is put into a list, a map and beside a null too, and what came back is sent
// as a parameter.
var literals = lines(`
null
true
false
0
-1
-17
2147483648
9007199254740993
9223372036854775807
-9223372036854775808
0.0
-0.0
1.5
0.1
1e308
1e-320
123456789.123456789
0.0 / 0.0
1.0 / 0.0
-1.0 / 0.0
''
'text'
'it\'s'
'é漢💩'
'\u0000'
'tab\tnewline\n'
'q"\\n\\t\\u0000é😀'
$text
[]
[1, 'two', 3.0, null, true]
[[1], [[2]], []]
range(1, 15)
range(1, 16)
range(1, 300)
{}
{a: 1, b: 'two', c: [3], d: {e: null}}
[{a: null}]
date('0001-01-01')
date('2024-02-29')
date('9999-12-31')
date('-0400-03-15')
date('+12020-01-01')
localtime('00:00')
localtime('23:59:59.999999999')
time('00:00:00Z')
time('12:34:56.123456789+01:30')
time('23:59:59.999999999-18:00')
localdatetime('2026-11-22T21:30:15')
localdatetime('0001-01-01T00:00')
localdatetime('1815-12-10T00:00:00.000000001')
localdatetime('1969-12-31T23:59:59.999999999')
datetime('2026-11-22T21:30:15Z')
datetime('2026-11-22T21:30:15.123456789+05:45')
datetime('1969-12-31T23:59:59.5-08:00')
datetime('2026-07-01T12:00:00[Europe/Berlin]')
datetime('1900-01-01T00:00:00[America/New_York]')
datetime('2024-10-27T02:30+01:00[Europe/Berlin]')
duration('P1Y2M3DT4H5M6.789S')
duration('-P1D')
duration('PT-0.75S')
duration('PT0.000000001S')
duration({months: -1, days: 400, seconds: -1, nanoseconds: 999999999})
duration('PT0S')
point({x: 1.5, y: -2.5})
point({x: 1, y: 2, z: 3e-10})
point({longitude: 12.99, latitude: 55.61})
point({longitude: 12.99, latitude: 55.61, height: 110})
[date('2026-01-01'), point({x: 1, y: 2}), duration('P1D')]
{when: datetime('2026-01-01T00:00Z'), where: point({x: 1, y: 2, z: 3})}
`)

// expressions are the other ways in which the server makes values.
var expressions = lines(`
true AND null
NOT false XOR true
0x7F
0o17
0.1 + 0.2
10 / 4
10 / 4.0
-7 % 3
2 ^ 10
'a' + 'b'
'a' + 1
'abc' STARTS WITH 'a'
'abc' CONTAINS 'x'
'abc' =~ 'a.*'
[1, 2] + [3]
range(10, 0, -3)
[x IN range(1, 5) WHERE x % 2 = 1 | x * x]
[1, 2, 3][0]
[1, 2, 3][-1]
[1, 2, 3][7]
[1, 2, 3][0..2]
{a: 1}.a
{a: 1}.b
{a: 1}['a']
1 IN [1, 2]
null IN [1, 2]
1 < 2 < 3
1 = 1.0
null = null
null IS NULL
'a' < 'b'
[1] = [1]
CASE WHEN 1 > 2 THEN 'x' ELSE 'y' END
CASE 3 WHEN 3 THEN 'three' END
coalesce(null, null, 5)
abs(-5)
abs(-5.5)
ceil(1.2)
floor(-1.2)
round(2.5)
round(3.14159, 2)
sign(-3)
sqrt(2)
exp(1)
log(10)
log10(1000)
e()
pi()
sin(1)
cos(1)
tan(1)
asin(0.5)
acos(0.5)
atan(1)
atan2(1, 2)
cot(1)
haversin(0.5)
degrees(1)
radians(90)
isNaN(0.0/0.0)
toInteger('42')
toInteger('x')
toInteger(4.9)
toFloat('4.5')
toFloat('x')
toBoolean('true')
toBoolean('maybe')
toString(1.5)
toString(true)
toString(date('2026-01-01'))
toIntegerOrNull([])
toStringOrNull({})
toIntegerList(['1', 'x', 2.5])
toFloatList(['1', 2])
toBooleanList(['true', 0])
toStringList([1, true, null])
size('abc')
size([1, 2])
length('abc')
reverse('abc')
reverse([1, 2])
head([1, 2])
last([1, 2])
tail([1, 2, 3])
left('hello', 2)
right('hello', 2)
substring('hello', 1, 3)
replace('hello', 'l', 'L')
split('a,b,c', ',')
toUpper('é')
toLower('É')
trim('  x ')
ltrim('  x ')
rtrim('  x ')
keys({a: 1, b: 2})
reduce(s = 0, x IN [1, 2, 3] | s + x)
all(x IN [1, 2] WHERE x > 0)
any(x IN [1, 2] WHERE x > 1)
none(x IN [1, 2] WHERE x > 2)
single(x IN [1, 2] WHERE x > 1)
isEmpty([])
isEmpty('')
char_length('é')
date({year: 2026, month: 7, day: 4})
date({year: 2026, week: 10, dayOfWeek: 3})
date('2026-02-28').year
date('2026-02-28') + duration('P1M')
datetime('1900-01-01T00:00:00[UTC]')
datetime({epochMillis: 1700000000123})
datetime({epochSeconds: -1, nanosecond: 7})
datetime.truncate('month', datetime('2026-11-22T21:30:15Z'))
duration.between(date('2026-01-01'), date('2027-03-05'))
duration.inSeconds(time('10:00Z'), time('12:30Z'))
duration('P1D') * 3
duration('P1M') / 2
duration('PT90M').hours
date('2026-01-01') < date('2026-01-02')
point({x: 0, y: 0, crs: 'cartesian'})
point({x: 1, y: 2}).x
point.distance(point({x: 0, y: 0}), point({x: 3, y: 4}))
toString(duration('P1Y'))
exists { MATCH (:Nothing) }
$a
$b + 1
$m.k
`)

// reads are clauses of every kind that return something.
var reads = lines(`
RETURN 1 AS a, 2 AS b, 3 AS c
RETURN DISTINCT 1
RETURN 1 AS x UNION RETURN 2 AS x
RETURN 1 AS x UNION ALL RETURN 1 AS x
UNWIND [3, 1, 2] AS x RETURN x ORDER BY x
UNWIND [3, 1, 2] AS x RETURN x ORDER BY x DESC SKIP 1 LIMIT 1
UNWIND range(1, 2500) AS x RETURN x, x * 1.5, toString(x)
UNWIND [] AS x RETURN x
UNWIND [1, null, 2] AS x RETURN count(x), count(*), sum(x), avg(x), min(x), max(x), collect(x)
UNWIND [1, 2, 3, 4] AS x RETURN stDev(x), stDevP(x), percentileCont(x, 0.5), percentileDisc(x, 0.5)
UNWIND [1, 1, 2] AS x RETURN x, count(*) AS n ORDER BY x
UNWIND [1, 1, 2] AS x RETURN collect(DISTINCT x)
WITH 1 AS x WITH x, x + 1 AS y WHERE y > 1 RETURN x, y
WITH 1 AS x, 2 AS y RETURN *
MATCH (n:LABEL) RETURN n ORDER BY n.i
MATCH (n:LABEL {i: 1}) RETURN n.i, n.name, n.missing
MATCH (n:LABEL) WHERE n.i > 1 RETURN n.name ORDER BY n.name
MATCH (n:LABEL) RETURN labels(n), keys(n), properties(n) ORDER BY n.i
MATCH (n:LABEL) RETURN elementId(n), id(n) ORDER BY n.i
MATCH (a:LABEL)-[r]->(b) RETURN a, r, b ORDER BY a.i, b.i
MATCH (a:LABEL)-[r:NEXT]->(b) RETURN type(r), r.w, startNode(r), endNode(r) ORDER BY a.i
MATCH (a:LABEL)<-[r:NEXT]-(b) RETURN r ORDER BY a.i
MATCH (a:LABEL)-[r:NEXT|LOOP]-(b) RETURN count(r)
MATCH p = (a:LABEL {i: 1})-[:NEXT]->(b) RETURN p
MATCH p = (a:LABEL {i: 1})-[:NEXT*1..3]->(b) RETURN p, length(p), nodes(p), relationships(p) ORDER BY length(p)
MATCH p = (a:LABEL {i: 3})<-[:NEXT*2]-(b) RETURN p
MATCH p = (a:LABEL {i: 1}) RETURN p
MATCH p = (a:LABEL {i: 2})-[:LOOP]->(a) RETURN length(p)
MATCH p = shortestPath((a:LABEL {i: 1})-[*..5]-(b:LABEL {i: 3})) RETURN p
MATCH p = allShortestPaths((a:LABEL {i: 1})-[*..5]-(b:LABEL {i: 4})) RETURN count(p)
OPTIONAL MATCH (n:LABEL {i: 99}) RETURN n
MATCH (n:LABEL {i: 1}) OPTIONAL MATCH (n)-[r:NOTHING]->(m) RETURN n.i, r, m
MATCH (n:LABEL) RETURN count(n)
MATCH (n:LABEL) RETURN collect(n) AS list
MATCH (n:LABEL {i: 1}) RETURN {node: n, list: [n, [n]]} AS m
MATCH (n:LABEL {i: 1}) RETURN n {.*}
MATCH (n:LABEL {i: 1}) RETURN n {.name, double: n.i * 2}
MATCH (n:LABEL {i: 1}) RETURN [(n)-[:NEXT]->(m) | m.name]
MATCH (n:LABEL) WHERE (n)-[:LOOP]->() RETURN n.i
MATCH (n:LABEL) WHERE EXISTS { (n)-[:NEXT]->() } RETURN n.i ORDER BY n.i
MATCH (n:LABEL) WHERE n:Extra RETURN n
MATCH (n:LABEL) WHERE n.name STARTS WITH 't' RETURN n.name ORDER BY n.name
MATCH (n:LABEL) WHERE n.i IN $list RETURN n.i ORDER BY n.i
MATCH (n:LABEL) RETURN n.date, n.time, n.localtime, n.datetime, n.localdatetime, n.duration, n.point ORDER BY n.i
MATCH (n:LABEL), (m:LABEL) RETURN count(*)
MATCH (n:LABEL) CALL { WITH n MATCH (n)-[:NEXT]->(m) RETURN m.i AS next } RETURN n.i, next ORDER BY n.i
CALL { RETURN 1 AS x UNION RETURN 2 AS x } RETURN x ORDER BY x
CALL db.labels() YIELD label WITH label WHERE label = 'LABEL' RETURN label
CALL db.relationshipTypes() YIELD relationshipType AS t WITH t WHERE t = 'LOOP' RETURN t
CALL dbms.components() YIELD name, versions, edition RETURN name, versions, edition ORDER BY name
CALL db.ping()
SHOW PROCEDURES YIELD name, mode WHERE name = 'dbms.components' RETURN name, mode
SHOW FUNCTIONS YIELD name, category WHERE name = 'abs' RETURN name, category
SHOW DATABASES YIELD name, currentStatus RETURN name, currentStatus ORDER BY name
SHOW INDEXES YIELD type WHERE type = 'LOOKUP' RETURN count(*)
EXPLAIN MATCH (n:LABEL) RETURN n
EXPLAIN MATCH (n:LABEL)-[r]->(m) WHERE n.i > 1 RETURN n, m ORDER BY n.i LIMIT 3
PROFILE MATCH (n:LABEL) RETURN n.i ORDER BY n.i
PROFILE UNWIND range(1, 10) AS x WITH x WHERE x > 3 RETURN sum(x)
EXPLAIN MATCH (a:LABEL), (b:LABEL) RETURN a, b
MATCH (n:NoSuchLabelAnywhere) RETURN n
MATCH (n:LABEL) RETURN n.noSuchPropertyAnywhere
MATCH (n:LABEL)-[:NO_SUCH_TYPE_ANYWHERE]->() RETURN n
CYPHER runtime=interpreted RETURN 1
RETURN $list AS list, $map AS map, $text AS text
RETURN 1 AS ` + "`odd name é`" + `
RETURN /* here */ 1
MATCH p = (:LABEL {i: 1})-[*0..3]->() RETURN p ORDER BY length(p), [r IN relationships(p) | type(r)]
MATCH p = (:LABEL {i: 4})<-[*1..2]-() RETURN p ORDER BY length(p), [r IN relationships(p) | type(r)]
MATCH p = (n:LABEL {i: 2})-[:LOOP]->(n) RETURN p
MATCH p = (:LABEL {i: 1})-[:NEXT]->(b)-[:LOOP]->(b)-[:NEXT]->() RETURN p, nodes(p), relationships(p)
MATCH p = (a:LABEL {i: 1})-[r:NEXT]->(b) RETURN [a, [r]], {k: b, p: p}, collect(p), [n IN nodes(p) | n.name], a {.*, extra: r.w}
MATCH p = (b:LABEL)<-[r:NEXT]-(a {i: 1}) UNWIND range(1, 3) AS i RETURN i, p, r
MATCH (n:LABEL) RETURN collect(n.name) AS names, avg(n.i), min(n.i), max(n.name), sum(n.i)
MATCH (n:LABEL) WITH n ORDER BY n.i DESC SKIP 1 LIMIT 1 RETURN n.name
MATCH (n:LABEL) RETURN DISTINCT labels(n) AS l ORDER BY size(l)
MATCH (n:LABEL) WHERE n.name STARTS WITH 't' XOR n.name CONTAINS 'n' RETURN n.name ORDER BY n.name
MATCH (n:LABEL {i: 5}) RETURN n, n.bytes
MATCH (n:LABEL {i: 1}) WITH n WHERE 1 = 2 RETURN n, 1 AS y
UNWIND [1, 2, 3] AS x WITH x WHERE x > 1 RETURN x, CASE x WHEN 2 THEN 'two' ELSE 'more' END AS word
EXPLAIN MATCH (n:NoSuchLabelAnywhere {nothing: 1}) RETURN n
EXPLAIN MATCH (n:LABEL) WHERE id(n) = 0 RETURN n
EXPLAIN UNWIND range(1, 10) AS x RETURN sum(x)
EXPLAIN CREATE (n:LABEL) RETURN n
EXPLAIN CREATE (n:LABEL)
`)

// writes change something; each is rolled back.
var writes = lines(`
CREATE (n:LABEL) RETURN n
CREATE (n:LABEL {i: 10})
CREATE (a:LABEL)-[r:NEW {x: 1}]->(b:LABEL) RETURN a, r, b
CREATE p = (:LABEL)-[:NEW]->(:LABEL) RETURN p
CREATE (:LABEL {list: [1, 2], when: date('2026-01-01'), where: point({x: 1, y: 2})})
UNWIND range(1, 100) AS i CREATE (n:LABEL {i: i}) RETURN count(n)
MERGE (n:LABEL {i: 1}) RETURN n.name
MERGE (n:LABEL {i: 50}) ON CREATE SET n.new = true ON MATCH SET n.new = false RETURN n.new
MATCH (n:LABEL {i: 1}) SET n.x = 1 RETURN n
MATCH (n:LABEL {i: 1}) SET n += {x: 1, y: 2} RETURN n
MATCH (n:LABEL {i: 1}) SET n = {x: 1} RETURN n
MATCH (n:LABEL {i: 1}) SET n:Added:Twice RETURN labels(n)
MATCH (n:LABEL {i: 1}) REMOVE n.name RETURN n
MATCH (n:LABEL) REMOVE n:Extra RETURN count(n)
MATCH (n:LABEL {i: 1}) DETACH DELETE n
MATCH (n:LABEL {i: 1}) DETACH DELETE n RETURN n
MATCH (:LABEL)-[r:NEXT]->() DELETE r
MATCH (:LABEL)-[r:NEXT]->() DELETE r RETURN count(r)
MATCH (n:LABEL) FOREACH (x IN [1, 2] | SET n.f = x)
MATCH (n:LABEL {i: 1})-[r:NEXT]->() SET r.w = 99 RETURN r
CREATE INDEX index_LABEL FOR (n:LABEL) ON (n.i)
CREATE (n:LABEL) WITH n CALL { WITH n CREATE (m:LABEL) RETURN m } RETURN count(m)
CREATE (n:LABEL {bad: {a: 1}})
MATCH (n:LABEL {i: 1}) DELETE n
MATCH (n:LABEL) CALL { WITH n SET n.e = 1 }
MATCH (n:LABEL) SET n = {}
MERGE (:LABEL {i: 1})-[r:MERGED]->(:LABEL) RETURN type(r)
CREATE INDEX index_LABEL IF NOT EXISTS FOR (n:LABEL) ON (n.name)
DROP INDEX none_LABEL IF EXISTS
CREATE CONSTRAINT constraint_LABEL FOR (n:LABEL) REQUIRE n.y IS UNIQUE
DROP CONSTRAINT none_LABEL IF EXISTS
`)

// failing end in a failure, at once or after some records. RETURN 1 % 0 is left out: once the server's JVM has
// optimized it, the failure has no message, and Neo4j 5.26 then sends no answer at all over Bolt.
var failing = lines(`
RETRUN 1
RETURN
RETURN x
RETURN 1 AS x, 2 AS x
RETURN 1/0
UNWIND range(1, 20) AS i RETURN 10 / (15 - i)
RETURN $missing
RETURN noSuchFunction(1)
CALL no.such.procedure()
CALL dbms.components() YIELD nothing RETURN nothing
MATCH (n) WHERE n.x = RETURN n
MATCH (n RETURN n
RETURN 'unterminated
RETURN date('2026-13-01')
RETURN date('nonsense')
RETURN time('25:00')
RETURN datetime('2026-01-01T00:00[Nowhere/City]')
RETURN duration('nonsense')
RETURN point({x: 1})
RETURN point({latitude: 100, longitude: 0})
RETURN toInteger([])
RETURN 9223372036854775808
RETURN 1 + {}
RETURN [1] + {a: 1} > 3
RETURN range(1, 10, 0)
RETURN size(5)
RETURN {a: 1}.a.b.c
RETURN abs('x')
WITH 1 AS x MATCH (x) RETURN x
MATCH (n) RETURN count(count(n))
CREATE (n:LABEL) RETURN m
DELETE 5
SET x = 1
FOREACH (x IN 5 | CREATE (:LABEL))
SHOW NONSENSE
UNWIND 5 AS
USE nosuchgraph RETURN 1
LOAD CSV FROM 'file:///no-such-file.csv' AS line RETURN line
UNWIND [1, 0] AS x RETURN 1/x
RETURN 9223372036854775807 + 1
CREATE (n:LABEL {a: {b: 1}})
RETURN toInteger(true) + [1].x
RETURN [1, 2][1.5]
RETURN date('0000-00-00') AS x
RETURN duration({})
`)

func lines(text string) []string {
	return strings.Split(strings.TrimSpace(text), "\n")
}
