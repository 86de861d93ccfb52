// Package identity recognises the users of a relay that holds the credentials. A page shows who it is where Bolt has a
// place for it, in HELLO or LOGON, because scripts cannot set headers on a WebSocket: as scheme "bearer" with a token.
package identity
