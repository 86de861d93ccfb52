//go:build !js

package bridge_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake"
	"github.com/webbolt/webbolt/server"
)

// TestInNode runs web/test/bridge: the JavaScript API with its engine, in Node.js, against fake servers. It needs no
// browser and no Neo4j.
func TestInNode(t *testing.T) {
	node, err := filepath.Abs("../web/node_modules/.bin/node")
	require.NoError(t, err)
	if _, err := os.Stat(node); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("web/node_modules is missing")
		}
		t.Skip("web/node_modules is missing: run `make setup`")
	}
	wasm := filepath.Join(t.TempDir(), "webbolt.wasm")
	build := exec.Command("go", "build", "-trimpath", "-o", wasm, "../wasm")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)

	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, "--expose-gc", "--test-reporter=spec", "test/bridge/bridge.test.mjs")
	cmd.Dir = "../web"
	cmd.Env = append(os.Environ(), "BRIDGE_WASM="+wasm)
	for name, version := range map[string]client.Version{"BRIDGE_5_8": {Major: 5, Minor: 8},
		"BRIDGE_4_2": {Major: 4, Minor: 2}} {
		cmd.Env = append(cmd.Env, name+"="+startFake(t, version))
	}
	cmd.Env = append(cmd.Env, "BRIDGE_SILENT="+startSilent(t))
	output, err = cmd.CombinedOutput()
	require.NoError(t, err, "%s", output)
}

// startFake starts a fake server behind a relay, because JavaScript can only use WebSockets. It returns the WebSocket's
// address.
func startFake(t *testing.T, version client.Version) string {
	fake := &boltfake.Server{Version: version}
	fake.Run = func(q boltfake.Query) boltfake.Answer { return answer(fake, q) }
	relay, err := server.New(server.Config{Upstreams: []string{fake.Start(t)}})
	require.NoError(t, err)
	front := httptest.NewServer(relay.Handler())
	t.Cleanup(front.Close)
	return strings.Replace(front.URL, "http:", "ws:", 1) + "/bolt"
}

// startSilent starts a fake server behind a relay, and a silentProxy in front of it. It returns their addresses as
// JSON.
func startSilent(t *testing.T) string {
	fake := &boltfake.Server{}
	fake.Run = func(q boltfake.Query) boltfake.Answer { return answer(fake, q) }
	upstream := fake.Start(t)
	relay, err := server.New(server.Config{Upstreams: []string{upstream}, Limits: server.Limits{Sign: time.Second}})
	require.NoError(t, err)
	front := httptest.NewServer(relay.Handler())
	t.Cleanup(front.Close)
	proxy := &silentProxy{to: front.Listener.Addr().String()}
	address := proxy.start(t)
	control := httptest.NewServer(proxy)
	t.Cleanup(control.Close)
	text, err := json.Marshal(map[string]string{"uri": upstream, "relay": "ws://" + address + "/bolt",
		"control": control.URL})
	require.NoError(t, err)
	return string(text)
}

// answer is a fake server's answer to a query. The first word of the query selects the answer.
func answer(fake *boltfake.Server, q boltfake.Query) boltfake.Answer {
	word, rest, _ := strings.Cut(q.Text, " ")
	switch word {
	case "FAIL":
		return boltfake.Answer{Failure: &client.Failure{Code: "Neo.ClientError.Statement.SyntaxError", Message: rest}}
	case "SEEN": // the query's parameters and settings
		return text(fmt.Sprintf("%v %v", q.Parameters, q.Extra))
	case "HELLO": // the fields of the client's HELLO
		return text(fmt.Sprint(fake.Requests()[0].Fields))
	case "COUNT": // n records
		var n int
		_, _ = fmt.Sscan(rest, &n)
		records := make([][]any, n)
		for i := range records {
			records[i] = []any{int64(i)}
		}
		return boltfake.Answer{Fields: []string{"n"}, Records: records}
	case "SHOW": // databases, after a while
		late := make(chan struct{})
		time.AfterFunc(300*time.Millisecond, func() { close(late) })
		return boltfake.Answer{Fields: []string{"name"}, Records: [][]any{{"movies"}}, Wait: late}
	case "WAIT": // until it is interrupted
		return boltfake.Answer{Fields: []string{"n"}, Records: [][]any{{int64(1)}}, Wait: q.Interrupted}
	}
	return boltfake.Answer{}
}

func text(text string) boltfake.Answer {
	return boltfake.Answer{Fields: []string{"text"}, Records: [][]any{{text}}}
}
