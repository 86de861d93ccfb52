package server

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/server/budget"
	"github.com/webbolt/webbolt/server/logs"
	"github.com/webbolt/webbolt/server/upstream"
)

// ErrClosed is returned by Serve after Shutdown.
var ErrClosed = errors.New("server: the relay was shut down")

// Server is a relay. Its methods may be called by several goroutines.
type Server struct {
	config    Config
	limits    Limits
	directory *upstream.Directory
	origins   originRules
	proxies   proxies
	census    *census
	budget    *budget.Budget
	upgrader  websocket.Upgrader
	log       *slog.Logger
	metrics   *metrics
	readiness *readiness
	handler   http.Handler
	transport *http.Transport // to the HTTP API, if there is one
	http      *http.Server
	sockets   *sockets
	refusing  *census // the refused connections that still have to be told why
	lanes     laneKeys

	ids      atomic.Uint64
	mu       sync.Mutex
	stopping bool
	carriers map[*carrier]struct{}
	running  sync.WaitGroup // goroutines of connections
}

// refusals is how many refused connections may be told why at a time, in all and for one client; others are closed
// without a reason.
const refusals, refusalsPerClient = 256, 64

const (
	maxHeader  = 32 << 10 // bytes of a request's header
	maxStreams = 100      // requests at a time on one HTTP/2 connection
)

// New makes a relay. It opens nothing.
func New(config Config) (*Server, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	limits := config.Limits.withDefaults()
	directory, err := newDirectory(config, limits)
	if err != nil {
		return nil, err
	}
	s := &Server{
		config: config, limits: limits, directory: directory,
		origins: newOriginRules(config.Origins), census: newCensus(limits.Connections, limits.ConnectionsPerClient),
		budget:   budget.New(limits.Unfinished, limits.UnfinishedPerClient),
		refusing: newCensus(refusals, refusalsPerClient),
		carriers: map[*carrier]struct{}{}, log: config.Logger,
		readiness: &readiness{directory: directory},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	bounded := logs.Bound(s.log.Handler())
	s.log = slog.New(bounded)
	for _, text := range config.TrustedProxies {
		s.proxies = append(s.proxies, netip.MustParsePrefix(text))
	}
	s.budget.Reached = func(err error) {
		s.metrics.limit(map[bool]string{true: "unfinished_per_client",
			false: "unfinished"}[errors.Is(err, budget.ErrPerClient)])
	}
	s.sockets = newSockets(limits, s.proxies, func(limit string) { s.metrics.limit(limit) })
	s.metrics = newMetrics(s.sockets.count, func() float64 { return float64(s.budget.Used()) },
		func() float64 { return float64(bounded.LeftOut()) })
	s.upgrader = websocket.Upgrader{
		HandshakeTimeout: positive(limits.Handshake), WriteBufferSize: 4 << 10, WriteBufferPool: &sync.Pool{},
		CheckOrigin: func(*http.Request) bool { return true }, // serveBolt has checked it, and tells the page why not
	}
	s.handler = s.receive(s.routes())
	s.http = &http.Server{
		Handler: s.handler, ConnContext: s.sockets.remember, ConnState: s.sockets.observe, TLSConfig: config.TLS,
		ReadHeaderTimeout: positive(limits.Handshake), IdleTimeout: positive(limits.Ping), MaxHeaderBytes: maxHeader,
		ReadTimeout: positive(limits.Handshake) + positive(limits.Write), // receive changes it when the header has come
		HTTP2: &http.HTTP2Config{MaxConcurrentStreams: maxStreams, MaxReceiveBufferPerConnection: 1 << 20,
			MaxReceiveBufferPerStream: 256 << 10,
			SendPingTimeout:           positive(limits.Ping), PingTimeout: positive(limits.Ping),
			WriteByteTimeout: positive(limits.Write)},
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	return s, nil
}

func newDirectory(config Config, limits Limits) (*upstream.Directory, error) {
	directory, err := upstream.NewDirectory(config.Upstreams, config.Allow)
	if err != nil {
		return nil, err
	}
	directory.Timeout, directory.NamedOnly = limits.Connect, config.Policy != nil
	if config.Resolver != nil {
		directory.Resolver = config.Resolver
	}
	if config.UpstreamCAs != "" {
		if directory.RootCAs, err = readCAs(config.UpstreamCAs); err != nil {
			return nil, fmt.Errorf("UpstreamCAs: %w", err)
		}
	}
	return directory, nil
}

// CheckCAs reports what is wrong with a Config.UpstreamCAs.
func CheckCAs(file string) error {
	_, err := readCAs(file)
	return err
}

func readCAs(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate in PEM", file)
	}
	return pool, nil
}

// Handler returns the relay as a handler for another HTTP server. That server must limit its sockets and the time for a
// request's header itself, as Serve does.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve accepts connections from the listener, and closes the listener at the end. When ctx ends it shuts the relay
// down, and waits up to Limits.Drain for running work. It returns nil after that, and ErrClosed after a Shutdown.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	listener = countedListener{listener, s.sockets}
	ended := make(chan error, 1)
	go func() {
		if s.config.TLS != nil {
			ended <- s.http.ServeTLS(listener, "", "")
			return
		}
		ended <- s.http.Serve(listener)
	}()
	select {
	case err := <-ended:
		if errors.Is(err, http.ErrServerClosed) {
			return ErrClosed
		}
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithCancel(context.WithoutCancel(ctx))
	if s.limits.Drain > 0 {
		drain, cancel = context.WithTimeout(drain, s.limits.Drain)
	}
	defer cancel()
	err := s.Shutdown(drain)
	<-ended
	if errors.Is(err, context.DeadlineExceeded) { // some connections did not end by themselves
		return nil
	}
	return err
}

// Shutdown accepts no more connections, ends quiet ones without an answer due, and waits for the others until ctx ends;
// then it ends them too and returns ctx's error. Pages are told code 1001. All is closed when it returns.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.stopping = true
	s.mu.Unlock()
	httpDown := make(chan error, 1)
	go func() { httpDown <- s.http.Shutdown(ctx) }()
	err := s.drain(ctx)
	if err2 := <-httpDown; err == nil {
		err = err2
	}
	_ = s.http.Close()
	if s.transport != nil {
		s.transport.CloseIdleConnections()
	}
	s.running.Wait()
	return err
}

// stop reports whether Shutdown was called.
func (s *Server) stopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

// keep runs a connection's work in a goroutine of its own, unless the relay is shutting down.
func (s *Server) keep(work func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return false
	}
	s.running.Go(work)
	return true
}
