// Package bolt is a [client.Connection] over the Bolt protocol, versions 3.0, 4.0 to 4.4, 5.0 to 5.4, 5.6 to 5.8, 6.0
// and 6.1.
//
// There is one Connection type. What a version can do is in the table of package wire. Each exchange has a file of its
// own (hello.go, run.go, pull.go, …) that writes the request and handles its answer.
//
// # Life of a request
//
// A request is appended to the out buffer and to the queue of pending requests; requests that belong together are sent
// in one write. The caller that waits reads from the stream, and whatever arrives meanwhile goes to the oldest pending
// request. There is no goroutine behind a connection: it reads only while a call waits.
//
// # Failures
//
// When the server answers FAILURE it ignores all requests until RESET, and may hold a failed transaction's locks until
// then. RESET is therefore written at once, but no call waits for its answer: the next call reads it, so recovering
// costs no round trip.
//
// When a context ends in the middle of a call, RESET is written at once too, which interrupts the server. Everything
// open on the connection ends with the context's cause; the next call reads and drops what the server still sends.
//
// After Neo.ClientError.Security.AuthorizationExpired or TokenExpired the connection stays usable as far as the server
// allows; [Connection.TokenRefused] reports it, so that a pool can drop the connection. While a connection is opened,
// and in Authenticate, the server closes it after such a failure.
package bolt
