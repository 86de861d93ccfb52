package bolt_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// profileOf is how to reach a test server.
func profileOf(t testing.TB, server *neo4jtest.Server) client.Profile {
	t.Helper()
	profile, err := client.ParseProfile(server.BoltURI())
	require.NoError(t, err)
	profile.User, profile.Password = server.User, client.Secret(server.Password)
	return profile
}

// openReal opens a connection to a real server.
func openReal(t testing.TB, version neo4jtest.Version, options client.Options) *bolt.Connection {
	t.Helper()
	profile := profileOf(t, neo4jtest.Need(t, version))
	conn, err := net.Dial("tcp", profile.Address())
	require.NoError(t, err)
	c, err := bolt.Open(limited(t), conn, profile, options)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// limited is a context that ends a test that hangs.
func limited(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func each(t *testing.T, do func(t *testing.T, version neo4jtest.Version)) {
	for _, version := range neo4jtest.Versions {
		t.Run(string(version), func(t *testing.T) { do(t, version) })
	}
}

// all reads a result to its end.
func all(t testing.TB, result *client.Result) (rows [][]any) {
	t.Helper()
	for record, err := range result.Records(limited(t)) {
		require.NoError(t, err)
		values, err := record.Values()
		require.NoError(t, err)
		rows = append(rows, values)
	}
	return rows
}

func TestRunProg(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		c := openReal(t, version, client.Options{})
		result, err := c.RunProg(limited(t), "", "UNWIND range(1, $n) AS i RETURN i, toString(i) AS s",
			map[string]any{"n": 25000}, true)
		require.NoError(t, err)
		fields, err := result.Fields(limited(t))
		require.NoError(t, err)
		require.Equal(t, []string{"i", "s"}, fields)
		rows := all(t, result)
		require.Len(t, rows, 25000)
		require.Equal(t, []any{int64(25000), "25000"}, rows[24999])
		require.True(t, result.Summary().Complete)
		require.Equal(t, client.TransportTCP, result.Summary().Transport)
		require.Equal(t, "r", result.Summary().QueryType)
		require.True(t, c.Clean())
		neo4jVersion, err := c.Neo4jVersion(limited(t))
		require.NoError(t, err)
		require.Equal(t, string(version), neo4jVersion)
		edition, err := c.Neo4jEdition(limited(t))
		require.NoError(t, err)
		require.Equal(t, "community", edition)
	})
}

func TestTransaction(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		c := openReal(t, version, client.Options{FetchSize: 10})
		ctx := limited(t)
		tx, err := c.Begin(ctx, "", false)
		require.NoError(t, err)
		first, err := c.RunQuery(ctx, tx, "UNWIND range(1, 100) AS i RETURN i", nil)
		require.NoError(t, err)
		second, err := c.RunQuery(ctx, tx, "UNWIND range(101, 200) AS i RETURN i", nil)
		require.NoError(t, err)
		require.Len(t, all(t, second), 100)
		bookmark, err := c.Commit(ctx, tx)
		require.NoError(t, err)
		require.NotEmpty(t, bookmark)
		require.Len(t, all(t, first), 100)
		require.True(t, c.Clean())
		_, err = c.Commit(ctx, tx)
		require.ErrorAs(t, err, new(*client.ArgumentError))

		tx, err = c.Begin(ctx, "neo4j", true, client.TxOptions{
			Bookmarks: []string{bookmark}, Timeout: time.Minute, Metadata: map[string]any{"a": 1}})
		require.NoError(t, err)
		result, err := c.RunQuery(ctx, tx, "UNWIND range(1, 100) AS i RETURN i", nil)
		require.NoError(t, err)
		record, err := result.Fetch(ctx)
		require.NoError(t, err)
		require.NotNil(t, record)
		_, err = c.Rollback(ctx, tx)
		require.NoError(t, err)
		require.True(t, c.Clean())
	})
}

func TestFailureInTransaction(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		c := openReal(t, version, client.Options{})
		ctx := limited(t)
		tx, err := c.Begin(ctx, "", false)
		require.NoError(t, err)
		_, err = c.RunQuery(ctx, tx, "RETURN wrong syntax here", nil)
		failure := new(client.Failure)
		require.ErrorAs(t, err, &failure)
		require.Equal(t, "Neo.ClientError.Statement.SyntaxError", failure.Code)
		require.True(t, tx.Broken())
		_, err = c.RunQuery(ctx, tx, "RETURN 1", nil)
		require.ErrorAs(t, err, new(*client.ArgumentError))
		result, err := c.RunProg(ctx, "", "RETURN 1 AS x", nil, true)
		require.NoError(t, err)
		require.Equal(t, [][]any{{int64(1)}}, all(t, result))
		require.NoError(t, c.Reset(ctx, true))
		require.True(t, c.Clean())
	})
}
