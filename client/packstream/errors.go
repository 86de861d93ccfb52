package packstream

import (
	"errors"
	"strconv"
)

// What can be wrong with bytes; an [*Error] wraps one of these.
var (
	ErrTruncated = errors.New("the data ends too early")
	ErrKind      = errors.New("another type was expected")
	ErrMarker    = errors.New("unknown marker")
	ErrDepth     = errors.New("values lie too deep in each other")
	ErrRange     = errors.New("out of range")
)

// Error says where in a message's bytes reading failed, and why.
type Error struct {
	Offset int
	Err    error
}

func (e *Error) Error() string {
	return "packstream at byte " + strconv.Itoa(e.Offset) + ": " + e.Err.Error()
}

// Unwrap gives one of this package's errors.
func (e *Error) Unwrap() error { return e.Err }
