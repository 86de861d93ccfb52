package client_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

// profileVectors hold for the parser in JavaScript, too.
type profileVectors struct {
	Read []struct {
		URI, Scheme, User, Password, Host, Path, Query string
		Port                                           int
	}
	Refused []struct{ URI, Argument string }
	Secret  []string // these are refused, and no error may say sesame
}

func readProfileVectors(t *testing.T) (v profileVectors) {
	t.Helper()
	content, err := os.ReadFile("../web/test/vectors/profile.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, &v))
	require.NotEmpty(t, v.Read)
	require.NotEmpty(t, v.Refused)
	require.NotEmpty(t, v.Secret)
	return v
}

func TestParseProfile(t *testing.T) {
	for _, v := range readProfileVectors(t).Read {
		got, err := client.ParseProfile(v.URI)
		require.NoError(t, err, v.URI)
		want := client.Profile{
			Scheme: v.Scheme, User: v.User, Password: client.Secret(v.Password), Host: v.Host, Port: v.Port,
			Path: v.Path, Query: v.Query,
		}
		require.Equal(t, want, got, v.URI)
	}
}

func TestParseProfileRefuses(t *testing.T) {
	for _, v := range readProfileVectors(t).Refused {
		_, err := client.ParseProfile(v.URI)
		var wrong *client.ArgumentError
		require.ErrorAs(t, err, &wrong, v.URI)
		require.Equal(t, v.Argument, wrong.Argument, v.URI)
		require.NotEmpty(t, wrong.Message)
	}
}

func TestParseProfileKeepsThePasswordOutOfErrors(t *testing.T) {
	for _, uri := range readProfileVectors(t).Secret {
		_, err := client.ParseProfile(uri)
		require.Error(t, err, uri)
		require.NotContains(t, err.Error(), "sesame", uri)
	}
}

func TestProfileIsSecretive(t *testing.T) {
	p, err := client.ParseProfile("neo4j+s://us%20er:sesame@db:7688?b=2&a=1")
	require.NoError(t, err)
	require.Equal(t, "neo4j+s://us%20er@db:7688?a=1&b=2", p.String())
	require.Equal(t, "neo4j+s://db:7688?a=1&b=2", p.URI())
	encoded, err := json.Marshal(struct {
		P  client.Profile
		PP *client.Profile
		S  client.Secret
		A  client.Auth
	}{p, &p, p.Password, p.Auth()})
	require.NoError(t, err)
	printed := string(encoded) + fmt.Sprintf("%v %+v %#v %s %q %v %#v %s %+v", p, p, p, p, p, p.Password, p.Password,
		p.Auth(), &p)
	require.NotContains(t, printed, "sesame")
	require.Contains(t, printed, "*******")
	require.Equal(t, "sesame", p.Password.Reveal())
	require.Empty(t, client.Secret("").String())
}

func TestEqualProfiles(t *testing.T) {
	seen := map[client.Profile]bool{}
	for _, uri := range []string{"neo4j://u:p@DB?a=1&b=2", "NEO4J://u:p@db:7687?b=2&a=1", "neo4j://u:p@db/?a=%31&b=2"} {
		p, err := client.ParseProfile(uri)
		require.NoError(t, err)
		seen[p] = true
	}
	require.Len(t, seen, 1)
	for _, uri := range []string{"neo4j://u:q@db?a=1&b=2", "neo4j://v:p@db?a=1&b=2", "neo4j://u:p@db?a=1"} {
		p, err := client.ParseProfile(uri)
		require.NoError(t, err)
		seen[p] = true
	}
	require.Len(t, seen, 4)
}

func TestProfileProperties(t *testing.T) {
	type properties struct {
		protocol                client.Protocol
		secure, verify, routing bool
	}
	for scheme, want := range map[string]properties{
		"bolt":      {client.ProtocolBolt, false, false, false},
		"bolt+s":    {client.ProtocolBolt, true, true, false},
		"bolt+ssc":  {client.ProtocolBolt, true, false, false},
		"neo4j":     {client.ProtocolBolt, false, false, true},
		"neo4j+s":   {client.ProtocolBolt, true, true, true},
		"neo4j+ssc": {client.ProtocolBolt, true, false, true},
		"http":      {client.ProtocolHTTP, false, false, false},
		"https":     {client.ProtocolHTTP, true, true, false},
		"http+s":    {client.ProtocolHTTP, true, true, false},
		"http+ssc":  {client.ProtocolHTTP, true, false, false},
		"ws":        {client.ProtocolBoltWebSocket, false, false, false},
		"wss":       {client.ProtocolBoltWebSocket, true, true, false},
	} {
		p, err := client.Profile{Scheme: scheme}.Normalize()
		require.NoError(t, err)
		require.Equal(t, want, properties{p.Protocol(), p.Secure(), p.Verify(), p.Routing()}, scheme)
		again, err := p.Normalize()
		require.NoError(t, err)
		require.Equal(t, p, again)
		parsed, err := client.ParseProfile(p.URI())
		require.NoError(t, err)
		require.Equal(t, p, parsed)
	}
}

func TestProfileAddress(t *testing.T) {
	p, err := client.ParseProfile("bolt://u:p@[::1]:7688")
	require.NoError(t, err)
	require.Equal(t, "[::1]:7688", p.Address())
	moved, err := p.WithAddress("db:1")
	require.NoError(t, err)
	require.Equal(t, client.Profile{Scheme: "bolt", User: "u", Password: "p", Host: "db", Port: 1}, moved)
	moved, err = p.WithAddress("DB")
	require.NoError(t, err)
	require.Equal(t, "db:7687", moved.Address())
	_, err = p.WithAddress("a:b:c")
	require.Error(t, err)
}

func TestRoutingContext(t *testing.T) {
	p, err := client.ParseProfile("neo4j://db?region=eu%26us&policy=")
	require.NoError(t, err)
	require.Equal(t, map[string]string{"region": "eu&us", "policy": ""}, p.RoutingContext())
	require.Empty(t, client.Profile{}.RoutingContext())
}

func TestProfileAuth(t *testing.T) {
	require.Equal(t, client.Auth{Scheme: "none"}, client.Profile{}.Auth())
	require.Equal(t, client.Auth{Scheme: "basic", Principal: "u", Credentials: "p"},
		client.Profile{User: "u", Password: "p"}.Auth())
}

func FuzzParseProfile(f *testing.F) {
	for _, seed := range []string{"neo4j+s://u:p@[::1]:7687?a=1&b=2", "http://db/path", "bolt://%41@db", "://", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		p, err := client.ParseProfile(uri)
		if err != nil {
			return
		}
		again, err := p.Normalize()
		require.NoError(t, err)
		require.Equal(t, p, again, "normal form is stable")
		parsed, err := client.ParseProfile(p.String())
		require.NoError(t, err)
		p.Password = ""
		require.Equal(t, p, parsed)
	})
}
