//go:build !js

package connect

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/dial"
)

func TestTarget(t *testing.T) {
	roots := []byte("roots")
	for _, c := range []struct {
		uri, relay string
		want       dial.Target
	}{
		{"bolt://db", "", dial.Target{Address: "db:7687", RootCAs: roots}},
		{"neo4j+s://db:1", "", dial.Target{Address: "db:1", TLS: true, Verify: true, RootCAs: roots}},
		{"bolt+ssc://[::1]", "", dial.Target{Address: "[::1]:7687", TLS: true, RootCAs: roots}},
		{"ws://db", "", dial.Target{Address: "db:80", URL: "ws://db:80/", RootCAs: roots}},
		{"wss://db/neo", "", dial.Target{Address: "db:443", URL: "wss://db:443/neo", Verify: true, RootCAs: roots}},
		{"bolt://db", "ws://relay:9000/bolt", dial.Target{Address: "db:7687", URL: "ws://relay:9000/bolt/db:7687",
			Verify: true, RootCAs: roots, Relay: true}},
		{"bolt+ssc://[::1]", "wss://relay/", dial.Target{Address: "[::1]:7687", URL: "wss://relay/[::1]:7687",
			Verify: true, RootCAs: roots, Relay: true}},
	} {
		profile, err := client.ParseProfile(c.uri)
		require.NoError(t, err)
		got, err := targetOf(profile, client.Options{Relay: c.relay, RootCAs: roots})
		require.NoError(t, err)
		require.Equal(t, c.want, got, c.uri)
	}
}

func TestRelayMustBeAWebSocketAddress(t *testing.T) {
	profile, err := client.ParseProfile("bolt://db")
	require.NoError(t, err)
	var wrong *client.ArgumentError
	for _, relay := range []string{"http://relay", "relay:9000", "ws://", "ws:///", "ws://relay?x=1", "ws://relay/#a"} {
		_, err = Open(t.Context(), profile, client.Options{Relay: relay})
		require.ErrorAs(t, err, &wrong, relay)
		require.Equal(t, "Relay", wrong.Argument)
	}
	profile, err = client.ParseProfile("ws://db/path")
	require.NoError(t, err)
	_, err = targetOf(profile, client.Options{Relay: "ws://relay"})
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, "path", wrong.Argument)
}
