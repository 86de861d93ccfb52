package boltfake

import (
	"io"
	"net"
	"sync"
	"time"
)

// Shaped is the client's end of a stream; it cuts, splits and delays the bytes. Positions count from the stream's
// beginning; a zero field does nothing.
type Shaped struct {
	net.Conn
	CutReadAt  int           // reading ends there
	CutWriteAt int           // writing ends there, and then reading too
	SplitAt    int           // no read goes on past there
	Delay      time.Duration // delay of the bytes after SplitAt
	// from there on, a read returns all bytes that the other side writes without waiting for an answer
	MergeAt int
	Largest int // no read is larger

	mu            sync.Mutex
	deadline      time.Time
	read, written int
	cut           bool
}

// SetReadDeadline implements [net.Conn].
func (s *Shaped) SetReadDeadline(t time.Time) error {
	s.mu.Lock()
	s.deadline = t
	s.mu.Unlock()
	return s.Conn.SetReadDeadline(t)
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
	late := s.Delay > 0 && s.read == s.SplitAt
	merge := s.MergeAt > 0 && s.read >= s.MergeAt
	s.mu.Unlock()
	if late {
		time.Sleep(s.Delay)
	}
	if over {
		_ = s.Conn.Close()
		return 0, io.EOF
	}
	n, err := s.Conn.Read(p[:limit])
	if merge && err == nil {
		n += s.readOn(p[n:limit])
	}
	s.mu.Lock()
	s.read += n
	s.mu.Unlock()
	return n, err
}

// readOn reads until nothing more comes. The next read returns an error again.
func (s *Shaped) readOn(p []byte) (n int) {
	_ = s.Conn.SetReadDeadline(time.Now().Add(time.Millisecond))
	for more := 1; more > 0 && n < len(p); n += more {
		more, _ = s.Conn.Read(p[n:])
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.Conn.SetReadDeadline(s.deadline)
	return n
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
