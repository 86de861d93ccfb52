package server

import (
	"net/http"
	"strings"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/server/httpapi"
	"github.com/webbolt/webbolt/server/static"
)

// connectSources are what the page may connect to besides its own origin. A page that logs in itself may connect to any
// server that its user names; a page that the relay logs in only needs the relay.
func (s *Server) connectSources() []string {
	if s.config.ConnectSources != nil || s.config.Policy != nil {
		return s.config.ConnectSources
	}
	return []string{"ws:", "wss:", "http:", "https:"}
}

// routes makes the handler for all paths.
func (s *Server) routes() http.Handler {
	page := http.NotFoundHandler()
	if s.config.Static != nil {
		page = static.New(s.config.Static, s.connectSources())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/bolt", func(w http.ResponseWriter, r *http.Request) { s.serveBolt(w, r, "") })
	if s.config.HTTP != "" {
		mux.Handle(httpapi.Prefix+"/", s.guardHTTP(s.newHTTPProxy()))
	}
	mux.HandleFunc("GET /healthz", s.serveHealth)
	mux.HandleFunc("GET /readyz", s.serveReady)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" && websocket.IsWebSocketUpgrade(r) {
			s.serveBolt(w, r, "")
			return
		}
		page.ServeHTTP(s.prompt(w, r), r)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// ServeMux would answer an unclean path with a redirect, which no WebSocket client follows.
		if r.URL.Path == lanePath {
			s.serveLane(w, r)
			return
		}
		if target, found := strings.CutPrefix(r.URL.Path, "/bolt/"); found {
			s.serveBolt(w, r, target)
			return
		}
		mux.ServeHTTP(w, r)
	})
}
