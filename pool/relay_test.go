//go:build !js

package pool

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/server"
)

// Behind a relay, the connections to each member of the cluster go through it.
func TestClusterBehindARelay(t *testing.T) {
	cluster := startCluster(t)
	var mu sync.Mutex
	carried := map[string]int{}
	config := server.Config{Permit: func(v server.Visit) error {
		mu.Lock()
		defer mu.Unlock()
		carried[v.Target]++
		return nil
	}}
	for _, member := range cluster.servers {
		config.Upstreams = append(config.Upstreams, "bolt://"+member.Address)
	}
	relay, err := server.New(config)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var serving sync.WaitGroup
	serving.Go(func() { _ = relay.Serve(context.Background(), listener) })
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = relay.Shutdown(ctx)
		serving.Wait()
	})
	c := cluster.connect(t, ConnectorOptions{Pool: Options{Client: client.Options{Relay: "ws://" +
		listener.Addr().String() + "/bolt"}}})
	require.EqualValues(t, 0, serverOf(t, c, false))
	for range 2 {
		require.NotZero(t, serverOf(t, c, true))
	}
	require.Len(t, carried, 3)
	for _, member := range cluster.servers {
		require.Equal(t, 1, member.Opened(), "one connection to each")
		require.Equal(t, 1, carried[member.Address])
	}
}
