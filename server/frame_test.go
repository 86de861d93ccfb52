package server

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/neo4jtest"
	"github.com/webbolt/webbolt/server/session"
)

// waysOut are texts that lead out of the frame of a session on one server or another. All were taken once.
var waysOut = []string{
	"CYPHER 5USE system CALL dbms.components()", "CYPHER 25USE system CALL dbms.components()",
	"CYPHER 4.4USE system CALL dbms.components()",
	"EXPLAIN CYPHER 5USE system CALL dbms.components()", "CYPHER 5planner=cost USE system CALL dbms.components()",
	"CYPHER 25USE system CALL fleetManagement.disable()",
	"CYPHER 5.USE system CALL dbms.components()", "WITH 1 AS a€$ CALL { WITH a€$ USE system RETURN 1 AS x } RETURN x",
	"WITH 1 AS a\u00ad CALL { WITH a\u00ad USE system RETURN 1 AS x } RETURN x",
	"WITH 1 AS a\u203f$ CALL { WITH a\u203f$ USE system RETURN 1 AS x } RETURN x",
	"CYPHER 25 RETURN s'{ COLLECT { USE system RETURN 1 } }' AS x",
	`CYPHER 25 RETURN s"a{ '}' + COLLECT { USE system RETURN 1 } }" AS x`,
	"CALL fleetManagement.disable()", "SHOW USERS",
	"CYPHER 25 RETURN 1 AS x NEXT SHOW TRANSACTIONS YIELD * RETURN 1 AS y",
	"TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
	"CALL dbms.killConnections(['bolt-1'])", "CALL dbms.`killQuery`('query-1')",
	"LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
	"LOAD/**/CSV FROM 'http://127.0.0.1:7474/' AS line RETURN line", "CREATE USER eve SET PASSWORD 'abcdefgh'",
	"ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'abcdefgh'",
}

func TestNoWayOutOfTheFrame(t *testing.T) {
	for _, version := range neo4jtest.Versions {
		frames := map[string]session.Rules{"read only": {ReadOnly: true}, "databases": {Databases: []string{"neo4j"}}}
		for name, rules := range frames {
			t.Run(string(version)+" "+name, func(t *testing.T) {
				p := guarded(t, version, rules).bolt(t)
				p.login(4, 4, passToken)
				r := httpRelay(t, version, rules)
				for _, text := range waysOut {
					p.ask(wire.MessageRun, text, dict{}, dict{})
					require.Equal(t, "Neo.ClientError.Security.Forbidden", p.refused("the relay").meta()["code"], text)
					p.reset()
					p.ask(wire.MessageBegin, dict{}) // nor in a transaction, in which servers take USE just so
					p.want(wire.MessageSuccess)
					p.ask(wire.MessageRun, text, dict{}, dict{})
					p.refused("the relay")
					p.reset()
					quoted, err := json.Marshal(text)
					require.NoError(t, err)
					for path, body := range map[string]string{
						"/http/db/neo4j/tx/commit": `{"statements":[{"statement":"RETURN 1"},{"statement":` +
							string(quoted) + `}]}`,
						"/http/db/neo4j/query/v2": `{"statement":` + string(quoted) + `}`,
					} {
						status, answer, _ := r.api(t, "POST", path, body, "Authorization", bearerPass)
						require.Equal(t, 403, status, "%s: %s", text, answer)
					}
				}
				require.EqualValues(t, 1, p.value("RETURN 1", dict{}))
			})
		}
	}
}

// The frame does not keep out what belongs to a session's own database.
func TestWhatTheFrameLeaves(t *testing.T) {
	for _, version := range neo4jtest.Versions {
		p := guarded(t, version, session.Rules{ReadOnly: true, Databases: []string{"neo4j"}}).bolt(t)
		p.login(4, 4, passToken)
		for _, text := range []string{
			"MATCH (n:FrameTest {use: 'USE x'}) RETURN n.use", "SHOW INDEXES", "SHOW CONSTRAINTS",
			"SHOW PROCEDURES YIELD name", "CALL db.labels()", "CALL dbms.components()",
			"EXPLAIN MATCH (n) RETURN n", "CALL db.schema.visualization()", "RETURN date.truncate('day', date())",
			"CYPHER planner=cost RETURN 'it\\'s' AS x // use",
		} {
			code, message, _ := p.outcome(text)
			require.Empty(t, code, "%s: %s", text, message)
		}
	}
}

// Why the relay reads texts: servers do not keep a transaction in its database, and do not tell afterwards that it
// left.
func TestServersDoNotKeepTheFrame(t *testing.T) {
	for _, version := range neo4jtest.Versions {
		p := guarded(t, version, session.Rules{}).bolt(t)
		p.login(4, 4, passToken)
		p.ask(wire.MessageBegin, dict{"db": "neo4j", "mode": "r"})
		p.want(wire.MessageSuccess)
		p.ask(wire.MessageRun, "USE system CALL dbms.components() YIELD name RETURN name LIMIT 1", dict{}, dict{})
		p.ask(wire.MessagePull, dict{"n": int64(-1)})
		p.want(wire.MessageSuccess)
		p.want(wire.MessageRecord)
		require.Equal(t, "neo4j", p.want(wire.MessageSuccess).meta()["db"], version)
		p.reset()
	}
}
