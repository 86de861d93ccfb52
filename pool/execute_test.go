//go:build !js

package pool

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake"
)

func TestExecuteQueryWaitsTwiceOnly(t *testing.T) {
	server := boltfake.Listen(t, func(c *boltfake.Conn) {
		c.Login(client.Version{Major: 5, Minor: 8}, nil)
		c.Expect("BEGIN")
		c.Expect("RUN")
		c.Expect("PULL") // nothing has been answered yet
		c.Success(nil)
		c.Success(map[string]any{"fields": []any{"n"}})
		c.Record(1)
		c.Success(map[string]any{"type": "r"})
		c.Answer("COMMIT", nil)
		c.AwaitClose()
	})
	profile, err := client.ParseProfile("bolt://" + server.Address)
	require.NoError(t, err)
	c, err := OpenConnector(t.Context(), profile, ConnectorOptions{})
	require.NoError(t, err)
	defer c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	eager, err := c.ExecuteQuery(ctx, "", "RETURN 1 AS n", nil, true)
	require.NoError(t, err)
	require.Len(t, eager.Records, 1)
	require.Equal(t, "r", eager.Summary.QueryType)
}
