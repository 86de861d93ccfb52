package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// TestMain is the command itself where a test has started it as such.
func TestMain(m *testing.M) {
	if os.Getenv("WEBBOLT_BE_THE_COMMAND") != "" {
		main()
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

var noEnvironment []string

// authority is a certificate in PEM.
func authority(t *testing.T) []byte {
	t.Helper()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
}

// problemsOf is what is wrong with a file.
func problemsOf(t *testing.T, text string) string {
	t.Helper()
	file := write(t, "webbolt.yaml", text)
	s, from, err := readSettings([]string{"--config", file}, noEnvironment, io.Discard)
	if err == nil {
		_, err = configure(t.Context(), s, from, io.Discard)
	}
	require.Error(t, err)
	return strings.ReplaceAll(err.Error(), filepath.Dir(file)+string(filepath.Separator), "")
}

func TestEveryErrorNamesItsLine(t *testing.T) {
	const users = "credentials:\n  recognise: tokens\n  users:\n"
	for text, want := range map[string]string{
		"upstreams: [bolt://x]\nlisten: here\n":                "webbolt.yaml:2: listen: ",
		"upstreams: [bolt://x]\n\nlimits:\n  idle: soon\n":     "webbolt.yaml:4: limits.idle: \"soon\" is not a time",
		"upstreams: [bolt://x]\nlimits:\n  frame: 1 mile\n":    "webbolt.yaml:3: limits.frame: ",
		"upstreams: [bolt://x]\nlimits:\n  pending: -1\n":      "webbolt.yaml:3: limits.pending: ",
		"upstreams:\n  - bolt://x\n  - ftp://y\n":              "webbolt.yaml:3: upstreams[1]: ",
		"upstreams: [bolt://x]\nallow:\n  - y:z\n":             "webbolt.yaml:3: allow[0]: ",
		"upstreams: [bolt://x]\norigins: ['*', example.org]\n": "webbolt.yaml:2: origins[1]: ",
		"upstreams: [bolt://x]\ntrusted_proxies: [10.0.0.1]\n": "webbolt.yaml:2: trusted_proxies[0]: ",
		"upstreams: [bolt://x]\nhttp: bolt://x\n":              "webbolt.yaml:2: http: ",
		"upstreams: [bolt://x]\nstatic: /no/such/folder\n":     "webbolt.yaml:2: static: ",
		"upstreams: [bolt://x]\nlog:\n  level: loud\n":         "webbolt.yaml:3: log.level: ",
		"upstreams: [bolt://x]\nlog:\n  format: xml\n":         "webbolt.yaml:3: log.format: ",
		"upstreams: [bolt://x]\ntls:\n  certificate: a.pem\n":  "webbolt.yaml:3: tls: give both",
		"upstreams: [bolt://x]\nupstrems: [bolt://y]\n":        "webbolt.yaml:2: unknown field",
		"upstreams: [bolt://x]\nlisten: [a, b]\n":              "webbolt.yaml:2: ",
		"upstreams: [bolt://x]\nupstreams: [bolt://y]\n":       "webbolt.yaml:2: ",
		"upstreams: [bolt://x\n":                               "webbolt.yaml:1: ",
		"upstreams: [bolt://x]\n" + users +
			"    a.b@c: {principal: p}\n": "webbolt.yaml:5: credentials.users.a.b@c: " +
			"principal and secret",
		"upstreams: [bolt://x]\n" + users +
			"    a: {principal: p, secret: s, token: t}\n": "credentials.users: the token of a is too short",
		"upstreams: [bolt://x]\n" + users +
			"    a: {principal: p, secret_file: /none}\n": "credentials.users.a.secret_file: ",
		"upstreams: [bolt://x]\ncredentials:\n  recognise: magic\n": "webbolt.yaml:3: " +
			"credentials.recognise: ",
		"upstreams: [bolt://x]\ncredentials:\n  recognise: jwt\n  jwt:\n    keys: x\n": "webbolt.yaml:5: " +
			"credentials.jwt: ",
		"upstreams: [bolt://x]\n" + users +
			"    a: {principal: p, secret: s, queries: []}\n": "webbolt.yaml:5: credentials.users.a.queries: " +
			"an empty list would allow all",
		"upstreams: [bolt://x]\n" + users +
			"    a: {principal: p, secret: s, databases: []}\n": "webbolt.yaml:5: " +
			"credentials.users.a.databases: an empty list would allow all",
		"upstreams: [bolt://x]\n" + users +
			"    a: {principal: p, secret: s, timeout: 500us}\n": "webbolt.yaml:5: credentials.users.a.timeout: " +
			"it must be 1ms at least",
		"allow: ['[::]/0']\n" + users +
			"    a: {principal: p, secret: s, token: 0123456789abcdef}\n": "webbolt.yaml:1: allow[0]: ",
		"allow: ['*:*']\n" + users +
			"    a: {principal: p, secret: s, token: 0123456789abcdef}\n": "webbolt.yaml:1: allow[0]: ",
		"listen: :1\n": "name the Bolt server",
		"upstreams: [bolt://x]\n" + users +
			"    a: {principal: p, secret: s, procedures: [a, gds.*.x]}\n": "webbolt.yaml:5: " +
			"credentials.users.a.procedures[1]: ",
	} {
		require.Contains(t, problemsOf(t, text), want, text)
	}
}

func TestFlagsWinOverEnvironmentAndFile(t *testing.T) {
	file := write(t, "webbolt.yaml", "upstreams: [bolt://file]\nlimits:\n  idle: 1m\n  ping: 2s\n  life: 3h\n")
	environment := []string{"PATH=/bin", "WEBBOLT_CONFIG=" + file, "WEBBOLT_IDLE_TIME=2m", "WEBBOLT_PING_TIME=3s",
		"WEBBOLT_ORIGIN=http://a,http://b"}
	s, from, err := readSettings([]string{"--ping-time", "4s", "--upstream", "bolt://one", "--upstream", "bolt://two"},
		environment, io.Discard)
	require.NoError(t, err)
	c, err := configure(t.Context(), s, from, io.Discard)
	require.NoError(t, err)
	require.Equal(t, 2*time.Minute, c.Limits.Idle)
	require.Equal(t, 4*time.Second, c.Limits.Ping)
	require.Equal(t, 3*time.Hour, c.Limits.Life)
	require.Equal(t, []string{"bolt://one", "bolt://two"}, c.Upstreams)
	require.Equal(t, []string{"http://a", "http://b"}, c.Origins)
	s, from, err = readSettings([]string{"--upstream", "x:y"}, noEnvironment, io.Discard)
	require.NoError(t, err)
	_, err = configure(t.Context(), s, from, io.Discard)
	require.ErrorContains(t, err, "--upstream: ")
}

// The file in the documentation is one that works.
func TestDocumentedFile(t *testing.T) {
	text, err := os.ReadFile("../../docs/relay.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "```yaml\n")
	require.True(t, found)
	example, _, found := strings.Cut(rest, "```")
	require.True(t, found)
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "ca.pem"), authority(t), 0o600))
	for _, name := range []string{"neo4j-password", "alice-token"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("0123456789abcdef\n"), 0o600))
	}
	example = strings.ReplaceAll(example, "/etc/webbolt/", folder+"/")
	example = strings.ReplaceAll(example, "/usr/share/webbolt/page", folder)
	s, from, err := readSettings([]string{"--config", write(t, "webbolt.yaml", example)}, noEnvironment, io.Discard)
	require.NoError(t, err)
	s.TLS = tlsSettings{} // its files would have to be real
	c, err := configure(t.Context(), s, from, io.Discard)
	require.NoError(t, err)
	require.NotNil(t, c.Policy)
	for _, o := range options {
		require.Contains(t, string(text), "`--"+o.flag+"`", "the documentation does not tell of this flag")
	}
}

func TestRelayUntilTerminated(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	cmd := exec.Command(os.Args[0], "relay", "--listen", "127.0.0.1:0", "--upstream", neo4j.BoltURI(), "--admin",
		"127.0.0.1:0")
	cmd.Env = append(os.Environ(), "WEBBOLT_BE_THE_COMMAND=1")
	stderr := &bytes.Buffer{}
	cmd.Stderr = stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	defer func() { _ = cmd.Process.Kill() }()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	address := strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
	response, err := http.Get("http://" + address + "/readyz")
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, 200, response.StatusCode)
	http.DefaultClient.CloseIdleConnections()

	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"check", "--origin", "http://" + address, "ws://" + address + "/bolt"},
		&out, io.Discard))
	require.Contains(t, out.String(), "Bolt 5.8")

	ws, _, err := websocket.DefaultDialer.Dial("ws://"+address+"/bolt", nil)
	require.NoError(t, err)
	defer ws.Close()
	require.NoError(t, ws.WriteMessage(websocket.BinaryMessage,
		[]byte("\x60\x60\xB0\x17\x00\x00\x08\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")))
	_, _, err = ws.ReadMessage()
	require.NoError(t, err)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	_, _, err = ws.ReadMessage()
	require.True(t, websocket.IsCloseError(err, websocket.CloseGoingAway), "%v", err)
	_ = ws.Close()
	require.NoError(t, cmd.Wait(), stderr)
}

func TestUsage(t *testing.T) {
	for _, arguments := range [][]string{{"nonsense"}, {"relay", "--nonsense"}, {"check"}} {
		require.ErrorIs(t, run(t.Context(), arguments, io.Discard, io.Discard), errUsage)
	}
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), nil, &out, io.Discard))
	require.Contains(t, out.String(), "webbolt relay")
	require.NoError(t, run(context.Background(), []string{"version"}, &out, io.Discard))
	require.ErrorContains(t, run(t.Context(), []string{"relay"}, io.Discard, io.Discard), "name the Bolt server")
	require.ErrorIs(t, run(t.Context(), []string{"check", "bolt://127.0.0.1:1"}, &out, io.Discard), errCheckFailed)
	require.Contains(t, out.String(), "FAILED  port")
}
