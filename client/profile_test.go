package client_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

func TestParseProfile(t *testing.T) {
	for uri, want := range map[string]client.Profile{
		"":                             {Scheme: "bolt", Host: "localhost", Port: 7687},
		"db.example.org":               {Scheme: "bolt", Host: "db.example.org", Port: 7687},
		"db:1234":                      {Scheme: "bolt", Host: "db", Port: 1234},
		"bolt://":                      {Scheme: "bolt", Host: "localhost", Port: 7687},
		"BOLT+S://DB.example.ORG":      {Scheme: "bolt+s", Host: "db.example.org", Port: 7687},
		"bolt+ssc://db":                {Scheme: "bolt+ssc", Host: "db", Port: 7687},
		"bolt://db/":                   {Scheme: "bolt", Host: "db", Port: 7687},
		"neo4j://u:p@db":               {Scheme: "neo4j", User: "u", Password: "p", Host: "db", Port: 7687},
		"neo4j+s://db?b=2&a=1":         {Scheme: "neo4j+s", Host: "db", Port: 7687, Query: "a=1&b=2"},
		"neo4j+ssc://db?a=x%20y%26":    {Scheme: "neo4j+ssc", Host: "db", Port: 7687, Query: "a=x%20y%26"},
		"http://db":                    {Scheme: "http", Host: "db", Port: 7474},
		"http://db/neo/":               {Scheme: "http", Host: "db", Port: 7474, Path: "/neo/"},
		"https://db":                   {Scheme: "https", Host: "db", Port: 7473},
		"http+s://db":                  {Scheme: "https", Host: "db", Port: 7473},
		"http+ssc://db":                {Scheme: "http+ssc", Host: "db", Port: 7473},
		"ws://db":                      {Scheme: "ws", Host: "db", Port: 80},
		"ws://db:7687/bolt":            {Scheme: "ws", Host: "db", Port: 7687, Path: "/bolt"},
		"wss://db":                     {Scheme: "wss", Host: "db", Port: 443},
		"bolt://[::1]":                 {Scheme: "bolt", Host: "::1", Port: 7687},
		"bolt://[2001:DB8::1]:7688":    {Scheme: "bolt", Host: "2001:db8::1", Port: 7688},
		"bolt://a%40b:p%3A%2F@db":      {Scheme: "bolt", User: "a@b", Password: "p:/", Host: "db", Port: 7687},
		"bolt://u:p@w:x@db":            {Scheme: "bolt", User: "u", Password: "p@w:x", Host: "db", Port: 7687},
		"bolt://u:p%2Fw@db":            {Scheme: "bolt", User: "u", Password: "p/w", Host: "db", Port: 7687},
		"bolt://u@db":                  {Scheme: "bolt", User: "u", Host: "db", Port: 7687},
		"bolt://%C3%A9:%F0%9F%92%A9@d": {Scheme: "bolt", User: "é", Password: "💩", Host: "d", Port: 7687},
	} {
		got, err := client.ParseProfile(uri)
		require.NoError(t, err, uri)
		require.Equal(t, want, got, uri)
	}
}

func TestParseProfileRefuses(t *testing.T) {
	for uri, argument := range map[string]string{
		"gopher://db":        "scheme",
		"bolt+x://db":        "scheme",
		"://db":              "",
		"bolt://db:0":        "port",
		"bolt://db:65536":    "port",
		"bolt://db:-1":       "port",
		"bolt://db:abc":      "port",
		"bolt://db:":         "port",
		"bolt://::1":         "address",
		"bolt://[::1":        "address",
		"bolt://[::1]x":      "address",
		"bolt://d b":         "host",
		"bolt://db/path":     "path",
		"neo4j://db/path":    "path",
		"bolt://db?a=1":      "query",
		"http://db?a=1":      "query",
		"neo4j://db?a":       "query",
		"neo4j://db?=1":      "query",
		"neo4j://db?a=1&a=2": "query",
		"neo4j://db?a=%zz":   "query",
		"bolt://%zz@db":      "uri",
		"bolt://u:p/w@db":    "uri",
		"bolt://u:p?w@db":    "uri",
		"http://db/a@b":      "uri",
		"bolt://u:%4@db":     "uri",
		"bolt://:p@db":       "user",
		"bolt://db#fragment": "host",
	} {
		_, err := client.ParseProfile(uri)
		if argument == "" {
			continue
		}
		var wrong *client.ArgumentError
		require.ErrorAs(t, err, &wrong, uri)
		require.Equal(t, argument, wrong.Argument, uri)
		require.NotEmpty(t, wrong.Message)
	}
}

func TestParseProfileKeepsThePasswordOutOfErrors(t *testing.T) {
	for _, uri := range []string{"bolt://u:sesame@db:abc", "gopher://u:sesame@db", "bolt://u:sesame%zz@db", "bolt://u:sesame@d b", "bolt://u:sesame@db/path", "bolt://u:sesame/w@db", "bolt://u:1/sesame@db", "bolt://u:sesame?@db", "bolt://u:sesame@::1"} {
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
	printed := string(encoded) + fmt.Sprintf("%v %+v %#v %s %q %v %#v %s %+v", p, p, p, p, p, p.Password, p.Password, p.Auth(), &p)
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
	require.Equal(t, client.Auth{Scheme: "basic", Principal: "u", Credentials: "p"}, client.Profile{User: "u", Password: "p"}.Auth())
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
