package server

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/lane"
	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// needProgram skips the test where there is no such program, and fails it where the environment says CI=true.
func needProgram(t *testing.T, name, debian string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	text := fmt.Sprintf("%s is missing, so the recipe for it is not tested: install Debian's package %s", name, debian)
	if os.Getenv("CI") == "true" {
		require.Fail(t, text)
	}
	t.Skip(text)
	return ""
}

// front is a proxy in front of a relay.
type front struct {
	*relay
	config  Config
	address string
	visits  chan Visit
}

// behind makes the relay that the recipes are for.
func behind(t *testing.T) *front {
	t.Helper()
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	visits := make(chan Visit, 10)
	f := &front{visits: visits, address: fmt.Sprintf("127.0.0.1:%d", freePort(t))}
	f.config = Config{
		Upstreams: []string{neo4j.BoltURI()}, TrustedProxies: []string{"127.0.0.1/32"},
		Origins: []string{"https://app.example.org"},
		Static:  fstest.MapFS{"webbolt.wasm": {Data: []byte("wasm")}, "webbolt.wasm.br": {Data: []byte("brotli")}},
		Permit:  func(v Visit) error { visits <- v; return nil },
	}
	f.relay = f.another(t)
	return f
}

// another makes a relay like the one that the recipe is for.
func (f *front) another(t *testing.T) *relay { return newRelay(t, f.config) }

// start runs the proxy until the test ends.
func (f *front) start(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	log := &strings.Builder{}
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	require.Eventually(t, func() bool {
		conn, err := tls.Dial("tcp", f.address, &tls.Config{InsecureSkipVerify: true, ServerName: "app.example.org"})
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}, patience, 20*time.Millisecond, "the proxy did not start")
}

// works requires that a page gets all through the proxy that it gets without.
func (f *front) works(t *testing.T) {
	t.Helper()
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	config := &tls.Config{InsecureSkipVerify: true, ServerName: "app.example.org"}
	open := func(path, origin string) *boltPage {
		dialer := websocket.Dialer{TLSClientConfig: config, HandshakeTimeout: patience}
		header := http.Header{"Origin": {origin}, "X-Forwarded-For": {"9.9.9.9"}, "Host": {"app.example.org"}}
		ws, _, err := dialer.Dial("wss://"+f.address+path, header)
		require.NoError(t, err)
		_ = ws.SetReadDeadline(time.Now().Add(patience))
		t.Cleanup(func() { _ = ws.Close() })
		return &boltPage{page: &page{t, ws}}
	}
	for _, path := range []string{"/bolt", "/bolt/" + neo4j.BoltAddr} {
		p := open(path, "https://app.example.org")
		require.Equal(t, netip.MustParseAddr("127.0.0.1"), (<-f.visits).Client,
			"what the client says of itself must not count")
		p.login(5, 8, dict{"scheme": "basic", "principal": neo4j.User, "credentials": neo4j.Password})
		p.ask(wire.MessageRun, "UNWIND range(1, 20000) AS x RETURN x, 'some text'", dict{}, dict{})
		p.ask(wire.MessagePull, dict{"n": int64(-1)})
		p.want(wire.MessageSuccess)
		for range 20000 {
			p.want(wire.MessageRecord)
		}
		p.want(wire.MessageSuccess)
	}
	f.lanesWork(t, open, &http.Client{Transport: &http.Transport{TLSClientConfig: config.Clone(),
		ForceAttemptHTTP2: true}})
	open("/bolt", "https://evil.example").requireClosed(wire.CloseForbidden, "evil.example")
	open("/bolt/other:7687", "https://app.example.org").requireClosed(wire.CloseForbidden, "other:7687")

	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableCompression: true,
		DisableKeepAlives: true}}
	request, err := http.NewRequest(http.MethodGet, "https://"+f.address+"/webbolt.wasm", nil)
	require.NoError(t, err)
	request.Host = "app.example.org"
	request.Header.Set("Accept-Encoding", "br")
	response, err := client.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, 200, response.StatusCode)
	require.Equal(t, "br", response.Header.Get("Content-Encoding"))
	require.Equal(t, "application/wasm", response.Header.Get("Content-Type"))
	require.NotEmpty(t, response.Header.Get("Content-Security-Policy"))
}

// lanesWork requires that lanes reach the relay of their connection, and that what is sent on them is not held back.
func (f *front) lanesWork(t *testing.T, open func(path, origin string) *boltPage, client *http.Client) {
	t.Helper()
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	for i := range 8 {
		affinity := "?" + lane.Affinity + "=" + fmt.Sprint(i)
		p := open("/bolt"+affinity+"&"+lane.Parameter+"="+lane.Version, "https://app.example.org")
		<-f.visits
		_, text, err := p.ReadMessage()
		require.NoError(t, err)
		key, ok := lane.ReadGreeting(string(text))
		require.True(t, ok)
		page := &blockPage{p, f.relay, key}
		page.login(5, 8, dict{"scheme": "basic", "principal": neo4j.User, "credentials": neo4j.Password})
		page.run(manyRows, 1)

		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+f.address+lanePath+affinity,
			strings.NewReader(key+" 1"))
		require.NoError(t, err)
		request.Host = "app.example.org"
		request.Header.Set("Origin", "https://app.example.org")
		response, err := client.Do(request)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, response.StatusCode)
		first := make([]byte, lane.FrameHead)
		_, err = io.ReadFull(response.Body, first)
		require.NoError(t, err, "the first frame comes before there is anything to carry")
		page.goAhead(1)
		page.pull(2000, 1)
		require.Equal(t, 2000, laneRows(t, response.Body), "rows come while the lane stays open")
		require.NoError(t, response.Body.Close())
		require.NoError(t, p.Close())
	}
}

// recipe is a file of deploy/ with what is of this machine put in.
func recipe(t *testing.T, name string, replace ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "deploy", filepath.FromSlash(name)))
	require.NoError(t, err)
	for i := 0; i < len(replace); i += 2 {
		require.Contains(t, string(text), replace[i])
	}
	return strings.NewReplacer(replace...).Replace(string(text))
}

func TestNginxRecipe(t *testing.T) {
	nginx := needProgram(t, "nginx", "nginx")
	f := behind(t)
	other := f.another(t) // a second relay, so that lanes may go astray
	folder := t.TempDir()
	certificateFile, keyFile := certificate(t, folder, "app.example.org")
	site := recipe(t, "nginx/webbolt.conf", "server 127.0.0.1:8080;",
		"server "+f.relay.address+"; server "+other.address+";", "listen 443", "listen "+f.address,
		"/etc/webbolt/tls.crt", certificateFile, "/etc/webbolt/tls.key", keyFile)
	whole := "daemon off; pid " + folder + "/pid; error_log stderr;\nevents {}\nhttp {\naccess_log off;\n"
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		whole += kind + "_temp_path " + folder + "/" + kind + ";\n"
	}
	file := filepath.Join(folder, "nginx.conf")
	require.NoError(t, os.WriteFile(file, []byte(whole+site+"}\n"), 0o600))
	f.start(t, exec.Command(nginx, "-p", folder, "-e", "stderr", "-c", file))
	f.works(t)
}

func TestCaddyRecipe(t *testing.T) {
	caddy := needProgram(t, "caddy", "caddy")
	f := behind(t)
	folder := t.TempDir()
	certificateFile, keyFile := certificate(t, folder, "app.example.org")
	port := f.address[strings.LastIndexByte(f.address, ':'):]
	site := recipe(t, "caddy/Caddyfile", "\napp.example.org {",
		"\nhttps://app.example.org"+port+" {\n\tbind 127.0.0.1\n\ttls "+certificateFile+" "+keyFile+"\n",
		"reverse_proxy 127.0.0.1:8080", "reverse_proxy "+f.relay.address)
	file := filepath.Join(folder, "Caddyfile")
	require.NoError(t, os.WriteFile(file, []byte("{\n\tadmin off\n\tauto_https disable_redirects\n}\n"+site), 0o600))
	cmd := exec.Command(caddy, "run", "--config", file, "--adapter", "caddyfile")
	cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+folder, "XDG_CONFIG_HOME="+folder, "HOME="+folder)
	f.start(t, cmd)
	f.works(t)
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
