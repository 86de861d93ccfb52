package identity

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

// fetch has the client of key sets get an address, with a server's certificate trusted.
func fetch(t *testing.T, address string, trusted ...*httptest.Server) ([]byte, error) {
	t.Helper()
	client := keysClient()
	pool := x509.NewCertPool()
	for _, server := range trusted {
		pool.AddCert(server.Certificate())
	}
	client.Transport.(boundedTransport).RoundTripper.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: pool}
	response, err := client.Get(address)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return io.ReadAll(response.Body)
}

func TestKeysFollowNoUnsafeRedirect(t *testing.T) {
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "keys") })
	plain, secured := httptest.NewServer(answer), httptest.NewTLSServer(answer)
	defer plain.Close()
	defer secured.Close()
	to := func(target *string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(
				w, r, *target, http.StatusFound)
		})
	}
	var target string
	from, fromPlain := httptest.NewTLSServer(to(&target)), httptest.NewServer(to(&target))
	defer from.Close()
	defer fromPlain.Close()

	target = secured.URL
	text, err := fetch(t, from.URL, from, secured)
	require.NoError(t, err)
	require.Equal(t, "keys", string(text))
	target = plain.URL
	_, err = fetch(t, from.URL, from)
	require.ErrorIs(t, err, errKeysRedirect)
	target = "http://192.0.2.1/keys"
	_, err = fetch(t, fromPlain.URL)
	require.ErrorIs(t, err, errKeysRedirect)
	target = from.URL
	_, err = fetch(t, from.URL, from)
	require.ErrorContains(t, err, "redirects more than")
}

// A key set of any size takes no more memory than a key set has, packed or not.
func TestKeySetIsBounded(t *testing.T) {
	sent := 0
	large := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var out io.Writer = w
		if r.URL.Path == "/packed" {
			w.Header().Set("Content-Encoding", "gzip")
			packed := gzip.NewWriter(w)
			defer packed.Close()
			out = packed
		}
		_, _ = io.WriteString(out, `{"keys":[],"more":"`)
		for range 400 {
			if _, err := out.Write(bytes.Repeat([]byte("a"), 1<<20)); err != nil {
				return
			}
			sent++
		}
	}))
	defer large.Close()
	for _, path := range []string{"/", "/packed"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := fetch(t, large.URL+path)
		require.ErrorIs(t, err, errKeysTooLarge, path)
		runtime.ReadMemStats(&after)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20), path)
	}
	file := filepath.Join(t.TempDir(), "keys.json")
	require.NoError(t, os.WriteFile(file, make([]byte, maxKeySet+1), 0o600))
	_, err := keysAt(t.Context(), file, nil)
	require.ErrorIs(t, err, errKeysTooLarge)
}

// What goes wrong with the keys is told to our log only, and nothing that is told holds the URL.
func TestKeysErrors(t *testing.T) {
	var log bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(old)
	for _, where := range []string{
		"https://user:hunter2@id.example/keys", "https://user:hunter2@id.example/%zz",
		"https://id.example:hunter2/keys", "https://user:hunter2/x@id.example",
		"http://user:hunter2@id.example/keys", "http://id.example/?key=hunter2", "http://hunter2.example\x7f/",
		"https://",
	} {
		_, err := keysAt(t.Context(), where, nil)
		require.Error(t, err, where)
		require.NotContains(t, err.Error(), "hunter2", where)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var failed []error
	_, err := keysAt(ctx, "http://127.0.0.1:1/keys?key=hunter2", func(err error) { failed = append(failed, err) })
	require.NoError(t, err, "a server of keys that is down is no reason not to start")
	require.Len(t, failed, 1)
	require.ErrorContains(t, failed[0], "fetching the keys")
	require.NotContains(t, failed[0].Error(), "hunter2")
	require.Empty(t, log.String())
}

func TestCriticalHeadersAreRefused(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "keys.json")
	require.NoError(t, os.WriteFile(file, keySet(t, map[string]crypto.PublicKey{"a": key.Public()}), 0o600))
	j, err := NewJWT(t.Context(), JWTConfig{Keys: file, Issuer: "https://id.example", Audience: "relay"})
	require.NoError(t, err)
	for _, critical := range []any{[]string{"exp"}, []string{"x"}, []string{}, nil, "x"} {
		token := jwt.NewWithClaims(jwt.SigningMethodES256, claims(nil))
		token.Header["kid"], token.Header["crit"], token.Header["x"] = "a", critical, time.Now().Unix()
		text, err := token.SignedString(key)
		require.NoError(t, err)
		_, _, err = j.Recognise(t.Context(), shown(text))
		require.ErrorContains(t, err, "crit")
	}
}
