package protocol

import "github.com/webbolt/webbolt/client"

// UnavailableReason says why a connection is unavailable.
type UnavailableReason = client.Reason

// ReasonEngine is one that only the page finds.
const ReasonEngine UnavailableReason = "engine" // webbolt's own worker or WebAssembly could not be started

// ErrorClass is the class of error that JavaScript makes.
type ErrorClass string

// The classes of errors.
const (
	ClassError                 ErrorClass = "Error"
	ClassCallback              ErrorClass = "Callback" // what a callback threw, which the page has kept
	ClassConnectionUnavailable ErrorClass = "ConnectionUnavailable"
	ClassConnectionBroken      ErrorClass = "ConnectionBroken"
	ClassFailure               ErrorClass = "Failure"
	ClassProtocolError         ErrorClass = "ProtocolError"
	ClassRoutingTableInvalid   ErrorClass = "RoutingTableInvalid"
	ClassUnsupportedError      ErrorClass = "UnsupportedError"
	ClassRangeError            ErrorClass = "RangeError"
	ClassAbortError            ErrorClass = "AbortError"
	ClassTimeoutError          ErrorClass = "TimeoutError"
)

// DescribedError is an error with its causes.
type DescribedError struct {
	Class       ErrorClass
	Thrown      int `js:",optional"` // of Callback: the number of the question
	Message     string
	Cause       *DescribedError `js:",optional"`
	Reason      client.Reason   `js:",optional"` // of ConnectionUnavailable
	Address     string          `js:",optional"` // of ConnectionUnavailable and ConnectionBroken
	CloseCode   int             `js:",optional"` // of the same: the WebSocket's
	Code        string          `js:",optional"` // this and what follows is of Failure
	GQLStatus   string          `js:",optional"`
	Description string          `js:",optional"`
	Diagnostic  map[string]any  `js:",optional"`
	Retryable   bool            `js:",optional"`
}
