package server

import (
	"errors"
	"fmt"

	"github.com/webbolt/webbolt/server/upstream"
)

// CloseCode is the code of a WebSocket close frame (RFC 6455, section 7.4). Those from 4000 are the relay's own.
type CloseCode int

// The codes that the relay sends. Each comes with a reason text.
const (
	CloseNormal      CloseCode = 1000 // the upstream ended the connection
	CloseGoingAway   CloseCode = 1001 // the relay is shutting down
	CloseProtocol    CloseCode = 1002 // what the page sent is not Bolt
	CloseUnsupported CloseCode = 1003 // a text frame
	CloseTooLarge    CloseCode = 1009 // a frame or message over the limit
	CloseInternal    CloseCode = 1011 // a fault of the relay

	CloseMalformed   CloseCode = 4400 // the target in the path is not HOST:PORT
	CloseForbidden   CloseCode = 4403 // target, origin or user not allowed
	CloseTimeOver    CloseCode = 4408 // too slow, idle too long, or at the end of its allowed life
	CloseTooMany     CloseCode = 4429 // too many connections, of this client or in all
	CloseUnreachable CloseCode = 4502 // the upstream refused, is not there, or broke the connection
	CloseUpstreamLag CloseCode = 4504 // the upstream did not answer in time
)

// ending is why a connection ends, as the page is told it.
type ending struct {
	code CloseCode
	text string
}

func (e *ending) Error() string { return fmt.Sprintf("%d %s", e.code, e.text) }

// endingOf gives the close code for an error of package upstream.
func endingOf(err error) *ending {
	var refused *upstream.Error
	if !errors.As(err, &refused) {
		return &ending{CloseInternal, "internal error of the relay; its log says more"}
	}
	code := CloseInternal
	switch refused.Reason {
	case upstream.ErrMalformed:
		code = CloseMalformed
	case upstream.ErrForbidden:
		code = CloseForbidden
	case upstream.ErrUnreachable:
		code = CloseUnreachable
	case upstream.ErrTimeout:
		code = CloseUpstreamLag
	}
	return &ending{code, refused.Text}
}
