// Package server is the webbolt relay as a library: WebSocket on one side, Bolt over TCP or TLS on the other.
//
// A [Server] is made from a [Config] by [New]. It serves
//
//	/bolt             a WebSocket to the default upstream; / does the same, for clients that know no paths
//	/bolt/HOST:PORT   a WebSocket to a named target, if the configuration allows it
//	/healthz, /readyz
//	everything else   the page, if there is one
//
// The relay tells a page by a close code why it is refused (see [wire.CloseMalformed] and the others), because a
// browser does not show scripts the reason of a refused HTTP upgrade.
package server
