package httpapi

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/server/session"
)

func TestRouteOf(t *testing.T) {
	for text, want := range map[string]route{
		"GET /":                                {form: discovery},
		"POST /db/neo4j/tx":                    {transactionAPI, "neo4j", false},
		"POST /db/neo4j/tx/commit":             {transactionAPI, "neo4j", true},
		"POST /db/neo4j/tx/12":                 {transactionAPI, "neo4j", false},
		"POST /db/neo4j/tx/12/commit":          {transactionAPI, "neo4j", false},
		"DELETE /db/neo4j/tx/12":               {transactionAPI, "neo4j", false},
		"POST /db/a.b-c/query/v2":              {queryAPI, "a.b-c", true},
		"POST /db/neo4j/query/v2/tx":           {queryAPI, "neo4j", false},
		"POST /db/neo4j/query/v2/tx/x1":        {queryAPI, "neo4j", false},
		"POST /db/neo4j/query/v2/tx/x1/commit": {queryAPI, "neo4j", false},
		"DELETE /db/neo4j/query/v2/tx/x1":      {queryAPI, "neo4j", false},
	} {
		method, path, _ := strings.Cut(text, " ")
		got, known := routeOf(method, path)
		require.True(t, known, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"POST /", "GET /db", "GET /db/neo4j/tx/1", "POST /db//tx/commit", "POST /db/../tx/commit",
		"POST /db/neo4j/tx/../../x", "POST /db/neo4j/tx/%2e%2e",
		"POST /db/neo4j%2fx/tx/commit", "POST /db/%6eeo4j/tx/commit", "POST /db/neo4j/tx/%31/commit",
		"POST /db/neo4j/%74x/commit", "DELETE /db/neo4j/tx/commit", "DELETE /db/neo4j/tx",
		"POST /db/neo4j/cluster/available", "POST /db/neo4j/query/v1",
		"POST /db/neo4j/query/v2/commit", "POST /db/neo4j/query", "POST /db/neo4j/tx/1/2/3", "POST /browser/",
		"POST /db/neo4j/tx/", "PUT /db/neo4j/tx/commit", "POST ",
	} {
		method, path, _ := strings.Cut(text, " ")
		_, known := routeOf(method, path)
		require.False(t, known, text)
	}
}

// Of whatever a page sends, the server gets what the rules allow.
func FuzzRemakeBody(f *testing.F) {
	f.Add(true, `{"statements":[{"statement":"RETURN 1","parameters":{"x":1}}]}`)
	f.Add(false, `{"statement":"RETURN 1","accessMode":"WRITE","maxExecutionTime":99999}`)
	f.Add(false, `{"Statement":"a","statement":"b","impersonatedUser":null}`)
	f.Add(false, `{"statement":"RETURN 1","maxExecutionTime":239807672958224171}`) // 1000 times this is -8 in 64 bits
	f.Add(false, `{"statement":"RETURN 1","maxExecutionTime":-1}`)
	rules := &session.Rules{ReadOnly: true, Queries: []string{"RETURN 1"}, Timeout: 1500 * time.Millisecond}
	f.Fuzz(func(t *testing.T, transaction bool, text string) {
		r := route{form: queryAPI}
		if transaction {
			r.form = transactionAPI
		}
		out, refused, err := remakeBody(r, rules, strings.NewReader(text), len(text))
		if err != nil || refused != nil {
			return
		}
		var got struct {
			Statement        string
			AccessMode       string
			MaxExecutionTime int
			Statements       []struct{ Statement string }
		}
		require.NoError(t, json.Unmarshal(out, &got))
		if transaction {
			for _, s := range got.Statements {
				require.Equal(t, "RETURN 1", s.Statement)
			}
			return
		}
		require.Equal(t, "RETURN 1", got.Statement)
		require.Equal(t, "READ", got.AccessMode)
		require.Contains(t, []int{1, 2}, got.MaxExecutionTime)
		require.NotContains(t, strings.ToLower(string(out)), "impersonated")
	})
}
