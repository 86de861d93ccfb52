package main

import (
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEnvironmentIsHeldToTheSettings(t *testing.T) {
	for _, line := range []string{
		"WEBBOLT_ORIGINS=https://a", "WEBBOLT_MAX_CONECTIONS=5", "WEBBOLT_READ_ONLY=true", "WEBBOLT_=",
		"WEBBOLT_ADMIN_PORT=9090", "WEBBOLT_SERVICE_PORT=web",
		"WEBBOLT_CONFIG=", "WEBBOLT_ORIGIN=", "WEBBOLT_ORIGIN=https://a,,https://b", "WEBBOLT_ORIGIN=https://a,",
		"WEBBOLT_IDLE_TIME=",
	} {
		_, _, err := readSettings([]string{"--upstream", "bolt://x"}, []string{line, "OTHER=x"}, io.Discard)
		require.ErrorContains(t, err, "WEBBOLT_", line)
	}
	_, _, err := readSettings([]string{"--upstream", "bolt://x"}, []string{
		"HOME=/", "webbolt_x=1", "WEBBOLT_SERVICE_HOST=10.0.0.1", "WEBBOLT_SERVICE_PORT=80",
		"WEBBOLT_SERVICE_PORT_HTTP=80", "WEBBOLT_PORT=tcp://10.0.0.1:80",
		"WEBBOLT_PORT_80_TCP=tcp://10.0.0.1:80", "WEBBOLT_PORT_80_TCP_PROTO=tcp", "WEBBOLT_PORT_80_TCP_PORT=80",
		"WEBBOLT_PORT_80_TCP_ADDR=10.0.0.1",
		"WEBBOLT_RELAY_SERVICE_HOST=10.0.0.1", "WEBBOLT_RELAY_PORT=tcp://10.0.0.1:80",
	}, io.Discard)
	require.NoError(t, err, "Kubernetes tells of services in this way")
}

func TestFlagsAreGivenOnce(t *testing.T) {
	for _, arguments := range [][]string{
		{"--listen", ":1", "--listen", ":2"}, {"--config", "a", "--config", "b"}, {"--origin", ""}, {"--idle-time="},
		{"--config", ""},
	} {
		_, _, err := readSettings(append(arguments, "--upstream", "bolt://x"), nil, io.Discard)
		require.ErrorIs(t, err, errUsage, arguments)
	}
}

// What only turns out at start has its line, too.
func TestErrorsAtStartNameTheirLine(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	other := "listen: 127.0.0.1:0\n"
	for text, want := range map[string]string{
		"upstreams: [bolt://x]\nlisten: " + taken.Addr().String() + "\n":          "webbolt.yaml:2: listen: ",
		other + "upstreams: [bolt://x]\nadmin: " + taken.Addr().String() + "\n":   "webbolt.yaml:3: admin: ",
		"upstreams: [bolt+s://x]\nupstream_cas: " + write(t, "ca.pem", "nothing"): "webbolt.yaml:2: upstream_cas: ",
	} {
		err := relay(t.Context(), []string{"--config", write(t, "webbolt.yaml", text)}, io.Discard, io.Discard)
		require.ErrorContains(t, err, want)
	}
}
