package neo4jtest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEnvNames(t *testing.T) {
	require.Equal(t, "WEBBOLT_NEO4J_5_26", V5.Env())
	require.Equal(t, "WEBBOLT_NEO4J_4_4", V4_4.Env())
	require.Equal(t, "WEBBOLT_NEO4J_2026_08", V2026.Env())
}

func TestNeedReadsWhatEnvironWrites(t *testing.T) {
	server := &Server{Version: V2026, BoltAddr: "127.0.0.1:1", HTTPAddr: "127.0.0.1:2", User: "neo4j",
		Password: "quote \" and = sign", HTTPSAddr: "127.0.0.1:3", CAFile: "ca.pem"}
	line, err := server.Environ()
	require.NoError(t, err)
	name, value, _ := strings.Cut(line, "=")
	t.Setenv(name, value)
	require.Equal(t, server, Need(t, V2026))
	require.Equal(t, "bolt://127.0.0.1:1", server.BoltURI())
	require.Equal(t, "http://127.0.0.1:2", server.HTTPURI())
}

// recorder stands in for the test that calls Need.
type recorder struct {
	testing.TB
	fatal, skipped string
}

func (r *recorder) Helper()           {}
func (r *recorder) Fatal(args ...any) { r.fatal = args[0].(string); panic(r) }
func (r *recorder) Skip(args ...any)  { r.skipped = args[0].(string); panic(r) }

func recorded(call func(testing.TB)) (r *recorder) {
	r = &recorder{}
	defer func() { _ = recover() }()
	call(r)
	return r
}

func TestNeedWithoutAServer(t *testing.T) {
	t.Setenv(V5.Env(), "")
	t.Setenv(RelayEnv, "")
	for _, call := range []func(testing.TB){
		func(tb testing.TB) { Need(tb, V5) },
		func(tb testing.TB) { NeedRelay(tb) },
	} {
		t.Setenv("CI", "")
		r := recorded(call)
		require.Contains(t, r.skipped, "withneo4j")
		require.Empty(t, r.fatal)

		t.Setenv("CI", "true")
		r = recorded(call)
		require.Contains(t, r.fatal, "withneo4j")
		require.Empty(t, r.skipped)
	}
}
