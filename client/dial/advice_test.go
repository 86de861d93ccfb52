package dial

import (
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

func TestRefused(t *testing.T) {
	reasons := map[int]client.Reason{4400: client.ReasonForbidden, 4403: client.ReasonForbidden,
		4429: client.ReasonForbidden, 4408: client.ReasonTimeout,
		4502: client.ReasonNetwork, 4504: client.ReasonTimeout}
	for code, reason := range reasons {
		err := fmt.Errorf("handshake: %w", &CloseError{Code: code, Reason: "the relay's words"})
		refused := Refused("db:7687", err)
		require.NotNil(t, refused, code)
		require.Equal(t, reason, refused.Reason)
		require.Equal(t, code, refused.CloseCode)
		require.Contains(t, refused.Error(), "db:7687")
		require.Contains(t, refused.Error(), "the relay's words")
	}
	require.Nil(t, Refused("db:7687", &CloseError{Code: 1000}))
	require.Nil(t, Refused("db:7687", io.EOF))
}

func TestMixedContent(t *testing.T) {
	for _, c := range []struct {
		origin, url string
		forbidden   bool
	}{
		{"https://example.org", "ws://db.example.org:7687/", true},
		{"https://example.org", "ws://192.0.2.1:7687/", true},
		{"https://example.org", "ws://[2001:db8::1]:7687/", true},
		{"https://example.org", "ws://127.0.0.1.example.org/", true},
		{"https://example.org", "wss://db.example.org:7687/", false},
		{"https://example.org", "ws://localhost:7687/", false},
		{"https://example.org", "ws://db.localhost:7687/", false},
		{"https://example.org", "ws://127.0.0.1:7687/", false},
		{"https://example.org", "ws://[::1]:7687/", false},
		{"http://example.org", "ws://db.example.org:7687/", false},
		{"null", "ws://db.example.org:7687/", false},
		{"", "ws://db.example.org:7687/", false},
	} {
		err := mixedContent(c.origin, c.url, "db:7687")
		if !c.forbidden {
			require.NoError(t, err, c)
			continue
		}
		var unavailable *client.ConnectionUnavailable
		require.ErrorAs(t, err, &unavailable, c)
		require.Equal(t, client.ReasonMixedContent, unavailable.Reason)
		require.Contains(t, err.Error(), "wss")
		require.Contains(t, err.Error(), "relay")
	}
}

func TestHiddenCause(t *testing.T) {
	require.Contains(t, hiddenCause(Target{URL: "wss://db:7687/"}), "https://db:7687/")
	require.Contains(t, hiddenCause(Target{URL: "wss://db:7687/"}), "certificate")
	require.NotContains(t, hiddenCause(Target{URL: "ws://db:7687/"}), "certificate")
	require.Contains(t, hiddenCause(Target{URL: "ws://relay/", Relay: true}), "origin")
}
