package boltfake_test

import (
	"context"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/boltfake"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, stream net.Conn) *bolt.Connection {
	profile, err := client.ParseProfile("bolt://fake:1")
	require.NoError(t, err)
	c, err := bolt.Open(context.Background(), stream, profile, client.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestScript(t *testing.T) {
	l := boltfake.Listen(t, func(c *boltfake.Conn) {
		c.Login(client.Version{Major: 5, Minor: 8}, nil)
		require.Equal(t, "RETURN 1 AS x", c.Answer("RUN", map[string]any{"fields": []any{"x"}}).Text(0))
		c.Expect("PULL")
		c.Noop()
		c.Record(1)
		c.Success(nil)
		c.AwaitClose()
	})
	stream, err := net.Dial("tcp", l.Address)
	require.NoError(t, err)
	result, err := open(t, stream).RunProg(context.Background(), "", "RETURN 1 AS x", nil, true)
	require.NoError(t, err)
	record, err := result.Fetch(context.Background())
	require.NoError(t, err)
	values, err := record.Values()
	require.NoError(t, err)
	require.Equal(t, []any{int64(1)}, values)
}

func TestServer(t *testing.T) {
	versions := []client.Version{{Major: 3}, {Major: 4}, {Major: 4, Minor: 3}, {Major: 4, Minor: 4}, {Major: 5},
		{Major: 5, Minor: 8}, {Major: 6, Minor: 1}}
	for _, version := range versions {
		t.Run(version.String(), func(t *testing.T) {
			ctx := context.Background()
			server := &boltfake.Server{
				Version: version,
				Run: func(q boltfake.Query) boltfake.Answer {
					if q.Text == "FAIL" {
						return boltfake.Answer{Failure: &client.Failure{Code: "Neo.ClientError.Statement.SyntaxError",
							Message: "no"}}
					}
					if q.Parameters["context"] != nil {
						servers := []any{map[string]any{"role": "READ", "addresses": []any{"a:1"}}}
						return boltfake.Answer{Fields: []string{"ttl", "servers"}, Records: [][]any{{9, servers}}}
					}
					return boltfake.Answer{Fields: []string{"x", "y"}, Records: [][]any{{1, "a"}, {2, q.InTransaction}}}
				},
				Route: func(r boltfake.RouteRequest) (boltfake.RoutingTable, *client.Failure) {
					return boltfake.RoutingTable{TTL: 9, Readers: []string{"a:1"}}, nil
				},
			}
			stream, err := net.Dial("tcp", server.Start(t))
			require.NoError(t, err)
			c := open(t, stream)
			tx, err := c.Begin(ctx, "", true)
			require.NoError(t, err)
			result, err := c.RunQuery(ctx, tx, "RETURN", nil)
			require.NoError(t, err)
			require.NoError(t, result.Buffer(ctx))
			bookmark, err := c.Commit(ctx, tx)
			require.NoError(t, err)
			require.Equal(t, "bookmark:1", bookmark)
			_, err = c.RunProg(ctx, "", "FAIL", nil, true)
			require.ErrorAs(t, err, new(*client.Failure))
			route, err := c.Route(ctx, "", map[string]string{"region": "eu"})
			require.NoError(t, err)
			require.Equal(t, []string{"a:1"}, route.Readers)
			require.Equal(t, 1, server.Opened())
		})
	}
}
