package pool

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

// After Close every call fails and says that the connector was closed.
func TestClosedConnectorSaysSo(t *testing.T) {
	server, _ := threeServers()
	ctx := context.Background()
	for _, uri := range []string{"neo4j://a:1", "bolt://a:1"} {
		c := openConnector(t, server, uri, ConnectorOptions{})
		tx, err := c.Begin(ctx, "", false)
		require.NoError(t, err)
		c.Close()
		for name, call := range map[string]func() error{
			"begin":      func() error { _, err := c.Begin(ctx, "", true); return err },
			"commit":     func() error { _, err := c.Commit(ctx, tx); return err },
			"run":        func() error { _, err := c.RunProg(ctx, "", "RETURN 1", nil, true); return err },
			"query":      func() error { _, err := c.RunQuery(ctx, tx, "RETURN 1", nil); return err },
			"graphNames": func() error { _, err := c.GraphNames(ctx); return err },
			"verify":     func() error { return c.VerifyConnectivity(ctx) },
			"execute":    func() error { _, err := c.ExecuteQuery(ctx, "", "RETURN 1", nil, true); return err },
			"addPools":   func() error { return c.AddPools(ctx, client.Profile{Scheme: "bolt", Host: "other"}) },
		} {
			requireReason(t, client.ReasonPoolZero, call())
			require.ErrorContains(t, call(), "the connector was closed", name)
		}
		c.Close()
	}
}

func TestClosedPoolSaysSo(t *testing.T) {
	p, _ := openFake(t, Options{})
	p.Close()
	_, err := p.Acquire(context.Background())
	requireReason(t, client.ReasonPoolZero, err)
	require.ErrorContains(t, err, "the pool was closed")
	require.NoError(t, p.SetMaxSize(1))
	require.NoError(t, p.SetMaxSize(0))
	_, err = p.Acquire(context.Background())
	require.ErrorContains(t, err, "maximum size is zero")
	require.NotContains(t, err.Error(), "closed")
}
