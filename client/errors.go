package client

import (
	"context"
	"strconv"
	"strings"
)

// Reason says why a connection is unavailable.
type Reason string

// The reasons of [ConnectionUnavailable].
const (
	ReasonRefused      Reason = "refused"       // nothing listens at the address
	ReasonDNS          Reason = "dns"           // the host name is not known
	ReasonTLS          Reason = "tls"           // the TLS handshake failed, or the certificate is not trusted
	ReasonMixedContent Reason = "mixed-content" // an https page may not open a plain ws:// or http:// address
	// closed by the other side before it was ready; the WebSocket's close code may tell more
	ReasonClosed    Reason = "closed"
	ReasonNotNeo4j  Reason = "not-neo4j" // something answers, but it does not speak the protocol
	ReasonForbidden Reason = "forbidden" // the relay, or the browser, does not allow it
	ReasonNetwork   Reason = "network"   // any other fault of the network
	ReasonPoolZero  Reason = "pool-zero" // the pool's maximum size is zero: it is closed or closing
	ReasonPoolFull  Reason = "pool-full" // the pool is full and the caller asked not to wait
	ReasonCancelled Reason = "cancelled" // the caller cancelled the call
	ReasonTimeout   Reason = "timeout"   // a limit on time passed
)

// ConnectionUnavailable: no connection could be opened or acquired.
type ConnectionUnavailable struct {
	Reason    Reason
	Address   string // where to, without credentials
	Message   string // what happened and what to do about it
	CloseCode int    // WebSocket close code (RFC 6455, section 7.4), or 0
	Err       error  // the cause, or nil
}

func (e *ConnectionUnavailable) Error() string {
	var b strings.Builder
	b.WriteString("connection unavailable")
	if e.Address != "" {
		b.WriteString(" at " + e.Address)
	}
	b.WriteString(" (" + string(e.Reason) + ")")
	appendDetail(&b, e.Message, e.CloseCode, e.Err)
	return b.String()
}

// Unwrap returns the cause.
func (e *ConnectionUnavailable) Unwrap() error { return e.Err }

// ConnectionBroken: a connection broke while in use. What ran on it may or may not have taken effect.
type ConnectionBroken struct {
	Address   string
	Message   string
	CloseCode int
	Err       error
}

func (e *ConnectionBroken) Error() string {
	var b strings.Builder
	b.WriteString("connection broken")
	if e.Address != "" {
		b.WriteString(" at " + e.Address)
	}
	appendDetail(&b, e.Message, e.CloseCode, e.Err)
	return b.String()
}

// Unwrap returns the cause.
func (e *ConnectionBroken) Unwrap() error { return e.Err }

func appendDetail(b *strings.Builder, message string, closeCode int, cause error) {
	if message != "" {
		b.WriteString(": " + message)
	}
	if closeCode != 0 {
		b.WriteString(" [WebSocket close code " + strconv.Itoa(closeCode) + "]")
	}
	if cause != nil && !strings.Contains(message, cause.Error()) {
		b.WriteString(": " + cause.Error())
	}
}

// Failure is what the server said when it could not do what it was asked.
type Failure struct {
	Message string // in the server's words
	Code    string // Neo4j status code, such as Neo.ClientError.Statement.SyntaxError; see [PresentCode]
	// GQLSTATUS (ISO/IEC 39075); over Bolt before 5.7 always "50N42", a general error; over HTTP "" where the server
	// tells none
	GQLStatus   string
	Description string         // the GQL status's description
	Diagnostic  map[string]any // the GQL diagnostic record, or nil
	Cause       *Failure       // the GQL error below this one, or nil
	Renewed     bool           // the token was refused, and the [AuthManager] has another one by now
}

func (e *Failure) Error() string {
	switch {
	case e.Code == "":
		return e.Message
	case e.Message == "":
		return e.Code
	}
	return e.Code + ": " + e.Message
}

// Unwrap returns the cause, so that errors.As walks the chain.
func (e *Failure) Unwrap() error {
	if e.Cause == nil {
		return nil
	}
	return e.Cause
}

// Retryable reports whether the same work may succeed when tried again, perhaps on another server: transient errors
// (but not those by which somebody stopped the transaction on purpose), and writes that reached a server which does not
// lead any more; and where another token is there.
func (e *Failure) Retryable() bool {
	if e.Renewed {
		return true
	}
	switch PresentCode(e.Code) {
	case codeTerminated, codeLockClientStopped:
		return false
	case codeAuthorizationExpired:
		return true
	}
	return strings.HasPrefix(e.Code, "Neo.TransientError.") || e.NotLeader()
}

// NotLeader reports whether a write reached a server that cannot take it, so that the routing table is out of date.
func (e *Failure) NotLeader() bool {
	return e.Code == "Neo.ClientError.Cluster.NotALeader" ||
		e.Code == "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase"
}

// TokenRefused reports whether the server does not take the connection's token, or not any more. The way on is another
// token, by Authenticate or with another connection.
func (e *Failure) TokenRefused() bool {
	switch e.Code {
	case codeUnauthorized, codeTokenExpired, codeAuthorizationExpired:
		return true
	}
	return false
}

// OfSecurity reports whether the failure is about who acts, or what he may do.
func (e *Failure) OfSecurity() bool { return strings.HasPrefix(e.Code, "Neo.ClientError.Security.") }

// AuthorizationExpired reports whether the server has dropped what it knew of its users: the same token will do again.
func (e *Failure) AuthorizationExpired() bool { return e.Code == codeAuthorizationExpired }

// TokenExpired reports whether a new token of the same user does.
func (e *Failure) TokenExpired() bool { return e.Code == codeTokenExpired }

// PresentCode returns a status code by the name that it has from Neo4j 5 on. Servers before called it transient that
// somebody has stopped a transaction on purpose.
func PresentCode(code string) string {
	switch code {
	case "Neo.TransientError.Transaction.Terminated":
		return codeTerminated
	case "Neo.TransientError.Transaction.LockClientStopped":
		return codeLockClientStopped
	}
	return code
}

const (
	codeTerminated           = "Neo.ClientError.Transaction.Terminated"
	codeLockClientStopped    = "Neo.ClientError.Transaction.LockClientStopped"
	codeUnauthorized         = "Neo.ClientError.Security.Unauthorized"
	codeTokenExpired         = "Neo.ClientError.Security.TokenExpired"
	codeAuthorizationExpired = "Neo.ClientError.Security.AuthorizationExpired"
)

// ProtocolError: one side broke the protocol. The connection cannot be used afterwards, unless it was only a record
// that could not be decoded: where that ends is known, so that nothing after it is lost.
type ProtocolError struct {
	Message string
	Err     error
}

func (e *ProtocolError) Error() string {
	var b strings.Builder
	b.WriteString("protocol error")
	appendDetail(&b, e.Message, 0, e.Err)
	return b.String()
}

// Unwrap returns the cause.
func (e *ProtocolError) Unwrap() error { return e.Err }

// UnsupportedError: this server, protocol version or platform cannot do that.
type UnsupportedError struct {
	Message string
	Err     error
}

func (e *UnsupportedError) Error() string {
	var b strings.Builder
	b.WriteString("not supported")
	appendDetail(&b, e.Message, 0, e.Err)
	return b.String()
}

// Unwrap returns the cause.
func (e *UnsupportedError) Unwrap() error { return e.Err }

// ArgumentError reports an invalid argument, such as an unknown scheme or a transaction of another connection.
type ArgumentError struct {
	Argument string // its name
	Message  string // what is wrong, and what is allowed
	Err      error
}

func (e *ArgumentError) Error() string {
	var b strings.Builder
	b.WriteString("invalid argument")
	if e.Argument != "" {
		b.WriteString(" " + e.Argument)
	}
	appendDetail(&b, e.Message, 0, e.Err)
	return b.String()
}

// Unwrap returns the cause.
func (e *ArgumentError) Unwrap() error { return e.Err }

// ErrReset ends results that were open when Reset was called.
var ErrReset = &ArgumentError{Argument: "result", Message: "the connection was reset before the result came to its end"}

// UnavailableFromContext makes the error for opening or acquiring a connection if ctx has ended, else nil. doing says
// what was interrupted.
func UnavailableFromContext(ctx context.Context, address, doing string) *ConnectionUnavailable {
	if ctx.Err() == nil {
		return nil
	}
	reason := ReasonCancelled
	if ctx.Err() == context.DeadlineExceeded {
		reason = ReasonTimeout
	}
	return &ConnectionUnavailable{Reason: reason, Address: address, Message: "gave up " + doing,
		Err: context.Cause(ctx)}
}
