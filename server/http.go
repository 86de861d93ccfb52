package server

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/server/household"
	"github.com/webbolt/webbolt/server/httpapi"
	"github.com/webbolt/webbolt/server/logs"
	"github.com/webbolt/webbolt/server/session"
)

// CheckHTTP reports what is wrong with a Config.HTTP.
func CheckHTTP(text string) error {
	_, err := httpServer(text)
	return err
}

// httpServer reads the address of an HTTP API. Its errors do not show the text, in which there may be a password.
func httpServer(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" ||
		u.Fragment != "" {
		return nil, errors.New("this is not the address of an HTTP API, as http://localhost:7474 is")
	}
	return u, nil
}

func (s *Server) newHTTPProxy() http.Handler {
	target, err := httpServer(s.config.HTTP)
	if err != nil { // Validate has checked it
		return http.NotFoundHandler()
	}
	s.transport = &http.Transport{
		TLSClientConfig:       &tls.Config{RootCAs: s.directory.RootCAs, MinVersion: tls.VersionTLS12},
		MaxIdleConnsPerHost:   32,
		MaxConnsPerHost:       max(0, s.limits.Connections),
		IdleConnTimeout:       30 * time.Second,
		TLSHandshakeTimeout:   positive(s.limits.Connect),
		DisableCompression:    true,
		ResponseHeaderTimeout: positive(s.limits.Idle),
	}
	return httpapi.New(httpapi.Config{
		Server: target, Transport: s.transport, Policy: s.config.Policy, MaxBody: int64(s.limits.Message),
		Logger: s.log,
		Budget: s.budget, Client: func(r *http.Request) netip.Prefix { return household.Of(s.proxies.clientOf(r)) },
		Limited: s.metrics.limit,
		Refused: func(r *http.Request, refused *session.Refusal) {
			s.note(Event{Kind: EventRuled, Visit: s.visitHTTP(r), Rule: refused.Rule, Reason: refused.Message})
		},
	})
}

// visitHTTP describes the sender of a request.
func (s *Server) visitHTTP(r *http.Request) Visit {
	return Visit{ID: s.ids.Add(1), Client: s.proxies.clientOf(r), Origin: r.Header.Get("Origin"), Target: r.URL.Path}
}

func (s *Server) refuseHTTP(w http.ResponseWriter, r *http.Request, status int, why *ending) {
	s.note(Event{Kind: EventRefused, Visit: s.visitHTTP(r), Code: why.code, Reason: why.text})
	http.Error(w, why.text, status)
}

// guardHTTP applies the rules for connections to requests: origin, number, and none while the relay is shutting down.
func (s *Server) guardHTTP(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.mayConnect(r) {
			s.refuseHTTP(w, r, http.StatusForbidden, &ending{
				wire.CloseForbidden, "the relay was not told to allow pages of this origin"})
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" {
			shareWith(origin, w.Header())
			if r.Method == http.MethodOptions {
				w.WriteHeader(http.StatusNoContent)
				return
			}
		}
		if s.stopped() {
			s.refuseHTTP(w, r, http.StatusServiceUnavailable,
				&ending{wire.CloseGoingAway, "the relay is shutting down"})
			return
		}
		client := s.proxies.clientOf(r)
		if refused := s.enter(client); refused != nil {
			s.refuseHTTP(w, r, http.StatusTooManyRequests, refused)
			return
		}
		defer s.census.remove(client)
		next.ServeHTTP(s.prompt(w, r), r.WithContext(logs.WithClient(r.Context(), client)))
	})
}

// shareWith lets a page of another origin, which is allowed, read the answer (CORS).
func shareWith(origin string, header http.Header) {
	header.Set("Access-Control-Allow-Origin", origin)
	header.Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
	header.Set("Access-Control-Allow-Headers",
		"Accept, Authorization, Content-Type, Access-Mode, Max-Execution-Time, Bookmarks, Neo4j-Cluster-Affinity")
	header.Set("Access-Control-Max-Age", "600")
	header.Add("Vary", "Origin")
}
