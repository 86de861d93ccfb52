package server

import (
	"errors"
	"io"
	"time"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/server/session"
)

// preamble begins every Bolt handshake; four versions of four bytes follow.
const (
	preamble      = "\x60\x60\xB0\x17"
	handshakeSize = 20
)

// greet reads the page's handshake, so that no upstream is connected for a silent or malformed one.
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

// failed returns why a connection ends after an error of the page or of the traffic.
func (c *carrier) failed(err error) *ending {
	var known *ending
	var end *session.End
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &end) && timedOut(end):
		return &ending{wire.CloseUpstreamLag, "the server did not answer the handshake in time"}
	case errors.As(err, &end):
		return endingFor(end)
	case errors.Is(err, errTooLarge):
		return &ending{wire.CloseTooLarge, "the frame is larger than the relay takes; send smaller ones"}
	case errors.Is(err, errText):
		return &ending{wire.CloseUnsupported, "a text frame came; Bolt is binary"}
	case errors.Is(err, errNotBolt):
		return &ending{wire.CloseProtocol, "what came is not a Bolt handshake"}
	case timedOut(err):
		return &ending{wire.CloseTimeOver, "no Bolt handshake came in time"}
	case websocket.IsCloseError(err, websocket.CloseProtocolError):
		return &ending{wire.CloseProtocol, "what came is not a WebSocket frame"}
	}
	return errPageGone
}
