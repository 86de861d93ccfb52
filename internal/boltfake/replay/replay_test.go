package replay_test

import (
	"net"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/client/dial"
	"github.com/webbolt/webbolt/internal/boltfake/replay"
)

// rows is how many of each load are read: more than are distinct, and no multiple of what is fetched at once.
func rows(load string) int {
	if load == "strings" {
		return 6
	}
	return 5003
}

func listen(t *testing.T) *replay.Server {
	t.Helper()
	server, err := replay.Listen("127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	return server
}

func readAll(t *testing.T, stream dial.Conn) {
	t.Helper()
	profile, err := client.ParseProfile("bolt://localhost")
	require.NoError(t, err)
	cx, err := bolt.Open(t.Context(), stream, profile, client.Options{FetchSize: 100})
	require.NoError(t, err)
	defer cx.Close()
	for _, load := range replay.Loads {
		result, err := cx.RunProg(t.Context(), "", load.Name+" "+strconv.Itoa(rows(load.Name)), nil, true)
		require.NoError(t, err)
		count := 0
		for record, err := range result.Records(t.Context()) {
			require.NoError(t, err)
			values, err := record.Values()
			require.NoError(t, err)
			require.Len(t, values, len(load.Fields))
			if load.Name == "integers" && count == 4095 {
				require.Equal(t, []any{int64(4095), int64(4095 * 1_000_003), int64(95)}, values)
			}
			count++
		}
		require.Equal(t, rows(load.Name), count, load.Name)
	}
}

func TestAllLoadsOverTCP(t *testing.T) {
	conn, err := net.Dial("tcp", listen(t).Address)
	require.NoError(t, err)
	readAll(t, conn)
}

func TestAllLoadsOverAWebSocket(t *testing.T) {
	server := httptest.NewServer(replay.Handler())
	defer server.Close()
	stream, err := dial.Open(t.Context(), dial.Target{URL: "ws" + strings.TrimPrefix(server.URL, "http")})
	require.NoError(t, err)
	readAll(t, stream)
}

func TestTheOfficialDriverReadsTheSame(t *testing.T) {
	driver, err := neo4j.NewDriverWithContext("bolt://"+listen(t).Address, neo4j.NoAuth())
	require.NoError(t, err)
	defer driver.Close(t.Context())
	session := driver.NewSession(t.Context(), neo4j.SessionConfig{})
	defer session.Close(t.Context())
	for _, load := range replay.Loads {
		result, err := session.Run(t.Context(), load.Name+" "+strconv.Itoa(rows(load.Name)), nil)
		require.NoError(t, err)
		records, err := result.Collect(t.Context())
		require.NoError(t, err)
		require.Len(t, records, rows(load.Name), load.Name)
	}
}

func TestAnUnknownLoadEndsTheConversation(t *testing.T) {
	conn, err := net.Dial("tcp", listen(t).Address)
	require.NoError(t, err)
	profile, err := client.ParseProfile("bolt://localhost")
	require.NoError(t, err)
	cx, err := bolt.Open(t.Context(), conn, profile, client.Options{})
	require.NoError(t, err)
	defer cx.Close()
	result, err := cx.RunProg(t.Context(), "", "nonsense", nil, true)
	if err == nil {
		err = result.Buffer(t.Context())
	}
	require.Error(t, err)
	require.True(t, cx.Broken())
}
