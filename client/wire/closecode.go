package wire

// CloseCode is the code of a WebSocket close frame (RFC 6455, section 7.4). RFC 6455 leaves 4000 to 4999 to
// applications: those are the relay's own.
type CloseCode int

// The codes that the relay sends. Each comes with a reason text.
const (
	CloseNormal      CloseCode = 1000 // the server ended the connection
	CloseGoingAway   CloseCode = 1001 // the relay is shutting down
	CloseProtocol    CloseCode = 1002 // the page's bytes are not Bolt
	CloseUnsupported CloseCode = 1003 // a text frame
	CloseTooLarge    CloseCode = 1009 // a frame or message over the limit
	CloseInternal    CloseCode = 1011 // a fault of the relay

	CloseMalformed   CloseCode = 4400 // the target in the path is not HOST:PORT
	CloseForbidden   CloseCode = 4403 // target, origin or user not allowed
	CloseTimeOver    CloseCode = 4408 // too slow, idle too long, or at the end of its allowed life
	CloseTooMany     CloseCode = 4429 // too many connections, of this client or in all
	CloseUnreachable CloseCode = 4502 // the server refused, is not there, or broke the connection
	CloseUpstreamLag CloseCode = 4504 // the server did not answer in time
)

// CloseAbnormal is never sent: browsers report it where a connection ended without a close frame.
const CloseAbnormal CloseCode = 1006
