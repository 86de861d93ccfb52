//go:build unix

package neo4jtest

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// A server of one's own: with TLS, killed and restarted, on a folder that no
// other server may have, and gone at the end.
func TestStartKillRestartStop(t *testing.T) {
	Need(t, V5) // or else this run is one without servers
	dir := t.TempDir()
	server, err := Start(t.Context(), Config{Version: V5, Dir: dir, TLS: true, Progress: t.Output()})
	require.NoError(t, err)
	defer server.Stop()
	require.True(t, alive(server.PID()))
	require.NoError(t, server.answersBolt(t.Context()))
	requireTLS(t, server)

	_, err = Start(t.Context(), Config{Version: V5, Dir: dir})
	require.ErrorIs(t, err, ErrInUse)
	_, err = Start(t.Context(), Config{Version: V5, BoltAddr: server.BoltAddr})
	require.ErrorContains(t, err, server.BoltAddr)

	require.NoError(t, server.run(t.Context(), "neo4j", server.Password, "CREATE (:Kept)", nil))
	first := server.PID()
	server.Kill()
	require.False(t, alive(first))
	require.Error(t, server.answersHTTP(t.Context()))

	require.NoError(t, server.Restart(t.Context()))
	require.NotEqual(t, first, server.PID())
	require.NoError(t, server.run(t.Context(), "neo4j", server.Password,
		"MATCH (k:Kept) WITH count(k) AS kept RETURN 1/kept", nil))

	second := server.PID()
	require.NoError(t, server.Stop())
	require.NoError(t, server.Stop())
	require.False(t, alive(second))
	require.DirExists(t, dir)
}

func requireTLS(t *testing.T, server *Running) {
	t.Helper()
	authority, err := os.ReadFile(server.CAFile)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(authority))
	config := &tls.Config{RootCAs: roots}
	browser := http.Client{Transport: &http.Transport{TLSClientConfig: config}}
	response, err := browser.Get("https://" + server.HTTPSAddr + "/")
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	bolt, err := tls.Dial("tcp", server.BoltAddr, config)
	require.NoError(t, err)
	require.NoError(t, bolt.Close())
}

func TestStopTellsOfAServerThatEndedByItself(t *testing.T) {
	Need(t, V5)
	server, err := Start(t.Context(), Config{Version: V5, HeapMB: 300})
	require.NoError(t, err)
	process, err := os.FindProcess(server.PID())
	require.NoError(t, err)
	require.NoError(t, process.Kill())
	<-server.process.ended
	require.ErrorContains(t, server.Stop(), "ended")
	require.NoDirExists(t, server.dir)
}
