// Package identity recognises the users of a relay that holds the credentials. A page presents a token with scheme
// "bearer" in HELLO or LOGON, because scripts cannot set headers on a WebSocket.
package identity
