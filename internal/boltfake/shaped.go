package boltfake

import (
	"io"
	"net"
	"sync"
)

// Shaped is the client's end of a stream whose bytes come and go otherwise than they would by themselves. Positions count from the stream's
// beginning; a zero field does nothing.
type Shaped struct {
	net.Conn
	CutReadAt  int // reading ends there
	CutWriteAt int // writing ends there, and then reading too
	SplitAt    int // no read goes on past there
	Largest    int // no read is larger

	mu            sync.Mutex
	read, written int
	cut           bool
}

// Read reads within the limits.
func (s *Shaped) Read(p []byte) (int, error) {
	s.mu.Lock()
	limit := len(p)
	if s.Largest > 0 {
		limit = min(limit, s.Largest)
	}
	if s.SplitAt > s.read {
		limit = min(limit, s.SplitAt-s.read)
	}
	if s.CutReadAt > 0 {
		limit = min(limit, s.CutReadAt-s.read)
	}
	over := s.cut || s.CutReadAt > 0 && limit <= 0
	s.mu.Unlock()
	if over {
		_ = s.Conn.Close()
		return 0, io.EOF
	}
	n, err := s.Conn.Read(p[:limit])
	s.mu.Lock()
	s.read += n
	s.mu.Unlock()
	return n, err
}

// Write writes within the limits.
func (s *Shaped) Write(p []byte) (int, error) {
	s.mu.Lock()
	limit := len(p)
	if s.CutWriteAt > 0 {
		limit = min(limit, max(s.CutWriteAt-s.written, 0))
	}
	s.mu.Unlock()
	n, err := s.Conn.Write(p[:limit])
	s.mu.Lock()
	defer s.mu.Unlock()
	s.written += n
	if err == nil && limit < len(p) {
		s.cut = true
		_ = s.Conn.Close()
		err = io.ErrClosedPipe
	}
	return n, err
}

// Count is how many bytes were read and written.
func (s *Shaped) Count() (read, written int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.read, s.written
}
