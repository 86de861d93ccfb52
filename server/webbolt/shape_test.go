package main

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const oneUser = "upstreams: [bolt://x]\ncredentials:\n  recognise: anyone\n  users:\n    a:\n      principal: p\n    " +
	"  secret: s\n"

// What would be a rule and is none, because nothing is there, is an error with its line; so is all else that a reader
// of YAML passes over.
func TestNothingOpensUpSilently(t *testing.T) {
	for text, want := range map[string]string{
		oneUser + "      queries:\n": "webbolt.yaml:8: " +
			"credentials.users.a.queries: there is no value",
		oneUser + "      databases:\n": "webbolt.yaml:8: " +
			"credentials.users.a.databases: there is no value",
		oneUser + "      read_only:\n": "webbolt.yaml:8: " +
			"credentials.users.a.read_only: there is no value",
		oneUser + "      timeout:\n": "webbolt.yaml:8: " +
			"credentials.users.a.timeout: there is no value",
		oneUser + "      timeout: ~\n": "webbolt.yaml:8: " +
			"credentials.users.a.timeout: there is no value",
		oneUser + "      timeout: null\n": "webbolt.yaml:8: " +
			"credentials.users.a.timeout: there is no value",
		oneUser + "      timeout: ''\n": "webbolt.yaml:8: " +
			"credentials.users.a.timeout: there is no value",
		oneUser + "      timeout: # 30s\n": "webbolt.yaml:8: " +
			"credentials.users.a.timeout: there is no value",
		oneUser + "      databases: []\n": "webbolt.yaml:8: " +
			"credentials.users.a.databases: an empty list would allow all",
		oneUser + "      databases: [movies, ]\n      queries: ['']": "webbolt.yaml:9: " +
			"credentials.users.a.queries[0]: there is no value",
		oneUser + "      databases:\n        -\n": "webbolt.yaml:9: " +
			"credentials.users.a.databases[0]: there is no value",
		oneUser + "      databases: [null]\n": "webbolt.yaml:8: " +
			"credentials.users.a.databases[0]: there is no value",
		oneUser + "      databases: movies\n": "webbolt.yaml:8: " +
			"credentials.users.a.databases: this must be a list",
		oneUser + "      databases: {movies: true}\n": "webbolt.yaml:8: " +
			"credentials.users.a.databases: this must be a list",
		oneUser + "      databases: [[movies]]\n": "webbolt.yaml:8: " +
			"credentials.users.a.databases[0]: this must be a single value",
		oneUser + "      read_only: yes\n": "webbolt.yaml:8: " +
			"credentials.users.a.read_only: this must be true or false",
		oneUser + "      read_only: 'true'\n": "webbolt.yaml:8: " +
			"credentials.users.a.read_only: this must be true or false",
		oneUser + "      read_only: 1\n": "webbolt.yaml:8: " +
			"credentials.users.a.read_only: this must be true or false",
		oneUser + "      read_only: [true]\n": "webbolt.yaml:8: " +
			"credentials.users.a.read_only: this must be true or false",
		oneUser + "      Read_only: true\n": "webbolt.yaml:8: credentials.users.a: " +
			"unknown field \"Read_only\"",
		oneUser + "      read-only: true\n": "webbolt.yaml:8: credentials.users.a: " +
			"there is something here that is no setting",
		oneUser + "      read_only: true\n      read_only: false\n": "webbolt.yaml:9: " +
			"credentials.users.a.read_only: this setting is there twice",
		oneUser + "      ? read_only\n      : true\n      read_only: false\n": "webbolt.yaml:",
		oneUser + "    a: {principal: p, secret: t}\n": "webbolt.yaml:8: credentials.users.a: " +
			"this setting is there twice",
		oneUser + "    'a': {principal: p, secret: t}\n": "webbolt.yaml:8: credentials.users.a: " +
			"this setting is there twice",
		oneUser + "    b:\n": "webbolt.yaml:8: credentials.users.b: " +
			"there is no value",
		oneUser + "    b: &x {principal: p, secret: t}\n": "webbolt.yaml:8: credentials.users.b: " +
			"anchors",
		oneUser + "    b: *x\n": "webbolt.yaml:8: credentials.users.b: " +
			"anchors",
		oneUser + "      <<: {read_only: true}\n": "webbolt.yaml:8: credentials.users.a: " +
			"anchors",
		oneUser + "      read_only: !!bool true\n": "webbolt.yaml:8: " +
			"credentials.users.a.read_only: anchors",
		oneUser + "      queries: !x [a]\n": "webbolt.yaml:8: " +
			"credentials.users.a.queries: anchors",
		oneUser + "\tread_only: true\n":            "webbolt.yaml:8: ",
		oneUser + "      queries:\n\t- RETURN 1\n": "webbolt.yaml:9: ",
		oneUser + "  read_only: true\n": "webbolt.yaml:8: credentials: unknown " +
			"field \"read_only\"",
		oneUser + "---\nlimits: {idle: 1m}\n": "webbolt.yaml:9: a second document " +
			"begins here",
		oneUser + "...\n---\nlimits: {idle: 1m}\n": "webbolt.yaml:10: a second document " +
			"begins here",
		oneUser + "---\n": "a second document",
		"upstreams: [bolt://x]\ncredentials:\n": "webbolt.yaml:2: credentials: there " +
			"is no value",
		"upstreams: [bolt://x]\ncredentials: {}\n": "webbolt.yaml:2: credentials: there " +
			"is no value",
		"upstreams: [bolt://x]\ncredentials: tokens\n": "webbolt.yaml:2: credentials: this is " +
			"not a map",
		"upstreams: [bolt://x]\nlimits:\n": "webbolt.yaml:2: limits: there is no " +
			"value",
		"upstreams: [bolt://x]\nlimits:\n  idle:\n": "webbolt.yaml:3: limits.idle: there " +
			"is no value",
		"upstreams: [bolt://x]\nlimits: [idle]\n": "webbolt.yaml:2: limits: this is not " +
			"a map",
		"upstreams: [bolt://x]\ntls: {}\n": "webbolt.yaml:2: tls: there is no value",
		"upstreams: [bolt://x]\norigins:\n": "webbolt.yaml:2: origins: there is no " +
			"value",
		"upstreams: [bolt://x]\nlisten: {}\n": "webbolt.yaml:2: listen: this must be " +
			"a single value",
		"": "webbolt.yaml: the file holds no " +
			"settings",
		"# nothing\n": "webbolt.yaml: the file holds no " +
			"settings",
		"---\n":              "webbolt.yaml",
		"- upstreams\n":      "webbolt.yaml:1: this is not a map",
		"upstreams\n":        "webbolt.yaml:1: this is not a map",
		"%TAG ! x\n--- {}\n": "webbolt.yaml",
	} {
		require.Contains(t, problemsOf(t, text), want, text)
	}
}

// Lists that allow something may be empty, and texts are as they are written.
func TestWhatIsWrittenIsWhatIsMeant(t *testing.T) {
	file := write(t, "webbolt.yaml", strings.Replace(oneUser, "secret: s", "secret: 007", 1)+
		"    1.5: {principal: 1e3, secret: true}\norigins: []\nconnect_sources: []\nallow: []\nlimits:\n  "+
		"connections: 1000\n")
	s, from, err := readSettings([]string{"--config", file}, noEnvironment, io.Discard)
	require.NoError(t, err)
	require.Equal(t, "007", s.Credentials.Users["a"].Secret)
	require.Equal(t, "1e3", s.Credentials.Users["1.5"].Principal)
	require.Equal(t, "true", s.Credentials.Users["1.5"].Secret)
	require.NotNil(t, s.ConnectSources)
	c, err := configure(t.Context(), s, from, io.Discard)
	require.NoError(t, err)
	require.Equal(t, 1000, c.Limits.Connections)
	require.NotNil(t, c.ConnectSources, "none but the relay itself")
}

// However a secret is written wrongly, no error shows it.
func TestErrorsShowNoSecret(t *testing.T) {
	const secret = "hunter2hunter2"
	user := "upstreams: [bolt://x]\ncredentials:\n  recognise: tokens\n  users:\n    a:\n      principal: p\n"
	for _, way := range []string{
		"secret: *%", "secret: &%", "secret: &% x", "secret: !%", "secret: !!%", "secret: @%", "secret: `%",
		"secret: %%", "secret: \"%", "secret: '%",
		"secret: \"%\\q\"", "secret: %: x", "secret: x: %", "secret: [%", "secret: [%]", "secret: {%", "secret: {%}",
		"secret: {%: x}", "secret: |%", "secret: >%", "secret: - %",
		"secret: ? %", "secret:%", "secret:\t%", "%", "- %", "%: x", "? %", "secret\n      %", "secret: x\n      %",
		"secret: x\n      % y: z", "secret: 'x' %", "secret: \"x\"%",
		"secret: x\n      secret: %", "%: x\n      %: y", "<<: *%", "*%: x", "{secret: x, %}", "token: %: ",
		"secret: %\n  x: y", "secret: x\n---\n%", "%YAML %", "%TAG %",
		"secret: x #\n     %: 1", "secret: |\n   %\n", "secret_file: %",
	} {
		for _, before := range []string{user + "      ", user + "      token: ", ""} {
			text := before + strings.ReplaceAll(way, "%", secret) + "\n"
			file := write(t, "webbolt.yaml", text)
			s, from, err := readSettings([]string{"--config", file}, noEnvironment, io.Discard)
			if err == nil {
				_, err = configure(t.Context(), s, from, io.Discard)
			}
			if err != nil && !strings.Contains(way, "secret_file") { // the name of a file is no secret
				require.NotContains(t, err.Error(), secret, text)
			}
		}
	}
	for _, setting := range []string{
		"http: http://u:%@x/%zz", "http: http://u:%@x", "http: http://u:%/x@h", "http: http://h:%",
		"upstreams: [bolt://u:%@x]", "upstreams: ['bolt://u:%']", "upstreams: ['x://u:%@h']",
		"allow: ['u:%@h']", "allow: ['bolt://u:%@h:7687']", "allow: ['x://u:%@h']", "allow: ['u:%@h/8']",
		"allow: ['[u:%@h]:1']", "origins: ['https://u:%@h']", "origins: ['https://u:%@h/%zz']",
		"trusted_proxies: ['u:%@h']", "listen: u:%@h", "admin: u:%@h:1",
	} {
		text := strings.ReplaceAll(setting, "%", secret) + "\n"
		if strings.Contains(setting, "%zz") {
			text = strings.ReplaceAll(strings.ReplaceAll(setting, "%zz", "\x00"), "%", secret)
			text = strings.ReplaceAll(text, "\x00", "%zz") + "\n"
		}
		require.NotContains(t, problemsOf(t, text), secret, text)
	}
	for _, keys := range []string{"https://u:%@h/k", "https://u:%@h/\x00", "https://h:%/", "http://h/?key=%",
		"https://u:%/k@h"} {
		keys = strings.ReplaceAll(strings.ReplaceAll(keys, "%", secret), "\x00", "%zz")
		text := "upstreams: [bolt://x]\ncredentials:\n  recognise: jwt\n  users: {'*': {principal: p, secret: s}}\n  " +
			"jwt: {keys: '" + keys + "', issuer: i, audience: a}\n"
		require.NotContains(t, problemsOf(t, text), secret, text)
	}
}
