package sample

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/internal/neo4jtest"
)

func TestSampleIsTheSameEveryTime(t *testing.T) {
	require.Equal(t, Statements(), Statements())
	nodes, relationships := Counts()
	require.Greater(t, nodes, 200)
	require.Greater(t, relationships, nodes)
}

func TestNamesAreUnique(t *testing.T) {
	c := build()
	for kind, rows := range map[string][]any{"city": c.cities, "station": c.stations, "line": c.lines,
		"train": c.trains, "person": c.people, "operator": c.operators} {
		seen := map[string]bool{}
		for _, r := range rows {
			name := r.(row)["name"].(string)
			require.False(t, seen[name], "%s %s", kind, name)
			seen[name] = true
		}
	}
}

func TestParametersAreOfTheKindsPromised(t *testing.T) {
	var check func(value any)
	check = func(value any) {
		switch value := value.(type) {
		case string, int64, float64, bool:
		case []any:
			for _, item := range value {
				check(item)
			}
		case map[string]any:
			for _, item := range value {
				check(item)
			}
		default:
			require.Fail(t, "a parameter is of another kind", "%v", reflect.TypeOf(value))
		}
	}
	for _, statement := range Statements() {
		check(statement.Parameters)
	}
}

// Every version takes the statements, and what it says to have created is what
// Counts says. The transaction is rolled back: nothing stays.
func TestSampleLoads(t *testing.T) {
	for _, version := range neo4jtest.Versions {
		t.Run(string(version), func(t *testing.T) {
			tx := begin(t, neo4jtest.Need(t, version))
			defer tx.rollback(t)
			var created created
			for _, statement := range Statements() {
				created.add(tx.run(t, statement).Stats)
			}
			nodes, relationships := Counts()
			require.Equal(t, nodes, created.Nodes)
			require.Equal(t, relationships, created.Relationships)
			require.Equal(t, []any{1.0}, tx.run(t, Loaded()).Data[0].Row)
			kinds := tx.run(t, Statement{Text: kindsQuery})
			require.Equal(t, []any{true}, kinds.Data[0].Row)
			alone := tx.run(t, Statement{Text: aloneQuery})
			require.Equal(t, []any{0.0}, alone.Data[0].Row)
		})
	}
}

// kindsQuery finds one path with properties of most kinds.
const kindsQuery = `MATCH (person:Person:Driver)-[:DRIVES]->(train:Train)-[:SERVES]->(line)-[:CALLS_AT]->(station:Station:Hub)
WHERE person.born < date() AND train.built < localdatetime() AND line.every = duration(toString(line.every))
  AND station.location.srid = 4326 AND line.lastTrain.offset = '-02:00'
RETURN count(*) > 0`

const aloneQuery = `MATCH (n) WHERE (n:Network OR n:City OR n:Operator OR n:Station OR n:Line OR n:Train OR n:Person)
  AND NOT (n)--() RETURN count(n)`

type created struct {
	Nodes         int `json:"nodes_created"`
	Relationships int `json:"relationships_created"`
}

func (c *created) add(other created) {
	c.Nodes += other.Nodes
	c.Relationships += other.Relationships
}

type answer struct {
	Stats created
	Data  []struct{ Row []any }
}

// transaction is one over the HTTP transaction API, so that this test does not
// depend on the client that the sample serves to show.
type transaction struct {
	server *neo4jtest.Server
	url    string
}

func begin(t *testing.T, server *neo4jtest.Server) *transaction {
	tx := &transaction{server: server, url: server.HTTPURI() + "/db/neo4j/tx"}
	response := tx.send(t, http.MethodPost, nil)
	tx.url = response.Header.Get("Location")
	require.NotEmpty(t, tx.url)
	return tx
}

func (tx *transaction) run(t *testing.T, statement Statement) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"statements": []any{map[string]any{
		"statement": statement.Text, "parameters": statement.Parameters, "includeStats": true}}})
	require.NoError(t, err)
	var answers struct {
		Results []answer
		Errors  []any
	}
	response := tx.send(t, http.MethodPost, body)
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answers))
	require.Empty(t, answers.Errors, statement.Text)
	return answers.Results[0]
}

func (tx *transaction) rollback(t *testing.T) { tx.send(t, http.MethodDelete, nil) }

func (tx *transaction) send(t *testing.T, method string, body []byte) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, tx.url, bytes.NewReader(body))
	require.NoError(t, err)
	request.SetBasicAuth(tx.server.User, tx.server.Password)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	t.Cleanup(func() { response.Body.Close() })
	require.Less(t, response.StatusCode, 300)
	return response
}
