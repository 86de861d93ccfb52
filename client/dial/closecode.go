package dial

import (
	"errors"

	"github.com/webbolt/webbolt/client"
)

// Close codes of the webbolt relay (RFC 6455, section 7.4.2, leaves 4000 to 4999 to applications).
const (
	closeMalformedTarget = 4400
	closeForbidden       = 4403
	closeTimeOver        = 4408
	closeTooMany         = 4429
	closeUnreachable     = 4502
	closeUpstreamTimeout = 4504
)

// Refused gives the reason why a relay closed a connection before it was of use, if err holds one of the relay's
// close codes; else nil.
func Refused(address string, err error) *client.ConnectionUnavailable {
	closed, ok := errors.AsType[*CloseError](err)
	if !ok {
		return nil
	}
	refused := &client.ConnectionUnavailable{Address: address, CloseCode: closed.Code, Err: closed}
	switch closed.Code {
	case closeMalformedTarget:
		refused.Reason, refused.Message = client.ReasonForbidden, "the relay does not take the address as a target; it must be host:port"
	case closeForbidden:
		refused.Reason, refused.Message = client.ReasonForbidden, "the relay was not told to allow this; see its list of allowed upstreams and origins"
	case closeTimeOver:
		refused.Reason, refused.Message = client.ReasonTimeout, "the relay ended the connection: it was too slow, idle for too long, or at the end of the time that the relay allows"
	case closeTooMany:
		refused.Reason, refused.Message = client.ReasonForbidden, "the relay has too many connections; close some or try again later"
	case closeUnreachable:
		refused.Reason, refused.Message = client.ReasonNetwork, "the relay cannot reach the server; check that the server runs, and that its address is right as the relay sees it"
	case closeUpstreamTimeout:
		refused.Reason, refused.Message = client.ReasonTimeout, "the server did not answer the relay in time"
	default:
		return nil
	}
	return refused
}
