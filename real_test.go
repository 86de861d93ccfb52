package webbolt_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

type town struct {
	ID   string `neo4j:",elementid"`
	Name string
}

type way struct {
	Type  string `neo4j:",type"`
	Start string `neo4j:",start"`
	End   string `neo4j:",end"`
	Km    float64
}

// Structs against real servers, over Bolt and HTTP, which say ids in different ways.
func TestStructsFromRealServers(t *testing.T) {
	for _, version := range []neo4jtest.Version{neo4jtest.V4_4, neo4jtest.V5, neo4jtest.V2026} {
		server := neo4jtest.Need(t, version)
		for _, uri := range []string{server.BoltURI(), server.HTTPURI()} {
			t.Run(string(version)+" "+uri[:4], func(t *testing.T) {
				db, err := webbolt.Connect(t.Context(), uri, webbolt.BasicAuth(server.User, server.Password))
				require.NoError(t, err)
				defer db.Close()
				tx, err := db.Begin(t.Context())
				require.NoError(t, err)
				defer tx.Rollback(context.WithoutCancel(t.Context()))
				readTrip(t, tx)
			})
		}
	}
}

func readTrip(t *testing.T, tx *webbolt.Tx) {
	summary, err := tx.Exec(t.Context(),
		"CREATE (:FaceTown {name: 'Malmö'})-[:ROAD {km: 272}]->(:FaceTown {name: 'Göteborg'})<-[:ROAD {km: "+
			"293.5}]-(:FaceTown {name: 'Oslo'})", nil)
	require.NoError(t, err)
	require.EqualValues(t, 3, summary.Counters.NodesCreated)
	type trip struct {
		Stops []town `neo4j:",nodes"`
		Roads []way  `neo4j:",relationships"`
	}
	got, err := webbolt.One[trip](tx.Query(t.Context(),
		"MATCH p = (:FaceTown {name: $from})-[:ROAD*2]-(:FaceTown {name: $to}) RETURN p",
		webbolt.Params{"from": "Malmö", "to": "Oslo"}))
	require.NoError(t, err)
	require.Len(t, got.Stops, 3)
	require.Equal(t, []string{"Malmö", "Göteborg", "Oslo"}, []string{
		got.Stops[0].Name, got.Stops[1].Name, got.Stops[2].Name})
	require.Equal(t, []way{{"ROAD", got.Stops[0].ID, got.Stops[1].ID, 272},
		{"ROAD", got.Stops[2].ID, got.Stops[1].ID, 293.5}}, got.Roads)
	type row struct {
		A town
		R way
		B *town
		N *int64
	}
	rows, err := webbolt.Collect[row](tx.Query(t.Context(),
		"MATCH (a:FaceTown)-[r:ROAD]->(b:FaceTown) RETURN a, r, b, null AS n ORDER BY a.name", nil))
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.Equal(t, row{got.Stops[0], got.Roads[0], &got.Stops[1], nil}, rows[0])
	require.NotEmpty(t, rows[0].A.ID)
}
