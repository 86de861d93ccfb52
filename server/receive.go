package server

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/webbolt/webbolt/server/household"
	"github.com/webbolt/webbolt/server/httpapi"
)

// leftoverTime is how long to wait for the rest of a body that the handler does not read.
const leftoverTime = time.Second

// receive makes sure that requests arrive promptly: a body must arrive within a time limit, whether the handler reads
// it or not (net/http waits for it without a limit), and if no body is expected, none is accepted.
func (s *Server) receive(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k, _ := r.Context().Value(socketKey{}).(*socket)
		whole := r.ContentLength == 0
		if k != nil && !k.requested(household.Of(s.proxies.clientOf(r)), whole) {
			w.Header().Set("Connection", "close")
			http.Error(w, "too many requests of your address", http.StatusTooManyRequests)
			return
		}
		control := http.NewResponseController(w)
		if s.limits.Write > 0 && r.ProtoMajor == 1 {
			// the deadline of the last answer may have passed
			_ = control.SetWriteDeadline(time.Now().Add(s.limits.Write))
		}
		if whole {
			_ = control.SetReadDeadline(time.Time{}) // the server reads on for the end of the connection
			next.ServeHTTP(w, r)
			return
		}
		if !strings.HasPrefix(r.URL.Path, httpapi.Prefix+"/") && r.URL.Path != lanePath {
			w.Header().Set("Connection", "close") // net/http answers before it waits for the body then
			_ = control.SetReadDeadline(time.Now().Add(leftoverTime))
			http.Error(w, "this path takes no body", http.StatusRequestEntityTooLarge)
			return
		}
		body := &promptBody{ReadCloser: r.Body, control: control, socket: k}
		if s.limits.Write > 0 {
			_ = control.SetReadDeadline(time.Now().Add(s.limits.Write))
		}
		r.Body = body
		next.ServeHTTP(w, r)
		if !body.whole() {
			_ = control.SetReadDeadline(time.Now().Add(leftoverTime))
		}
	})
}

// promptBody is a request's body that must arrive within a time limit.
type promptBody struct {
	io.ReadCloser
	control *http.ResponseController
	socket  *socket // or nil

	mu   sync.Mutex // a transport may read after the handler's end
	came bool
}

func (b *promptBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) && !b.whole() {
		b.mu.Lock()
		b.came = true
		b.mu.Unlock()
		_ = b.control.SetReadDeadline(time.Time{}) // the server reads on for the end of the connection
		if b.socket != nil {
			b.socket.complete()
		}
	}
	return n, err
}

func (b *promptBody) whole() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.came
}

// promptWriter ends answers that the client does not receive.
type promptWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
	stream  bool // HTTP/2, where a deadline ends a stream even if nothing is being written
}

// prompt makes a promptWriter.
func (s *Server) prompt(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
	if s.limits.Write <= 0 {
		return w
	}
	return &promptWriter{ResponseWriter: w, control: http.NewResponseController(w), limit: s.limits.Write,
		stream: r.ProtoMajor > 1}
}

func (w *promptWriter) Write(b []byte) (int, error) {
	if err := w.control.SetWriteDeadline(time.Now().Add(w.limit)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := w.ResponseWriter.Write(b)
	if w.stream {
		_ = w.control.SetWriteDeadline(time.Time{})
	}
	return n, err
}

// WriteHeader sets the answer's time limit if no body follows.
func (w *promptWriter) WriteHeader(status int) {
	if !w.stream {
		_ = w.control.SetWriteDeadline(time.Now().Add(w.limit))
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for [http.ResponseController].
func (w *promptWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
