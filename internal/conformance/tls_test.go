//go:build !js

package conformance

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// secureServer is the run's server if it takes encrypted connections (withneo4j -tls), else one of the test's own,
// which takes half a minute.
func secureServer(t *testing.T) *neo4jtest.Server {
	server := neo4jtest.Need(t, neo4jtest.V5)
	if server.HTTPSAddr != "" {
		return server
	}
	if testing.Short() {
		t.Skip("starts a server, which takes half a minute")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	running, err := neo4jtest.Start(ctx, neo4jtest.Config{Version: neo4jtest.V5, TLS: true})
	require.NoError(t, err)
	t.Cleanup(func() { _ = running.Stop() })
	return &running.Server
}

// TestTLS uses a certificate that neo4jtest makes.
func TestTLS(t *testing.T) {
	server := secureServer(t)
	roots, err := os.ReadFile(server.CAFile)
	require.NoError(t, err)
	trusting := client.Options{RootCAs: roots}

	for name, target := range map[string]Target{
		"bolt+s":    {URI: "bolt+s://" + server.BoltAddr, Options: trusting},
		"bolt+ssc":  {URI: "bolt+ssc://" + server.BoltAddr},
		"neo4j+s":   {URI: "neo4j+s://" + server.BoltAddr, Options: trusting},
		"neo4j+ssc": {URI: "neo4j+ssc://" + server.BoltAddr},
		"wss":       {URI: "wss://" + server.BoltAddr, Options: trusting},
		"https":     {URI: "https://" + server.HTTPSAddr, Options: trusting},
		"http+ssc":  {URI: "http+ssc://" + server.HTTPSAddr},
		"plain":     {URI: "bolt://" + server.BoltAddr},
	} {
		t.Run(name, func(t *testing.T) {
			target.Server = server
			r := newRun(t, target)
			cx := r.open()
			result, err := cx.RunProg(r.ctx, "", "UNWIND range(1, 20000) AS i RETURN i", nil, true)
			require.NoError(t, err)
			n, _ := r.sum(result)
			require.Equal(t, 20000, n)
			require.Equal(t, longText, r.value(cx, "RETURN $x", map[string]any{"x": longText}))
		})
	}
	for _, uri := range []string{"bolt+s://" + server.BoltAddr, "wss://" + server.BoltAddr,
		"https://" + server.HTTPSAddr} {
		t.Run("untrusted "+uri[:5], func(t *testing.T) {
			r := newRun(t, Target{Server: server, URI: uri})
			_, err := r.tryOpen(r.profile())
			var unavailable *client.ConnectionUnavailable
			require.ErrorAs(t, err, &unavailable)
			require.Equal(t, client.ReasonTLS, unavailable.Reason)
		})
	}
}
