package server

import (
	"errors"
	"io"
	"os"
	"time"

	"github.com/gorilla/websocket"
)

// preamble begins every Bolt handshake; four versions of four bytes follow.
const (
	preamble      = "\x60\x60\xB0\x17"
	handshakeSize = 20
)

// greet reads the page's handshake, so that neither silence nor garbage ever reaches an upstream.
func (c *carrier) greet() ([]byte, error) {
	if limit := c.server.limits.Handshake; limit > 0 {
		_ = c.ws.NetConn().SetReadDeadline(time.Now().Add(limit))
	}
	hello := make([]byte, handshakeSize)
	if _, err := io.ReadFull(c.page, hello[:len(preamble)]); err != nil {
		return nil, err
	}
	if string(hello[:len(preamble)]) != preamble {
		return nil, errNotBolt
	}
	if _, err := io.ReadFull(c.page, hello[len(preamble):]); err != nil {
		return nil, err
	}
	c.received.Add(handshakeSize)
	return hello, nil
}

// pageFailed is why a connection ends whose page could not be read.
func (c *carrier) pageFailed(err error) *ending {
	switch {
	case errors.Is(err, errTooLarge):
		return &ending{CloseTooLarge, "the frame is larger than the relay takes; send smaller ones"}
	case errors.Is(err, errText):
		return &ending{CloseUnsupported, "a text frame came; Bolt is binary"}
	case errors.Is(err, errNotBolt):
		return &ending{CloseProtocol, "what came is not a Bolt handshake"}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &ending{CloseTimeOver, "no Bolt handshake came in time"}
	case websocket.IsCloseError(err, websocket.CloseProtocolError):
		return &ending{CloseProtocol, "what came is not a WebSocket frame"}
	}
	return errPageGone
}
