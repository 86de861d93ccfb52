package dial

import (
	"sync"
	"syscall/js"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/jsx"
)

// closeNormal is the code of an orderly end, the only code below 3000 that a page may send.
const closeNormal = 1000

func (s *socket) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	s.reading.Lock()
	defer s.reading.Unlock()
	for {
		passed := s.read.wait()
		switch {
		case isClosed(s.closed):
			return 0, errClosed
		case isClosed(passed):
			return 0, errTimeout
		}
		n, waiting, err := s.takeOrArm(p)
		if n > 0 || err != nil {
			return n, err
		}
		if !waiting {
			continue
		}
		select {
		case <-s.arrived:
		case <-passed:
		case <-s.closed:
		}
	}
}

// takeOrArm copies bytes that have arrived into p. If there are none, it arms the wake-up of the reader by the next
// event: then waiting is true, unless something has arrived meanwhile.
func (s *socket) takeOrArm(p []byte) (n int, waiting bool, err error) {
	if err := s.ended(); err != nil && !s.begun {
		return 0, false, err
	}
	if n, known := s.takeQuickly(p); known {
		return n, n == 0, nil
	}
	if n, err := s.take(p); n > 0 || err != nil {
		return n, false, err
	}
	if s.urgent.Load() > 0 {
		s.urgent.Add(-1)
		s.armNow.Invoke()
	} else {
		s.arm.Invoke() // twice does no harm: a listener is only added once
	}
	return 0, s.queue.Length() == 0, nil
}

// take copies bytes that have arrived into p; n is 0 and err nil if there are none yet.
func (s *socket) take(p []byte) (n int, err error) {
	for n < len(p) {
		if !s.begun {
			if more, err := s.nextMessage(); !more {
				if n > 0 {
					return n, nil
				}
				return 0, err
			}
			continue
		}
		source := s.view
		if s.offset > 0 {
			source = source.Call("subarray", s.offset)
		}
		copied := js.CopyBytesToGo(p[n:], source)
		s.offset += copied
		n += copied
		s.begun = n == len(p) // else there was no more in it
	}
	return n, nil
}

var uint8Array = js.Global().Get("Uint8Array")

// nextMessage removes the next event from the queue. It reports false if there is none; the error says why no more will
// come.
func (s *socket) nextMessage() (bool, error) {
	if err := s.ended(); err != nil {
		return false, err
	}
	if s.next == s.length {
		if s.queue.Length() == 0 {
			return false, nil
		}
		s.batch, s.view = s.queue.Call("splice", 0), js.Undefined()
		s.next, s.length = 0, s.batch.Length()
	}
	event := s.batch.Index(s.next)
	s.next++
	data := event.Get("data")
	if data.Type() != js.TypeObject {
		if data.Type() == js.TypeString && s.greeted(data.String()) {
			return s.nextMessage()
		}
		if event.Get("type").String() == "close" {
			return false, s.setEnd(closeError(event))
		}
		return false,
			s.setEnd(&client.ProtocolError{
				Message: "the server sent a text message over the WebSocket; Bolt is binary"})
	}
	s.view = uint8Array.New(data)
	s.begun, s.offset = true, 0
	return true, nil
}

func (s *socket) ended() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.end
}

func (s *socket) setEnd(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end = err
	return err
}

func (s *socket) Write(p []byte) (written int, err error) {
	for written < len(p) {
		part := p[written:min(len(p), written+frameLimit)]
		if err := s.send(part); err != nil {
			return written, err
		}
		s.urgent.Store(urgentWaits)
		written += len(part)
	}
	return written, nil
}

// send waits until a frame may be sent, and sends it.
func (s *socket) send(part []byte) error {
	if err := s.stopped(); err != nil {
		return err
	}
	if sent, err := s.sendQuickly(part); sent || err != nil {
		return err
	}
	if err := s.waitToSend(); err != nil {
		return err
	}
	_, err := jsx.Try(func() js.Value { return s.ws.Call("send", jsx.Uint8Array(part)) })
	s.unseen += len(part)
	return err
}

// stopped returns why nothing may be written any more, or nil.
func (s *socket) stopped() error {
	switch {
	case isClosed(s.closed):
		return errClosed
	case isClosed(s.write.wait()):
		return errTimeout
	}
	return nil
}

// waitToSend waits until the browser has sent most of its buffer.
func (s *socket) waitToSend() error {
	for look := firstLook; ; look = min(2*look, lastLook) {
		if err := s.stopped(); err != nil {
			return err
		}
		passed := s.write.wait()
		switch {
		case s.ws.Get("readyState").Int() != stateOpen:
			return s.whyClosed()
		case s.unseen < sendLimit:
			return nil
		}
		if s.unseen = s.ws.Get("bufferedAmount").Int(); s.unseen < sendLimit {
			return nil
		}
		timer := time.NewTimer(look)
		select {
		case <-timer.C:
		case <-passed:
		case <-s.closed:
		}
		timer.Stop()
	}
}

// whyClosed returns why nothing can be sent any more. The close event may still be in the queue.
func (s *socket) whyClosed() error {
	if err := s.ended(); err != nil {
		return err
	}
	if n := s.queue.Length(); n > 0 {
		if event := s.queue.Index(n - 1); event.Get("type").String() == "close" {
			return closeError(event)
		}
	}
	return &CloseError{}
}

// Readable implements [Readable]. After a page was suspended, the close event may come late; the socket's state changes
// earlier.
func (s *socket) Readable() bool {
	return s.begun && s.offset < s.view.Length() || s.next < s.length || s.queue.Length() > 0 || s.ended() != nil ||
		s.ws.Get("readyState").Int() > stateOpen
}

// OnEnd implements [OnEnd].
func (s *socket) OnEnd(told func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if isClosed(s.closed) || s.told != nil {
		return
	}
	var once sync.Once
	s.told = func() { once.Do(told) }
	s.gone = js.FuncOf(func(js.Value, []js.Value) any {
		go s.told()
		return nil
	})
	s.ws.Call("addEventListener", "close", s.gone, map[string]any{"once": true})
	if s.ws.Get("readyState").Int() == stateClosed {
		go s.told()
	}
}

func (s *socket) SetReadDeadline(t time.Time) error {
	s.read.set(t)
	return nil
}

func (s *socket) SetWriteDeadline(t time.Time) error {
	s.write.set(t)
	return nil
}

func (s *socket) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if isClosed(s.closed) {
		return nil
	}
	close(s.closed)
	s.read.stop()
	s.write.stop()
	for _, event := range [...]string{"message", "close", "open", "error"} {
		s.ws.Call("removeEventListener", event, s.push)
		s.ws.Call("removeEventListener", event, s.post)
		s.ws.Call("removeEventListener", event, s.woken.Func)
	}
	s.channel.Get("port2").Set("onmessage", js.Null())
	s.channel.Get("port1").Call("close")
	s.woken.Release()
	if s.told != nil {
		s.ws.Call("removeEventListener", "close", s.gone)
		s.gone.Release()
	}
	_, err := jsx.Try(func() js.Value { return s.ws.Call("close", closeNormal) })
	return err
}
