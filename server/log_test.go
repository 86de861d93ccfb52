package server

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// lockedBuffer takes a log.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) size() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Len()
}

// Requests without a login fill no disk: 350 MB came in 10 s before.
func TestLogFlood(t *testing.T) {
	up := newUpstream(t, echo)
	log := &lockedBuffer{}
	r := newRelay(t, Config{Upstreams: []string{up.uri()}, HTTP: "http://" + up.Addr().String(),
		Logger: slog.New(slog.NewTextHandler(log, nil))})
	long := strings.Repeat("a", 15_000)
	client := &http.Client{}
	defer client.CloseIdleConnections()
	for range 1000 {
		for _, path := range []string{"/http/" + long, "/http/db/" + long + "/tx/commit"} {
			request, err := http.NewRequest("GET", "http://"+r.address+path, nil)
			require.NoError(t, err)
			request.Header.Set("Origin", "https://"+long)
			response, err := client.Do(request)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
		}
	}
	for range 20 {
		p, err := r.open1(t, "/bolt/"+long, http.Header{"Origin": {"https://" + long}})
		require.NoError(t, err)
		_ = p.Close()
	}
	require.Less(t, log.size(), 200_000)
	_, text := get(t, r.AdminHandler(), "/metrics")
	require.NotContains(t, text, "webbolt_relay_log_lines_left_out_total 0\n")
}
