// Package conformance is the suite of tests that every [client.Connection] must pass, whatever protocol and transport
// carries it. The package's own tests run it natively (Bolt over TCP, over a WebSocket and over the relay, and HTTP)
// and, compiled for GOOS=js, in a browser.
//
// The tests share a server with others: each uses a label of its own, and removes what it makes.
package conformance
