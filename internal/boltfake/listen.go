package boltfake

import (
	"net"
	"sync"
)

// Listener accepts connections and runs a script for each.
type Listener struct {
	Address string // host:port

	listener net.Listener
	scripts  *scripts
}

// Listen runs script for each connection, in a goroutine of its own. At the end of the test, Listen stops listening,
// cuts the connections, and waits for the scripts. The end of a script cuts its connection.
func Listen(t T, script func(c *Conn)) *Listener {
	t.Helper()
	accept, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &Listener{Address: accept.Addr().String(), listener: accept, scripts: newScripts()}
	l.scripts.running.Go(func() {
		for {
			stream, err := accept.Accept()
			if err != nil {
				return
			}
			l.scripts.start(t, stream, script)
		}
	})
	t.Cleanup(func() {
		l.Stop()
		l.scripts.stop()
	})
	return l
}

// Stop ends listening: further connections are refused. Existing ones stay open.
func (l *Listener) Stop() { _ = l.listener.Close() }

// Cut closes all open connections.
func (l *Listener) Cut() { l.scripts.cut() }

// scripts are the conversations of one listener.
type scripts struct {
	running sync.WaitGroup
	mu      sync.Mutex
	streams map[net.Conn]bool
	stopped bool
}

func newScripts() *scripts { return &scripts{streams: map[net.Conn]bool{}} }

func (s *scripts) start(t T, stream net.Conn, script func(c *Conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		_ = stream.Close()
		return
	}
	s.streams[stream] = true
	s.running.Go(func() {
		defer func() {
			_ = stream.Close()
			s.mu.Lock()
			delete(s.streams, stream)
			s.mu.Unlock()
		}()
		script(newConn(t, stream))
	})
}

// cut closes all connections.
func (s *scripts) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for stream := range s.streams {
		_ = stream.Close()
	}
}

func (s *scripts) stop() {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	s.cut()
	s.running.Wait()
}
