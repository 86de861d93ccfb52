// Package session stands between a page and a Bolt server when the relay holds the credentials. It reads the page's
// messages: it replaces the page's credentials by the relay's, applies rules to the session, and answers what it
// refuses with a FAILURE, after which the connection continues as Bolt says (IGNORED until RESET).
//
// No message of the page passes unchanged. Messages are assembled from their chunks, read, written again from their
// known parts, and chunked again; unknown parts are refused or left out. So a server cannot read the same bytes
// differently from the relay.
//
// Source: Bolt protocol documentation ("Handshake", "Message transfer encoding", "Message specification").
package session
