// Package dial opens the byte streams that Bolt runs over: TCP and TLS natively, WebSockets natively and in a browser.
package dial

import (
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/webbolt/webbolt/client"
)

// Conn is a stream of bytes to a server. One goroutine may read while another writes; any goroutine may call Close,
// which wakes both.
//
// A read that ends by its deadline loses no bytes: the next read continues at the same place. Deadline errors satisfy
// errors.Is(err, os.ErrDeadlineExceeded), and [TimedOut], which does not link package os. After a write deadline a part
// may have been written, so nothing more can be written to the stream.
//
// If the other side closed a WebSocket, errors wrap a [*CloseError].
type Conn interface {
	io.ReadWriteCloser
	// SetReadDeadline limits reads, including those that wait already; the zero Time means no limit.
	SetReadDeadline(t time.Time) error
	// SetWriteDeadline limits writes likewise.
	SetWriteDeadline(t time.Time) error
}

// Readable reports whether a read of conn would return at once, with bytes or the end of the stream. It reads nothing
// and never waits. If the platform cannot tell, it is false. No goroutine may read at the same time.
func Readable(conn Conn) bool {
	if looking, can := conn.(interface{ Readable() bool }); can {
		return looking.Readable()
	}
	return readable(conn)
}

// OnEnd registers told. It is called once, in a goroutine of its own, when the other side has ended the stream, even if
// no goroutine reads. OnEnd reports whether conn can do that: a WebSocket can, TCP cannot.
func OnEnd(conn Conn, told func()) bool {
	telling, can := conn.(interface{ OnEnd(told func()) })
	if can {
		telling.OnEnd(told)
	}
	return can
}

// TransportOf returns how records come over conn: over a WebSocket, or over TCP, which everything else is.
func TransportOf(conn Conn) client.Transport {
	if _, is := conn.(interface{ overWebSocket() }); is {
		return client.TransportWebSocket
	}
	return client.TransportTCP
}

// Target says where to connect to, and how.
type Target struct {
	// URL is a ws:// or wss:// address for a WebSocket; "" means TCP to Address.
	URL string
	// Address is "host:port"; for a WebSocket only errors use it.
	Address string
	// TLS encrypts a TCP connection; for a WebSocket the URL's scheme decides.
	TLS bool
	// Verify checks the server's certificate, against RootCAs or the system's. A browser always does.
	Verify bool
	// RootCAs holds PEM certificates to trust instead of the system's (not in a browser).
	RootCAs []byte
	// Certificate supplies the client's certificate for servers that ask for one, or is nil (not in a browser).
	Certificate client.CertificateSource
	// Relay says that URL is that of a webbolt relay; errors then give better advice.
	Relay bool
	// Lanes, if not "", asks a relay for row blocks. It is the ws:// or wss:// address at which lanes are opened by
	// HTTP. Natively it does nothing.
	Lanes string
}

// CloseError means that the other side closed the WebSocket (RFC 6455, section 7.4). It wraps io.EOF.
type CloseError struct {
	Code   int    // 1006 if the stream ended without a close frame
	Reason string // in the other side's words, or ""
}

func (e *CloseError) Error() string {
	text := "the other side closed the WebSocket"
	if e.Code != 0 {
		text += " with code " + strconv.Itoa(e.Code)
	}
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

// Unwrap returns io.EOF.
func (e *CloseError) Unwrap() error { return io.EOF }

// TimedOut reports whether err says that a deadline passed.
func TimedOut(err error) bool {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && timeout.Timeout()
}

// frameLimit is the maximum size of a WebSocket frame: Neo4j refuses client frames over 64 KiB.
const frameLimit = 60 << 10
