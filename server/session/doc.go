// Package session stands between a page and a Bolt server when the relay holds the credentials. It understands what the
// page sends: it puts the relay's credentials instead of the page's, holds the session to rules, and answers what it
// refuses with a FAILURE, after which the connection goes on as Bolt says (IGNORED until RESET).
//
// Nothing that the page sends passes as it came. Messages are put together from their chunks, read, made anew from what
// is known, and chunked again; what is unknown is refused or left out. So there is no second reading of the same bytes
// that a server could prefer.
//
// Source: Bolt protocol documentation ("Handshake", "Message transfer encoding", "Message specification").
package session
