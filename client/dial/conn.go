// Package dial opens the byte streams that Bolt runs over: TCP and TLS natively, WebSockets natively and in a browser.
package dial

import (
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/webbolt/webbolt/client"
)

// Conn is a stream of bytes to a server. One goroutine may read while another writes; Close may come from any and wakes
// both.
//
// A read that ends by its deadline loses nothing: the next one goes on where the stream was. Deadline errors satisfy
// errors.Is(err, os.ErrDeadlineExceeded), and [TimedOut], which does not bring package os into a program. After a
// write deadline a part may have been written, so the stream is of no more use for writing.
//
// When the other side closed a WebSocket, errors have a [*CloseError] in their chain.
type Conn interface {
	io.ReadWriteCloser
	// SetReadDeadline limits reads, those that wait already included; the zero Time means no limit.
	SetReadDeadline(t time.Time) error
	// SetWriteDeadline limits writes likewise.
	SetWriteDeadline(t time.Time) error
}

// Readable reports whether a read of conn would give something at once: bytes, or the news that the stream has ended.
// It takes nothing off the stream and never waits. Where that cannot be told it is false. Nobody may read meanwhile.
func Readable(conn Conn) bool {
	if looking, can := conn.(interface{ Readable() bool }); can {
		return looking.Readable()
	}
	return readable(conn)
}

// OnEnd has told called once, in a goroutine of its own, when the other side has ended the stream, though nobody reads.
// It reports whether conn can tell: a WebSocket can, TCP cannot.
func OnEnd(conn Conn, told func()) bool {
	telling, can := conn.(interface{ OnEnd(told func()) })
	if can {
		telling.OnEnd(told)
	}
	return can
}

// Target says where to, and how.
type Target struct {
	// URL is a ws:// or wss:// address for a WebSocket; "" means TCP to Address.
	URL string
	// Address is "host:port"; for a WebSocket it is only what errors name, and its URL counts.
	Address string
	// TLS encrypts a TCP connection; for a WebSocket the URL's scheme says so.
	TLS bool
	// Verify checks the server's certificate, against RootCAs or the system's. A browser always does.
	Verify bool
	// RootCAs holds PEM certificates to trust instead of the system's (not in a browser).
	RootCAs []byte
	// Certificate gives what to show to a server that asks for a certificate, or is nil (not in a browser).
	Certificate client.CertificateSource
	// Relay says that URL is a webbolt relay's, for better advice in errors.
	Relay bool
	// Lanes, if not "", asks a relay for row blocks: it is the ws:// or wss:// address at which lanes are opened, by
	// HTTP. Natively it does nothing.
	Lanes string
}

// CloseError says that the other side closed the WebSocket (RFC 6455, section 7.4). It counts as io.EOF.
type CloseError struct {
	Code   int    // 1006 where the stream ended without a close frame
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

// Unwrap gives io.EOF.
func (e *CloseError) Unwrap() error { return io.EOF }

// TimedOut reports whether err says that a deadline passed.
func TimedOut(err error) bool {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && timeout.Timeout()
}

// frameLimit is the most that goes into one WebSocket frame: Neo4j refuses client frames over 64 KiB.
const frameLimit = 60 << 10
