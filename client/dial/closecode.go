package dial

import (
	"errors"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// Refused returns the reason why a relay closed a connection before it could be used, if err has one of the relay's
// close codes; else nil.
func Refused(address string, err error) *client.ConnectionUnavailable {
	closed, ok := errors.AsType[*CloseError](err)
	if !ok {
		return nil
	}
	refused := &client.ConnectionUnavailable{Address: address, CloseCode: closed.Code, Err: closed}
	switch wire.CloseCode(closed.Code) {
	case wire.CloseMalformed:
		refused.Reason, refused.Message = client.ReasonForbidden,
			"the relay does not take the address as a target; it must be host:port"
	case wire.CloseForbidden:
		refused.Reason, refused.Message = client.ReasonForbidden,
			"the relay was not told to allow this; see its list of allowed upstreams and origins"
	case wire.CloseTimeOver:
		refused.Reason, refused.Message = client.ReasonTimeout,
			"the relay ended the connection: it was too slow, idle for too long, or at the end of the time that the "+
				"relay allows"
	case wire.CloseTooMany:
		refused.Reason, refused.Message = client.ReasonForbidden,
			"the relay has too many connections; close some or try again later"
	case wire.CloseUnreachable:
		refused.Reason, refused.Message = client.ReasonNetwork,
			"the relay cannot reach the server; check that the server runs, and that its address is right as the "+
				"relay sees it"
	case wire.CloseUpstreamLag:
		refused.Reason, refused.Message = client.ReasonTimeout, "the server did not answer the relay in time"
	default:
		return nil
	}
	return refused
}
