package webbolt_test

import (
	"strings"

	"github.com/webbolt/webbolt"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// movies is the server of the examples: it knows their queries.
func movies() *boltfake.Server {
	people := [][]any{{"Tom Hanks", 1956}, {"Keanu Reeves", 1964}, {"Carrie-Anne Moss", 1967}}
	keanu := boltfake.Node(1, "4:m:1", []any{"Person", "Actor"}, map[string]any{"name": "Keanu Reeves", "born": 1964})
	matrix := boltfake.Node(2, "4:m:2", []any{"Movie"}, map[string]any{"title": "The Matrix", "released": 1999})
	town := func(id int64, elementID, name string) any {
		return boltfake.Node(id, elementID, []any{"Town"}, map[string]any{"name": name})
	}
	road := func(id int64, elementID string, km float64) any {
		return boltfake.Unbound(id, elementID, "ROAD", map[string]any{"km": km})
	}
	trip := boltfake.Path([]any{town(3, "4:m:3", "Malmö"), town(4, "4:m:4", "Göteborg"), town(5, "4:m:5", "Oslo")},
		[]any{road(1, "5:m:1", 272), road(2, "5:m:2", 293)}, 1, 1, 2, 2)
	answers := map[string]boltfake.Answer{
		"RETURN 'hello'": {Fields: []string{"'hello'"}, Records: [][]any{{"hello"}}},
		"MATCH (p:Person) WHERE p.born > $year RETURN p.name AS name, p.born AS born": {Fields: []string{"name",
			"born"}, Records: people[1:]},
		"MATCH (p:Person)-[r:ACTED_IN]->(m:Movie) RETURN p, r.roles AS roles, m": {
			Fields: []string{"p", "roles", "m"}, Records: [][]any{{keanu, []any{"Neo"}, matrix}}},
		"MATCH p = (:Town {name: $from})-[:ROAD*]->(:Town {name: $to}) RETURN p": {Fields: []string{"p"},
			Records: [][]any{{trip}}},
		"MATCH (p:Person {name: $name}) RETURN p.born": {Fields: []string{"p.born"}},
		"MATCH (m:Movie) RETURN m.title": {Fields: []string{"m.title"},
			Records: [][]any{{"The Matrix"}}},
		"MATCH (a:Account {id: $from}) RETURN a.balance": {Fields: []string{"a.balance"},
			Records: [][]any{{50}}},
		"CREATE (:Person {name: $name})": {
			Summary: map[string]any{"stats": map[string]any{"nodes-created": 1}}},
		"UNWIND range(1, $n) AS i RETURN i": numbersFrom1(1000),
	}
	return &boltfake.Server{Run: func(q boltfake.Query) boltfake.Answer {
		if answer, ok := answers[q.Text]; ok {
			return answer
		}
		word, _, _ := strings.Cut(q.Text, " ")
		return boltfake.Answer{Failure: &webbolt.Failure{Code: "Neo.ClientError.Statement.SyntaxError",
			Message: "Invalid input '" + word + "'"}}
	}}
}

func numbersFrom1(n int) boltfake.Answer {
	answer := boltfake.Answer{Fields: []string{"i"}}
	for i := range n {
		answer.Records = append(answer.Records, []any{i + 1})
	}
	return answer
}
