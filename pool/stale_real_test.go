package pool

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

// The server ends all idle connections: natively over TCP, in a page over WebSockets.
func TestRealServerEndsIdleConnections(t *testing.T) {
	for scheme, profile := range realProfiles(t) {
		if scheme == "http" {
			continue // it has no connection to end
		}
		t.Run(scheme, func(t *testing.T) {
			ctx := context.Background()
			const agent = "idle-connections-test/1"
			var told atomic.Int32
			c, err := OpenConnector(ctx, profile, ConnectorOptions{
				RetryTime: -1, Pool: Options{InitSize: 3, Client: client.Options{
					UserAgent: agent, OnBroken: func(client.Profile, string) { told.Add(1) },
				}}})
			require.NoError(t, err)
			defer c.Close()
			require.Equal(t, agent, c.UserAgent())
			kill := func() {
				other, err := OpenConnector(ctx, profile, ConnectorOptions{})
				require.NoError(t, err)
				defer other.Close()
				found, err := other.ExecuteQuery(ctx, "",
					"CALL dbms.listConnections() YIELD connectionId, userAgent WITH * WHERE userAgent = $agent "+
						"RETURN collect(connectionId)", map[string]any{"agent": agent}, true)
				require.NoError(t, err)
				ids, err := found.Records[0].Values()
				require.NoError(t, err)
				_, err = other.ExecuteQuery(ctx, "", "CALL dbms.killConnections($ids)", map[string]any{"ids": ids[0]},
					true)
				require.NoError(t, err)
			}
			for _, call := range []func() error{
				func() error {
					result, err := c.RunProg(ctx, "", "RETURN 1", nil, false)
					if err == nil {
						err = result.Buffer(ctx)
					}
					return err
				},
				func() error { _, err := c.ExecuteQuery(ctx, "", "RETURN 1", nil, true); return err },
			} {
				idle := int32(c.Statistics()[profile].Size)
				require.Positive(t, idle)
				told.Store(0)
				kill()
				require.Eventually(t, func() bool { return told.Load() == idle }, time.Minute, time.Millisecond,
					"nobody uses them")
				require.NoError(t, call())
			}
		})
	}
}
