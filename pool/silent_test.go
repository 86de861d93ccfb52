//go:build !js

package pool

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// A server that keeps its connection open and answers no more breaks it after ReceiveTimeout, over TCP, too.
func TestServerThatFallsSilentBreaksTheConnection(t *testing.T) {
	silence := make(chan struct{})
	defer close(silence)
	server := &boltfake.Server{Run: func(boltfake.Query) boltfake.Answer {
		<-silence
		return boltfake.Answer{}
	}}
	profile, err := client.ParseProfile("bolt://" + server.Start(t))
	require.NoError(t, err)
	c, err := OpenConnector(t.Context(), profile, ConnectorOptions{
		Pool: Options{Client: client.Options{ReceiveTimeout: 100 * time.Millisecond}}})
	require.NoError(t, err)
	defer c.Close()
	failed := make(chan error, 1)
	go func() {
		_, err := c.RunProg(t.Context(), "", "RETURN 1", nil, true)
		failed <- err
	}()
	select {
	case err := <-failed:
		require.ErrorAs(t, err, new(*client.ConnectionBroken))
	case <-time.After(10 * time.Second):
		require.Fail(t, "the client waits for a server that says nothing")
	}
}
