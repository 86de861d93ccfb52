//go:build !js

package dial

import "sync"

// inboxLimit is how many bytes may wait for the reader before the sender has to wait.
const inboxLimit = 256 << 10

// inbox is the bounded buffer between a pump and the reader.
type inbox struct {
	mu       sync.Mutex
	data     []byte // data[next:] waits
	next     int
	err      error         // why no more bytes will come
	told     func()        // to be called when no more bytes will come, or nil
	arrived  chan struct{} // a token: something has changed
	consumed chan struct{} // a token: there may be room again
}

func newInbox() *inbox {
	return &inbox{arrived: make(chan struct{}, 1), consumed: make(chan struct{}, 1)}
}

// put adds b, waiting for room. It reports false when quit is closed meanwhile.
func (x *inbox) put(b []byte, quit <-chan struct{}) bool {
	for {
		x.mu.Lock()
		if len(x.data)-x.next < inboxLimit {
			if x.next > 0 && len(x.data)+len(b) > cap(x.data) {
				x.data, x.next = append(x.data[:0], x.data[x.next:]...), 0
			}
			x.data = append(x.data, b...)
			x.mu.Unlock()
			wake(x.arrived)
			return true
		}
		x.mu.Unlock()
		select {
		case <-x.consumed:
		case <-quit:
			return false
		}
	}
}

// end says that no more bytes will come, and why.
func (x *inbox) end(err error) {
	x.mu.Lock()
	if x.err == nil {
		x.err = err
	}
	told := x.told
	x.told = nil
	x.mu.Unlock()
	wake(x.arrived)
	if told != nil {
		go told()
	}
}

// onEnd registers told, which is called when no more bytes will come.
func (x *inbox) onEnd(told func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.err != nil {
		go told()
		return
	}
	x.told = told
}

// readable reports whether read would return bytes or an error.
func (x *inbox) readable() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.err != nil || x.next < len(x.data)
}

// read moves bytes that have arrived into p; n is 0 and err nil if there are none yet.
func (x *inbox) read(p []byte) (n int, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	n = copy(p, x.data[x.next:])
	x.next += n
	if x.next == len(x.data) {
		x.data, x.next = x.data[:0], 0
	}
	if n == 0 {
		return 0, x.err
	}
	wake(x.consumed)
	return n, nil
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
