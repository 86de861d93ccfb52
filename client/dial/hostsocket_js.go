package dial

import (
	"syscall/js"

	"github.com/webbolt/webbolt/internal/jsx"
)

// takeBytes and sendBytes are functions of the host; see UseSockets. Without a host, as in tests, they are undefined,
// and JavaScript values are passed one by one, which costs much more.
var takeBytes, sendBytes js.Value

// UseSockets sets the two functions of the host that move bytes between WebSockets and the engine's memory; see
// web/src/engine/socket.ts. Call it before any connection is opened.
//
//	take(queue, arm, address, size)     moves what has arrived to the address, and gives how much that is; where
//	                                    nothing has, it calls arm and gives 0; -1 if an event without bytes is first
//	send(socket, limit, address, size)  sends a frame; false where the socket is not open, or more than limit waits
func UseSockets(take, send js.Value) { takeBytes, sendBytes = take, send }

// takeQuickly is take by the host. known is false if the first event must be handled here. If there are no bytes, it
// has armed the wake-up of the reader.
func (s *socket) takeQuickly(p []byte) (n int, known bool) {
	if takeBytes.Type() != js.TypeFunction || s.begun || s.next < s.length {
		return 0, false
	}
	urgent := s.urgent.Load() > 0
	arm := s.arm
	if urgent {
		arm = s.armNow
	}
	n = takeBytes.Invoke(s.queue, arm, jsx.Address(p), len(p)).Int()
	if n == 0 && urgent {
		s.urgent.Add(-1)
	}
	return n, n >= 0
}

// sendQuickly sends a frame by the host. It reports whether it was sent.
func (s *socket) sendQuickly(part []byte) (bool, error) {
	if sendBytes.Type() != js.TypeFunction {
		return false, nil
	}
	sent, err := jsx.Try(func() js.Value { return sendBytes.Invoke(s.ws, sendLimit, jsx.Address(part), len(part)) })
	if err != nil {
		return false, err
	}
	s.unseen = sendLimit // to be checked before a frame is sent in another way
	return sent.Bool(), nil
}
