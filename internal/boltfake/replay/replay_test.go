package replay_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/client/dial"
	"github.com/webbolt/webbolt/internal/boltfake/replay"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func readAll(t *testing.T, target dial.Target) {
	ctx := context.Background()
	conn, err := dial.Open(ctx, target)
	require.NoError(t, err)
	profile, err := client.ParseProfile("bolt://replay")
	require.NoError(t, err)
	c, err := bolt.Open(ctx, conn, profile, client.Options{FetchSize: 1000})
	require.NoError(t, err)
	defer c.Close()
	for _, load := range replay.Loads {
		count := "5001"
		if load.Name == "strings" {
			count = "9"
		}
		result, err := c.RunProg(ctx, "", load.Name+" "+count, nil, true)
		require.NoError(t, err)
		fields, err := result.Fields(ctx)
		require.NoError(t, err)
		require.Equal(t, load.Fields, fields)
		rows := 0
		for record, err := range result.Records(ctx) {
			require.NoError(t, err)
			values, err := record.Values()
			require.NoError(t, err)
			require.Len(t, values, len(load.Fields))
			rows++
		}
		require.Equal(t, map[bool]int{true: 9, false: 5001}[load.Name == "strings"], rows)
	}
}

func TestReplay(t *testing.T) {
	server, err := replay.Listen("127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, server.Close()) }()
	readAll(t, dial.Target{Address: server.Address})
}

func TestReplayOverWebSocket(t *testing.T) {
	server := httptest.NewServer(replay.Handler())
	defer server.Close()
	readAll(t, dial.Target{URL: strings.Replace(server.URL, "http", "ws", 1) + "/", Address: "replay"})
}
