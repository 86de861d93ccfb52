package server

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/server/upstream"
)

// readyFor is how long an answer about the upstream is kept, so that many requests do not load the upstream.
const readyFor = 5 * time.Second

// readyWait is how long the upstream may take to answer if connecting has no limit.
const readyWait = 10 * time.Second

// AdminHandler serves /metrics, /healthz and /readyz. It is for an address that the public cannot reach.
func (s *Server) AdminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.metrics.handler())
	mux.HandleFunc("GET /healthz", s.serveHealth)
	mux.HandleFunc("GET /readyz", s.serveReady)
	return mux
}

// serveHealth says that the process is alive.
func (s *Server) serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n"))
}

// serveReady says whether connections would be carried now.
func (s *Server) serveReady(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	err := errors.New("shutting down")
	if !s.stopped() {
		err = s.readiness.ask(r.Context())
	}
	if err != nil {
		s.log.Warn("not ready", "client", s.proxies.clientOf(r), "error", err)
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ready\n"))
}

// readiness asks the default upstream, and remembers the answer for a while.
type readiness struct {
	directory *upstream.Directory

	mu    sync.Mutex
	asked time.Time
	err   error
}

func (r *readiness) ask(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.asked.IsZero() && time.Since(r.asked) < readyFor {
		return r.err
	}
	limit := cmp.Or(positive(r.directory.Timeout), readyWait)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	r.err = nil
	if len(r.directory.Endpoints) > 0 {
		r.err = speaksBolt(ctx, r.directory, r.directory.Endpoints[0], limit)
	}
	r.asked = time.Now()
	return r.err
}

// speaksBolt checks a server with Neo4j's own driver. A login without a name that fails shows that the server works.
func speaksBolt(ctx context.Context, directory *upstream.Directory, endpoint upstream.Endpoint,
	limit time.Duration) error {
	driver, err := neo4j.NewDriverWithContext(endpoint.String(), neo4j.NoAuth(), func(c *config.Config) {
		c.MaxConnectionPoolSize = 1
		c.SocketConnectTimeout = limit
		c.ConnectionAcquisitionTimeout = limit
		c.UserAgent = "webbolt-relay/" + wire.Release
		if directory.RootCAs != nil {
			c.TlsConfig = &tls.Config{RootCAs: directory.RootCAs, MinVersion: tls.VersionTLS12}
		}
	})
	if err != nil {
		return err
	}
	defer func() { _ = driver.Close(ctx) }()
	err = driver.VerifyConnectivity(ctx)
	var refused *neo4j.Neo4jError
	if errors.As(err, &refused) {
		return nil
	}
	return err
}
