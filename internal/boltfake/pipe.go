package boltfake

import (
	"io"
	"net"
	"sync"
)

// Pipe runs script at the other end of the returned stream, in memory and without the network, as testing/synctest
// requires. The script's writes are buffered, as a network does. Call stop, which cuts the stream and waits for the
// script, before the test ends.
func Pipe(t T, script func(c *Conn)) (stream net.Conn, stop func()) {
	ours, theirs := net.Pipe()
	s := newScripts()
	buffered := &bufferedWrites{Conn: ours, queue: make(chan []byte, writesHeld)}
	s.running.Go(buffered.carryOut)
	s.start(t, buffered, script)
	return theirs, func() {
		_ = ours.Close()
		s.stop()
	}
}

// writesHeld is how many writes a script can be ahead of its client.
const writesHeld = 1 << 14

// bufferedWrites is a stream whose writes do not wait for the reader. Close first sends what was written.
type bufferedWrites struct {
	net.Conn
	mu     sync.Mutex
	closed bool
	queue  chan []byte
}

func (b *bufferedWrites) carryOut() {
	for p := range b.queue {
		if _, err := b.Conn.Write(p); err != nil {
			break
		}
	}
	_ = b.Conn.Close()
}

func (b *bufferedWrites) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0, io.ErrClosedPipe
	}
	b.queue <- append([]byte(nil), p...)
	return len(p), nil
}

func (b *bufferedWrites) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.closed = true
		close(b.queue)
	}
	return nil
}
