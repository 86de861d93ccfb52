package dial

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"syscall/js"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/lane"
	"github.com/webbolt/webbolt/internal/jsx"
)

// openLane is the JavaScript function that opens lanes, (url, body, wake, goAhead) => lane or undefined; see
// web/src/engine/lane.ts.
var openLane js.Value

// UseLanes sets the JavaScript function that opens lanes. Without it there are no lanes. Call it before any connection
// is opened.
func UseLanes(open js.Value) { openLane = open }

// greeted handles a text frame, by which a relay offers row blocks or gives a sign of life.
func (s *socket) greeted(text string) bool {
	if every, ok := lane.ReadSign(text); ok && s.laneURL != "" {
		s.signs, s.signed = every, time.Now()
		return true
	}
	if s.laneURL == "" || s.laneKey != "" {
		return false
	}
	key, ok := lane.ReadGreeting(text)
	s.laneKey = key
	return ok
}

// laneURL is where lanes of a connection to a relay are opened, or "" for a connection that asks for no row blocks.
func laneURL(target Target) string {
	if target.Lanes == "" {
		return ""
	}
	return "http" + strings.TrimPrefix(target.Lanes, "ws")
}

func (s *socket) Signs() (every time.Duration, last time.Time) {
	s.reading.Lock()
	defer s.reading.Unlock()
	return s.signs, s.signed
}

func (s *socket) OffersBlocks() bool { return s.laneKey != "" }

func (s *socket) Buffered() bool {
	s.reading.Lock()
	defer s.reading.Unlock()
	return s.begun || s.next < s.length || s.queue.Length() > 0
}

func (s *socket) OpenLane(result int64) Lane {
	if s.laneKey == "" || openLane.Type() != js.TypeFunction {
		return nil
	}
	l := &jsLane{arrived: make(chan struct{}, 1)}
	l.wake = js.FuncOf(func(js.Value, []js.Value) any {
		select {
		case l.arrived <- struct{}{}:
		default:
		}
		return nil
	})
	opened, err := jsx.Try(func() js.Value {
		goAhead := s.ws.Get("send").Call("bind", s.ws, lane.GoAhead(result))
		return openLane.Invoke(s.laneURL, s.laneKey+" "+strconv.FormatInt(result, 10), l.wake, goAhead)
	})
	if err != nil || opened.Type() != js.TypeObject {
		l.wake.Release()
		return nil
	}
	l.js = opened
	return l
}

// jsLane is a lane that JavaScript reads, so that its bytes never enter Go's memory.
type jsLane struct {
	js      js.Value
	wake    js.Func
	arrived chan struct{}

	mu     sync.Mutex
	closed bool
}

// States of a lane in web/src/engine/lane.ts.
const (
	laneEnded = 2 + iota
	laneFailed
)

func (l *jsLane) Take() (LaneFrame, bool) {
	switch taken := l.js.Call("take"); taken.Type() {
	case js.TypeNumber:
		return LaneFrame{End: true, Rows: taken.Int()}, true
	case js.TypeObject:
		return LaneFrame{Block: taken, Rows: l.js.Get("rows").Int(), Size: taken.Get("byteLength").Int()}, true
	}
	return LaneFrame{}, false
}

func (l *jsLane) Arrived() <-chan struct{} { return l.arrived }

func (l *jsLane) Ended() (bool, error) {
	switch l.js.Get("state").Int() {
	case laneEnded:
		return true, nil
	case laneFailed:
		if l.js.Get("malformed").Bool() {
			return true, &client.ProtocolError{Message: l.js.Get("reason").String()}
		}
		return true, errors.New(l.js.Get("reason").String())
	}
	return false, nil
}

func (l *jsLane) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	l.js.Call("close") // after it, wake is not called any more
	l.wake.Release()
	select {
	case l.arrived <- struct{}{}:
	default:
	}
}
