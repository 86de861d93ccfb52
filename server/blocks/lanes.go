package blocks

import (
	"errors"
	"io"
	"sync"
	"time"

	"github.com/webbolt/webbolt/client/lane"
)

const (
	// maxLanes is the maximum number of open lanes of a connection. A browser has six connections to a host over
	// HTTP/1.1.
	maxLanes = 4
	// unusedLimit is how long a lane may wait for its first block.
	unusedLimit = 10 * time.Second
)

// What can be wrong with a lane that a page asks for.
var (
	ErrTooManyLanes = errors.New("the connection has as many lanes as it may have")
	ErrLaneUsed     = errors.New("the lane was opened before")
	ErrClosed       = errors.New("the connection has ended")
)

// Lane is an HTTP response that carries the blocks of one result. If a lane cannot be written any more, it drops what
// is written to it: the page notices that the end of the PULL is missing.
type Lane struct {
	out  Response
	done chan struct{}
	idle *time.Timer

	mu      sync.Mutex // held while writing
	allowed bool       // the page has let the relay use it; guarded by the mutex of lanes
	over    bool
}

// Response is what a lane writes to.
type Response interface {
	io.Writer
	Flush() error
	// Interrupt ends a write that is under way, and all later ones, with an error. It may be called at any time before
	// the lane is done.
	Interrupt()
}

// lanes holds the lanes of one connection, by the number of their result.
type lanes struct {
	mu     sync.Mutex
	open   map[int64]*Lane
	used   numbers
	closed bool
}

// numbers are the numbers of results that have had a lane: each can be used once. Results open their lanes nearly in
// the order of their numbers, so the latest are kept and smaller ones count as used.
type numbers struct {
	last   int64
	latest uint64 // bit n for last - n
}

// add reports whether the number is new.
func (u *numbers) add(number int64) bool {
	if number > u.last {
		if ahead := number - u.last; ahead > 0 {
			u.latest <<= uint64(ahead) // to 0 if it is 64 or more
		}
		u.last, u.latest = number, u.latest|1
		return true
	}
	back := uint64(u.last - number)
	if number <= 0 || back >= 64 || u.latest>>back&1 == 1 {
		return false
	}
	u.latest |= 1 << back
	return true
}

// OpenLane makes a lane for a result of the page. The lane writes to out until it is done; the caller must keep out
// valid until then, and must call [Lane.End] when the page is gone.
func (c *Converter) OpenLane(result int64, out Response) (*Lane, error) {
	ls := &c.lanes
	ls.mu.Lock()
	defer ls.mu.Unlock()
	switch {
	case ls.closed:
		return nil, ErrClosed
	case len(ls.open) >= maxLanes:
		return nil, ErrTooManyLanes
	case !ls.used.add(result):
		return nil, ErrLaneUsed
	}
	l := &Lane{out: out, done: make(chan struct{})}
	l.idle = time.AfterFunc(unusedLimit, l.End)
	if ls.open == nil {
		ls.open = map[int64]*Lane{}
	}
	ls.open[result] = l
	return l, nil
}

// UseLane sends the blocks of a result over its lane from now on: the page has received its first frame. Any goroutine
// may call it.
func (c *Converter) UseLane(result int64) {
	ls := &c.lanes
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if l := ls.open[result]; l != nil {
		l.allowed = true
	}
}

// of is the lane of a result, or nil if it has none that takes blocks.
func (ls *lanes) of(result int64) *Lane {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if l := ls.open[result]; l != nil && l.allowed && l.use() {
		return l
	}
	return nil
}

// end ends the lane of a result, if it has one.
func (ls *lanes) end(result int64) {
	ls.mu.Lock()
	l := ls.open[result]
	delete(ls.open, result)
	ls.mu.Unlock()
	if l != nil {
		l.End()
	}
}

func (ls *lanes) endAll() {
	ls.mu.Lock()
	open := ls.open
	ls.open = nil
	ls.mu.Unlock()
	for _, l := range open {
		l.End()
	}
}

func (ls *lanes) close() {
	ls.mu.Lock()
	ls.closed = true
	for _, l := range ls.open {
		l.interrupt()
	}
	ls.mu.Unlock()
	ls.endAll()
}

// CloseLane removes a lane from the connection, after the page has left it.
func (c *Converter) CloseLane(result int64) { c.lanes.end(result) }

// Begin sends the first frame, which shows the page that the lane works.
func (l *Lane) Begin() { l.send(lane.AppendFrameHead(nil, 0, 0), nil) }

// Done returns a channel that is closed when nothing more is written.
func (l *Lane) Done() <-chan struct{} { return l.done }

// interrupt ends a running write.
func (l *Lane) interrupt() {
	select {
	case <-l.done:
	default:
		l.out.Interrupt()
	}
}

// End ends the lane. It waits for a running write.
func (l *Lane) End() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end()
}

func (l *Lane) end() {
	if !l.over {
		l.over = true
		l.idle.Stop()
		close(l.done)
	}
}

// use reports whether the lane accepts blocks; from now on it may wait for them for any time.
func (l *Lane) use() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.idle.Stop()
	return !l.over
}

func (l *Lane) send(head, block []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return
	}
	_, err := l.out.Write(head)
	if err == nil && len(block) > 0 {
		_, err = l.out.Write(block)
	}
	if err == nil {
		err = l.out.Flush()
	}
	if err != nil {
		l.end()
	}
}
