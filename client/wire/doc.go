// Package wire holds the constants of the protocols: tags of messages and structures, versions of Bolt and what each
// version has, the first bytes of the handshake, WebSocket close codes, and which hosts browsers trust without TLS.
// Client, relay, scripted servers and benches share them.
//
// The package imports no other package of the module, so every package may import it.
package wire
