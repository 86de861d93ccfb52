package bolt_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// spokenBy says which server speaks a version, as measured.
func spokenBy(server neo4jtest.Version, v client.Version) bool {
	switch server {
	case neo4jtest.V4_4:
		return v.Major == 3 || v.Major == 4
	case neo4jtest.V5:
		return v.Major == 4 || v.Major == 5
	}
	return v.Major >= 4
}

// Each version, on each server that speaks it, does the whole of a connection's work.
func TestEveryVersion(t *testing.T) {
	each(t, func(t *testing.T, server neo4jtest.Version) {
		for _, version := range wire.Versions {
			if !spokenBy(server, version) {
				continue
			}
			t.Run(version.String(), func(t *testing.T) {
				c := openReal(t, server, client.Options{BoltVersions: []client.Version{version}, FetchSize: 100})
				require.Equal(t, version, c.ProtocolVersion())
				converse(t, c)
			})
		}
	})
}

// converse does a bit of everything, and leaves the connection clean.
func converse(t *testing.T, c *bolt.Connection) {
	ctx := limited(t)
	graph := ""
	if c.SupportsMulti() {
		graph = "neo4j"
	}
	result, err := c.RunProg(ctx, graph, "UNWIND range(1, 1000) AS i RETURN i, $p AS p",
		map[string]any{"p": []any{1, "ü", nil, 1.5}}, true)
	require.NoError(t, err)
	require.Len(t, all(t, result), 1000)
	require.NotEmpty(t, result.Summary().Bookmark)
	require.Equal(t, "r", result.Summary().QueryType)
	require.GreaterOrEqual(t, result.Summary().AvailableAfter, time.Duration(0))

	options := client.TxOptions{Metadata: map[string]any{"test": true}}
	if c.SupportsMulti() { // over Bolt 3 the server gives bookmarks that it does not take back
		options.Bookmarks = []string{result.Summary().Bookmark}
	}
	tx, err := c.Begin(ctx, graph, false, options)
	require.NoError(t, err)
	first, err := c.RunQuery(ctx, tx, "UNWIND range(1, 1000) AS i RETURN i", nil)
	require.NoError(t, err)
	second, err := c.RunQuery(ctx, tx, "UNWIND range(1, 500) AS i RETURN -i", nil)
	require.NoError(t, err)
	id, err := second.QueryID(ctx)
	require.NoError(t, err)
	require.Equal(t, c.SupportsMulti(), id != "")
	require.Len(t, all(t, second), 500)
	require.Len(t, all(t, first), 1000)
	third, err := c.RunQuery(ctx, tx, "UNWIND range(1, 100000) AS i RETURN i", nil)
	require.NoError(t, err)
	require.NoError(t, third.Discard(ctx))
	bookmark, err := c.Commit(ctx, tx)
	require.NoError(t, err)
	require.NotEmpty(t, bookmark)

	_, err = c.RunProg(ctx, graph, "RETURN", nil, true)
	require.ErrorAs(t, err, new(*client.Failure))
	failing, err := c.RunProg(ctx, graph, "UNWIND [1, 2, 0] AS i RETURN 1/i", nil, true)
	if err == nil {
		err = failing.Buffer(ctx)
	}
	require.ErrorAs(t, err, new(*client.Failure))

	route, err := c.Route(ctx, graph, nil)
	require.NoError(t, err)
	require.NotEmpty(t, route.Readers)
	require.NotEmpty(t, route.Writers)
	require.Positive(t, route.TTL)
	require.NoError(t, c.Reset(ctx, true))
	require.True(t, c.Clean())
}
