package server

import (
	"net/netip"
	"time"

	"github.com/webbolt/webbolt/client/wire"
)

// Visit is a connection of a client, or a request to the HTTP API, as the relay sees it.
type Visit struct {
	ID     uint64     // unique in the life of the server
	Client netip.Addr // as given by the trusted proxies, if there are any
	Origin string     // the page's; "" if the client told none
	Target string     // host:port, or the path of an HTTP request
}

// EventKind says what happened.
type EventKind uint8

// The kinds of Event.
const (
	// not carried; Code and Reason say why. An HTTP request has the code of a connection in the same case
	EventRefused EventKind = iota
	EventOpened            // the upstream is reached
	EventRuled             // a rule of the session refused a request; Rule says which
	EventClosed            // after EventOpened
)

// Event is something that happened to a connection.
type Event struct {
	Kind   EventKind
	Visit  Visit
	Code   wire.CloseCode // what the page is told; 0 if the client ended the connection
	Reason string
	Rule   string // login, database, query, use, impersonation or malformed
	// Of EventClosed:
	Received, Sent int64 // bytes from and to the client
	Duration       time.Duration
}
