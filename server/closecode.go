package server

import (
	"errors"
	"fmt"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/server/upstream"
)

// ending is why a connection ends, as the page is told it.
type ending struct {
	code wire.CloseCode
	text string
}

func (e *ending) Error() string { return fmt.Sprintf("%d %s", e.code, e.text) }

// endingOf returns the close code for an error of package upstream.
func endingOf(err error) *ending {
	var refused *upstream.Error
	if !errors.As(err, &refused) {
		return &ending{wire.CloseInternal, "internal error of the relay; its log says more"}
	}
	code := wire.CloseInternal
	switch refused.Reason {
	case upstream.ErrMalformed:
		code = wire.CloseMalformed
	case upstream.ErrForbidden:
		code = wire.CloseForbidden
	case upstream.ErrUnreachable:
		code = wire.CloseUnreachable
	case upstream.ErrTimeout:
		code = wire.CloseUpstreamLag
	}
	return &ending{code, refused.Text}
}
