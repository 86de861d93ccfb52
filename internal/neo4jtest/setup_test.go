//go:build unix

package neo4jtest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestReleaseOfUnknownVersion(t *testing.T) {
	for _, version := range []Version{"", "3.5.1", "5.1.0", "v5.26.30"} {
		_, err := releaseOf(version)
		require.ErrorContains(t, err, "5.26.30", "%q", version)
	}
	_, err := Start(t.Context(), Config{Version: "3.5.1"})
	require.ErrorContains(t, err, "3.5.1")
}

func TestSettingsAreNamedAsTheReleaseNamesThem(t *testing.T) {
	config := &Config{Version: V4_4, HeapMB: 512, TLS: true, Settings: map[string]string{"dbms.x": "y"}}
	p := ports{"127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"}
	four, err := releaseOf(V4_4)
	require.NoError(t, err)
	settings := four.settings(config, p)
	require.Equal(t, "127.0.0.1:1", settings["dbms.connector.bolt.listen_address"])
	require.Equal(t, "127.0.0.1:3", settings["dbms.connector.https.listen_address"])
	require.Equal(t, "OPTIONAL", settings["dbms.connector.bolt.tls_level"])
	require.Equal(t, "512m", settings["dbms.memory.heap.max_size"])
	require.Equal(t, "y", settings["dbms.x"])
	for name := range settings {
		require.False(t, strings.HasPrefix(name, "server."), name)
	}

	five, err := releaseOf(V5)
	require.NoError(t, err)
	config.TLS = false
	settings = five.settings(config, p)
	require.Equal(t, "127.0.0.1:2", settings["server.http.listen_address"])
	require.Equal(t, "DISABLED", settings["server.bolt.tls_level"])
	require.Equal(t, "false", settings["dbms.usage_report.enabled"])
}

func TestFetchWithoutMaven(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	t.Setenv("JAVA_HOME", fakeJDK(t, "17.0.1"))
	t.Setenv("PATH", t.TempDir())
	_, err := Fetch(t.Context(), V5, io.Discard)
	require.ErrorIs(t, err, ErrNoMaven)
	require.ErrorContains(t, err, "apt-get install maven")
}

func TestLockIsExclusiveAndGivesWayToTheContext(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	unlock, err := lock(t.Context(), name, io.Discard)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var progress strings.Builder
	_, err = lock(ctx, name, &progress)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, progress.String(), "a short wait needs no words")
	defer func(usual time.Duration) { quiet = usual }(quiet)
	quiet = 0
	_, err = lock(ctx, name, &progress)
	require.ErrorIs(t, err, context.Canceled)
	require.Contains(t, progress.String(), "waiting for another run")
	unlock()
	unlock, err = lock(t.Context(), name, io.Discard)
	require.NoError(t, err)
	unlock()
}

func TestClassPathWithAMissingJar(t *testing.T) {
	folder := t.TempDir()
	jar, list := filepath.Join(folder, "a.jar"), filepath.Join(folder, "classpath")
	require.Empty(t, complete(list))
	require.NoError(t, os.WriteFile(jar, nil, 0o644))
	require.NoError(t, os.WriteFile(list, []byte(jar+"\n"), 0o644))
	require.Equal(t, jar, complete(list))
	require.NoError(t, os.Remove(jar))
	require.Empty(t, complete(list))
}

func TestChosenPorts(t *testing.T) {
	p, err := ports{}.chosen()
	require.NoError(t, err)
	require.NotEqual(t, p.bolt, p.http)
	require.NotEqual(t, p.http, p.https)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	_, err = ports{bolt: listener.Addr().String()}.chosen()
	require.ErrorContains(t, err, listener.Addr().String())
}

func TestCertificatesAreOfTheirAuthority(t *testing.T) {
	folder := t.TempDir()
	caFile, err := writeCertificates(folder)
	require.NoError(t, err)
	authority, err := os.ReadFile(caFile)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(authority))
	for _, connector := range []string{"bolt", "https"} {
		pair, err := tls.LoadX509KeyPair(filepath.Join(folder, connector, "public.crt"),
			filepath.Join(folder, connector, "private.key"))
		require.NoError(t, err)
		for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
			_, err = pair.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots})
			require.NoError(t, err, name)
		}
	}
}
