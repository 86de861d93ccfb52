package bolt_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// Before Bolt 4.3 a query asks for the table. In Bolt 3 it runs on the one graph that there is: bookmarks would have it
// wait for data that it does not need.
func TestRouteByProcedureWaitsForNoData(t *testing.T) {
	for version, waits := range map[client.Version]bool{{Major: 3}: false, {Major: 4, Minor: 1}: true} {
		server := &boltfake.Server{Version: version, Run: func(boltfake.Query) boltfake.Answer {
			servers := []any{}
			for _, role := range []string{"ROUTE", "READ"} {
				servers = append(servers, map[string]any{"addresses": []any{"db:7687"}, "role": role})
			}
			return boltfake.Answer{Fields: []string{"ttl", "servers"}, Records: [][]any{{int64(300), servers}}}
		}}
		stream, stop := server.Pipe(t)
		t.Cleanup(stop)
		options := client.Options{BoltVersions: []client.Version{version}}
		c, err := bolt.Open(t.Context(), stream, fakeProfile(t), options)
		require.NoError(t, err)
		t.Cleanup(func() { _ = c.Close() })
		_, err = c.RouteWith(t.Context(), "", nil, client.RouteOptions{Bookmarks: []string{"bookmark"}})
		require.NoError(t, err)
		asked := 0
		for _, m := range server.Requests() {
			if m.Name == "RUN" {
				asked++
				require.Equal(t, waits, m.Map(2)["bookmarks"] != nil, version)
			}
		}
		require.Equal(t, 1, asked)
	}
}
