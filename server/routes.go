package server

import (
	"net/http"
	"strings"

	"github.com/gorilla/websocket"
)

// routes makes the handler for all paths.
func (s *Server) routes() http.Handler {
	page := http.NotFoundHandler()
	if s.config.Static != nil {
		page = http.FileServerFS(s.config.Static)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/bolt", func(w http.ResponseWriter, r *http.Request) { s.serveBolt(w, r, "") })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" && websocket.IsWebSocketUpgrade(r) {
			s.serveBolt(w, r, "")
			return
		}
		page.ServeHTTP(w, r)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// ServeMux would answer a path that it finds unclean with a redirect, which no WebSocket client follows.
		if target, found := strings.CutPrefix(r.URL.Path, "/bolt/"); found {
			s.serveBolt(w, r, target)
			return
		}
		mux.ServeHTTP(w, r)
	})
}
