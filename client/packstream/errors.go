package packstream

import (
	"errors"
	"strconv"
)

// Reasons for refusing bytes; an [*Error] wraps one of these.
var (
	// or a size is larger than the remaining data
	ErrTruncated = errors.New("the data ends too early")
	ErrKind      = errors.New("a value of another type was expected here") // the value was not read; see Reader.Kind
	ErrMarker    = errors.New("no value begins with this byte")
	ErrDepth     = errors.New("more than " + strconv.Itoa(MaxDepth) + " values lie in each other")
	ErrRange     = errors.New("the value is out of its range") // for packages that interpret structures
)

// Error says where in a message's bytes reading failed, and why.
type Error struct {
	Offset int   // of the value that could not be read, from the beginning of the reader's data
	Err    error // one of this package's errors
}

func (e *Error) Error() string {
	return "packstream at byte " + strconv.Itoa(e.Offset) + ": " + e.Err.Error()
}

// Unwrap returns the reason, for errors.Is.
func (e *Error) Unwrap() error { return e.Err }

// UnsupportedTypeError is a Go value that [Append] cannot encode.
type UnsupportedTypeError struct {
	Path   string // where the value is in Append's argument, such as [3].name; empty for all of it
	Reason string // what is wrong with it
}

func (e *UnsupportedTypeError) Error() string {
	if e.Path == "" {
		return "packstream: the value cannot be encoded: " + e.Reason
	}
	return "packstream: the value at " + e.Path + " cannot be encoded: " + e.Reason
}
