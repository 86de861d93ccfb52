package server

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/webbolt/webbolt/client/lane"
	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/server/blocks"
)

const lanePath = "/bolt/" + lane.Path

// laneKeys finds the connection that a lane belongs to.
type laneKeys struct {
	mu    sync.Mutex
	byKey map[string]*carrier
}

func (k *laneKeys) remember(c *carrier) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byKey == nil {
		k.byKey = map[string]*carrier{}
	}
	k.byKey[c.blocks.key] = c
}

func (k *laneKeys) forget(c *carrier) {
	if c.blocks != nil {
		k.mu.Lock()
		defer k.mu.Unlock()
		delete(k.byKey, c.blocks.key)
	}
}

func (k *laneKeys) find(key string) *carrier {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.byKey[key]
}

// serveLane answers a POST whose body is the connection's key and the result's number with the blocks of that result.
// The checks of the connection hold for its lanes too, because only the page that opened the connection knows the key;
// in addition, the page must have the same origin.
func (s *Server) serveLane(w http.ResponseWriter, r *http.Request) {
	s.guardHTTP(http.HandlerFunc(s.openLane)).ServeHTTP(w, r)
}

func (s *Server) openLane(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "lanes are opened by POST", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, lane.MaxRequest+1))
	key, number, ok := strings.Cut(string(body), " ")
	result, err2 := strconv.ParseInt(number, 10, 64)
	if err != nil || err2 != nil || !ok || len(body) > lane.MaxRequest {
		http.Error(w, "the body must be the connection's key and the result's number", http.StatusBadRequest)
		return
	}
	c := s.lanes.find(key)
	if c == nil || c.visit.Origin != r.Header.Get("Origin") {
		s.refuseHTTP(w, r, http.StatusNotFound, &ending{wire.CloseForbidden,
			"this relay has no connection with that key"})
		return
	}
	response := &laneResponse{w: w, control: http.NewResponseController(w), server: s}
	opened, err := c.blocks.converter.OpenLane(result, response)
	if err != nil {
		status := http.StatusConflict
		if errors.Is(err, blocks.ErrTooManyLanes) {
			status = http.StatusTooManyRequests
		}
		s.refuseHTTP(w, r, status, &ending{wire.CloseTooMany, err.Error()})
		return
	}
	defer c.blocks.converter.CloseLane(result)
	s.metrics.blocks.opened.Inc()
	s.metrics.blocks.lanes.Inc()
	defer s.metrics.blocks.lanes.Dec()
	header := w.Header()
	header.Set("Content-Type", "application/octet-stream")
	header.Set("Cache-Control", "no-store, no-transform")
	header.Set("X-Accel-Buffering", "no") // nginx
	if s.config.Compression.wanted(s.proxies.clientOf(r)) {
		header.Add("Vary", "Accept-Encoding")
		defer response.compress(encodingFor(r), header)()
	}
	opened.Begin()
	select {
	case <-opened.Done():
	case <-r.Context().Done():
		opened.End()
	}
}

// laneResponse is the answer that a lane writes to.
type laneResponse struct {
	w          http.ResponseWriter
	control    *http.ResponseController
	server     *Server
	compressor compressor // or nil

	mu          sync.Mutex
	interrupted bool
}

// compress makes the answer compressed, unless encoding is nil. The returned function ends that; after it nothing may
// be written.
func (l *laneResponse) compress(encoding *encoding, header http.Header) (end func()) {
	if encoding == nil {
		return func() {}
	}
	header.Set("Content-Encoding", encoding.name)
	l.compressor = encoding.acquire(laneBytes{l})
	return func() {
		_ = l.compressor.Close() // a page that is gone needs no end
		encoding.release(l.compressor)
	}
}

func (l *laneResponse) Write(data []byte) (int, error) {
	if l.compressor != nil {
		return l.compressor.Write(data)
	}
	return laneBytes{l}.Write(data)
}

func (l *laneResponse) Flush() error {
	if l.compressor != nil {
		if err := l.compressor.Flush(); err != nil {
			return err
		}
	}
	return l.control.Flush()
}

// laneBytes writes the bytes of the response.
type laneBytes struct{ *laneResponse }

func (l laneBytes) Write(data []byte) (int, error) {
	l.mu.Lock()
	interrupted := l.interrupted // otherwise a write would extend the deadline again
	l.mu.Unlock()
	if interrupted {
		return 0, io.ErrClosedPipe
	}
	n, err := l.w.Write(data)
	l.server.metrics.blocks.laneBytes.Add(float64(n))
	return n, err
}

// Interrupt ends a running write.
func (l *laneResponse) Interrupt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.interrupted = true
	_ = l.control.SetWriteDeadline(time.Now())
}
