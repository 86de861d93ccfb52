package session

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var framed = Rules{ReadOnly: true, Databases: []string{"neo4j"}}

func TestUseIsSeen(t *testing.T) {
	for _, text := range []string{
		"USE x RETURN 1", "use x RETURN 1", "\n\tUsE x", "EXPLAIN USE x RETURN 1", "CYPHER 5 USE x RETURN 1",
		"RETURN 1 UNION USE x RETURN 1", "CALL {USE x RETURN 1}", "/* ' */USE x", "// it's\nUSE x", "/**/ USE x // '",
		`RETURN 'a\'' UNION USE x RETURN ""`, "RETURN '//' UNION USE x RETURN 1",
		"RETURN `a``' ` UNION USE x RETURN '`'",
		"RETURN \"'\" UNION USE x RETURN \"'\"", "USE\u00a0x RETURN 1", "USE/**/x RETURN 1", "USE`x` RETURN 1",
		`\u0055SE x`, "// \u2028USE x", "WITH 1 AS a$ CALL { WITH a$ USE x RETURN 1 }",
		"WITH 1 AS a$$ CALL { WITH a$$/**/USE x RETURN 1 }",
		// Digits and the word in one piece, which the server's parser of options takes apart.
		"CYPHER 5USE system CALL dbms.components()", "CYPHER 25USE x RETURN 1", "CYPHER 4.4USE x RETURN 1",
		"EXPLAIN CYPHER 5USE x RETURN 1",
		"CYPHER 5.USE x RETURN 1", "CYPHER 5. USE x RETURN 1", "CYPHER 5planner=cost USE x RETURN 1",
		"CYPHER planner=cost USE x RETURN 1",
		// Characters that Cypher takes into names, or passes over.
		"WITH 1 AS a€$ CALL { WITH a€$ USE x RETURN 1 AS y } RETURN y",
		"WITH 1 AS a\u00ad CALL { WITH a\u00ad USE x RETURN 1 AS y } RETURN y",
		"WITH 1 AS `a` CALL { WITH `a`USE x RETURN 1 AS y } RETURN y",
		"WITH 1 AS a€ CALL { WITH a€\u0085USE x RETURN 1 AS y } RETURN y", "\ufeffUSE x",
		// Strings that hold code.
		"CYPHER 25 RETURN s'{ COLLECT { USE x RETURN 1 } }' AS y",
		`CYPHER 25 RETURN S"a{ '}' + COLLECT { USE x RETURN 1 } }" AS y`,
		"CYPHER 25 RETURN 1 AS y NEXT USE x RETURN 1 AS y", "USE graph.byName('x') RETURN 1",
		"USE graph.byElementId($id) RETURN 1",
		"/***/ ' */ USE x RETURN 1 //'", "UſE x RETURN 1", "[1..USE x", "RETURN 1; USE x RETURN 1",
	} {
		require.NotNil(t, framed.Query(text), text)
	}
}

func TestHarmlessTextsPass(t *testing.T) {
	for _, text := range []string{
		"", ";", "RETURN 1", "RETURN 1;", "MATCH (n) USING INDEX n:Person(name) RETURN n", "RETURN 'USE x'",
		`RETURN "use" AS a`, "RETURN n.use", "RETURN n . use",
		"MATCH (n:Use) RETURN $use", "RETURN 1 AS `use`", "// use this\nRETURN 1", "/* use */ RETURN 1",
		"RETURN 1 AS used, 2 AS _use, 3 AS use2",
		"RETURN 1 AS réuse, 2 AS 名use", `RETURN '\'use'`, "RETURN {use: 1, show: 2} AS use, n[0].use",
		"MATCH (use)-[:KNOWS]->(start) RETURN start",
		"CYPHER 5 RETURN 1", "CYPHER 25 runtime=slotted planner=cost MATCH (n) RETURN n",
		"EXPLAIN CYPHER 4.4 MATCH (n) RETURN n", "PROFILE MATCH (n) RETURN n",
		"explain plan match (n) return n", "RETURN 1.5e-3, 0x1F, 1_000, .5, [1..2], 1e5",
		"MATCH (a)-[*1..3]->(b) RETURN a", "CREATE p = (:A) RETURN p",
		"CREATE INDEX x FOR (n:A) ON (n.x)", "CREATE (n {name: $name})", "MERGE (n) ON CREATE SET n.x = 1",
		"DROP INDEX x", "DROP CONSTRAINT x",
		"CALL db.labels()", "CALL db.labels YIELD label RETURN label", "call DBMS.components()",
		"CALL dbms . `components` ()", "CALL { MATCH (n) RETURN n } RETURN n",
		"CALL (n) { RETURN 1 AS x } RETURN x",
		"RETURN date.truncate('day', date()), point.distance(a, b), duration.between(a, b)",
		// What the page asks by itself.
		"MATCH p = shortestPath((a)-[*..20]-(b)) RETURN p",
		"RETURN sin(1 / 50000.0), n.x * 0.5 AS half, 'row ' + n AS text",
		"CALL db.schema.visualization()",
		"CALL db.relationshipTypes() YIELD relationshipType AS name RETURN name LIMIT 5000",
		"SHOW FUNCTIONS YIELD name, signature, description", "MATCH (n) WHERE elementId(n) IN $ids\nRETURN n{.use, .x}",
		"SHOW INDEXES", "SHOW ALL CONSTRAINTS YIELD *", "SHOW USER DEFINED FUNCTIONS", "SHOW BUILT IN FUNCTIONS",
		"SHOW PROCEDURES YIELD name",
		"MATCH (call:Call) WHERE call.drop > 1 RETURN call", "MATCH (n) WHERE n.x IN ([1]) AND n.y = (1) RETURN n.z",
		"CYPHER 25 { RETURN 1 }",
	} {
		require.Nil(t, framed.Query(text), text)
	}
}

func TestWhatLeadsOutOfTheFrame(t *testing.T) {
	for text, rule := range map[string]string{
		"SHOW USERS": "command", "SHOW DATABASES": "command", "EXPLAIN SHOW CURRENT USER": "command",
		"SHOW ALL PRIVILEGES": "command", "SHOW SERVERS": "command",
		"SHOW TRANSACTIONS": "command", "SHOW/**/SETTINGS": "command",
		"CYPHER 25 RETURN 1 AS x NEXT SHOW TRANSACTIONS YIELD * RETURN 1": "command",
		"show aliases for database":                                       "command",
		"TERMINATE TRANSACTIONS 'x'":                                      "command",
		"TERMINATE\u0085TRANSACTION 'x'":                                  "command",
		"SHOW INDEXES YIELD * TERMINATE TRANSACTION 'x'":                  "command",
		"CREATE USER x SET PASSWORD 'abcdefgh'":                           "command",
		"CREATE OR REPLACE DATABASE x":                                    "command",
		"CREATE DATABASE x":                                               "command",
		"CREATE COMPOSITE DATABASE x":                                     "command",
		"ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'":                 "command", "DROP DATABASE x": "command",
		"DROP USER x": "command", "RENAME USER x TO y": "command",
		"GRANT ROLE x TO y": "command", "DENY MATCH {*} ON GRAPH * TO x": "command",
		"REVOKE ROLE x FROM y": "command", "START DATABASE x": "command", "STOP DATABASE x": "command",
		"ENABLE SERVER 'x'": "command", "DEALLOCATE DATABASES FROM SERVER 'x'": "command",
		"REALLOCATE DATABASES": "command", "DRYRUN REALLOCATE DATABASES": "command",
		"NOVELTY x": "command", "CYPHER 5 NOVELTY x": "command", "EXPLAIN 5 RETURN 1": "command",
		"LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l":   "load_csv",
		"UNWIND $u AS u LOAD /* */ CSV FROM u AS l RETURN l": "load_csv", "LOAD\u1680CSV FROM 'x' AS l": "load_csv",
		"CALL dbms.killQuery('x')": "call", "CALL `dbms`.`killTransaction`('x')": "call",
		"CALL dbms . /* */ killConnections(['x'])": "call", "OPTIONAL CALL dbms.listQueries": "call",
		"CALL dbms.listTransactions YIELD id RETURN id": "call", "CALL fleetManagement.disable()": "call",
		"CALL apoc.load.json('http://127.0.0.1')": "call", "CALL db.clearQueryCaches()": "call",
		"CALL dbms.routing.getRoutingTable({}, 'x')":                    "call",
		"RETURN apoc.cypher.runFirstColumnSingle('USE x RETURN 1', {})": "call",
		"RETURN `graph`.`propertiesByName`('x')":                        "call", "CALL db.`la.bels`()": "call",
		"CALL dbms.components.x()":                  "call",
		"CALL a" + strings.Repeat(".a", 100) + "()": "call", "CALL db.labels" + strings.Repeat("x", 300) + "()": "call",
		"RETURN '": "text", "/* never ends USE x": "text", "RETURN `x": "text", "RETURN 1 // a\u2028b": "text",
		"RETURN 1AS x": "text", "RETURN s'x'": "text",
	} {
		refused := framed.Query(text)
		require.NotNil(t, refused, text)
		require.Equal(t, rule, refused.Rule, text)
	}
}

func TestWhatAGrantAdds(t *testing.T) {
	for text, rules := range map[string]Rules{
		"LOAD CSV FROM 'https://example.org/x' AS l RETURN l": {ReadOnly: true, LoadCSV: true},
		"SHOW TRANSACTIONS YIELD *":                           {ReadOnly: true, Administer: true},
		"TERMINATE TRANSACTIONS $ids":                         {ReadOnly: true, Administer: true},
		"SHOW SETTINGS":                                       {ReadOnly: true, Administer: true},
		"CALL dbms.killQueries($ids)":                         {ReadOnly: true, Administer: true},
		"CALL gds.pageRank.stream($x)":                        {ReadOnly: true, Procedures: []string{"GDS.*"}},
		"CALL apoc.path.expand(n)": {ReadOnly: true,
			Procedures: []string{"apoc.path.expand"}},
		"CALL dbms.routing.getRoutingTable({}, 'x')": {ReadOnly: true},
		"SHOW DATABASES":                        {ReadOnly: true},
		"USE x RETURN 1":                        {Timeout: 1},
		"CREATE USER x SET PASSWORD 'abcdefgh'": {},
	} {
		require.Nil(t, rules.Query(text), text)
	}
	administer := Rules{Databases: []string{"neo4j"}, Administer: true, LoadCSV: true, Procedures: []string{"*"}}
	for _, text := range []string{
		"USE x RETURN 1", "SHOW DATABASES", "SHOW USERS", "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'",
	} {
		require.NotNil(t, administer.Query(text), text)
	}
}

func TestCheckProcedure(t *testing.T) {
	for pattern, fine := range map[string]bool{
		"gds.*": true, "apoc.path.expand": true, "*": true, "": false, "a.*.b": false, "a.b()": false, "`a`.b": false,
	} {
		require.Equal(t, fine, CheckProcedure(pattern) == nil, pattern)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("RETURN 'use' /* x */ // y\n`z`")
	f.Add("CYPHER 25 planner=cost CALL a.b.`c`(s'{ USE x }')")
	f.Add("CREATE p = (:A) SHOW ALL INDEXES TERMINATE")
	f.Fuzz(func(t *testing.T, text string) {
		framed.Query(text) // must end, and not panic
		for _, before := range []string{"", "EXPLAIN ", "CYPHER 5", "CYPHER 5.", "/* ' */", "RETURN 1 UNION "} {
			if framed.Query(before+"USE x "+text) == nil {
				t.Fatal("USE was not seen behind " + before)
			}
		}
	})
}
