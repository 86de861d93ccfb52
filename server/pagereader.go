package server

import (
	"errors"
	"io"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/client/lane"
)

// Errors of a page's frames.
var (
	errTooLarge = errors.New("message over the limit")
	errText     = errors.New("text message")
	errNotBolt  = errors.New("not a Bolt handshake")
)

// pageReader reads the page's WebSocket messages as a stream: their boundaries have no meaning in Bolt.
type pageReader struct {
	ws    *websocket.Conn
	limit int64             // bytes of a message; none if negative
	text  func(string) bool // handles a text frame; nil or false if it is not allowed

	message io.Reader // nil between messages
	size    int64     // bytes read of it
}

// await blocks until a message has begun, so that an idle connection needs no buffer.
func (p *pageReader) await() error {
	if p.message != nil {
		return nil
	}
	for {
		kind, message, err := p.ws.NextReader()
		if err != nil {
			return err
		}
		if kind == websocket.BinaryMessage {
			p.message, p.size = message, 0
			return nil
		}
		if err := p.takeText(message); err != nil {
			return err
		}
	}
}

func (p *pageReader) takeText(message io.Reader) error {
	if p.text == nil {
		return errText
	}
	text, err := io.ReadAll(io.LimitReader(message, lane.MaxGoAhead+1))
	if err == nil && !p.text(string(text)) {
		err = errText
	}
	return err
}

// Read returns bytes as they come, before their message is complete.
func (p *pageReader) Read(b []byte) (int, error) {
	for {
		if err := p.await(); err != nil {
			return 0, err
		}
		n, err := p.message.Read(b)
		if p.size += int64(n); p.limit >= 0 && p.size > p.limit {
			return 0, errTooLarge
		}
		if err == io.EOF {
			p.message, err = nil, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}
