package httpapi

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

func TestMixedContent(t *testing.T) {
	for _, c := range []struct {
		origin, uri string
		allowed     bool
	}{
		{"https://example.org", "http://db.example.org", false},
		{"https://example.org", "https://db.example.org", true},
		{"http://example.org", "http://db.example.org", true},
		{"", "http://db.example.org", true},
		{"https://example.org", "http://localhost:7474", true},
		{"https://example.org", "http://db.localhost", true},
		{"https://example.org", "http://127.0.0.1", true},
		{"https://example.org", "http://[::1]:7474", true},
	} {
		profile, err := client.ParseProfile(c.uri)
		require.NoError(t, err)
		err = mixedContent(c.origin, profile)
		if c.allowed {
			require.NoError(t, err, c)
			continue
		}
		var unavailable *client.ConnectionUnavailable
		require.ErrorAs(t, err, &unavailable)
		require.Equal(t, client.ReasonMixedContent, unavailable.Reason)
	}
}

func TestHiddenCause(t *testing.T) {
	require.Contains(t, hiddenCause("https://db:7473", true), "https://db:7473")
	require.Contains(t, hiddenCause("https://db:7473", true), "certificate")
	require.NotContains(t, hiddenCause("http://db:7474", false), "certificate")
}

func TestAuthorization(t *testing.T) {
	header, err := authorization(client.Auth{Scheme: "basic", Principal: "neo4j", Credentials: "pässword"})
	require.NoError(t, err)
	require.Equal(t, "Basic bmVvNGo6cMOkc3N3b3Jk", header)
	header, err = authorization(client.Auth{Scheme: "bearer", Credentials: "abc"})
	require.NoError(t, err)
	require.Equal(t, "Bearer abc", header)
	header, err = authorization(client.Auth{Scheme: "none"})
	require.NoError(t, err)
	require.Empty(t, header)
	_, err = authorization(client.Auth{Scheme: "kerberos"})
	var unsupported *client.UnsupportedError
	require.ErrorAs(t, err, &unsupported)
}
