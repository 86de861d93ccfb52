package upstream

import "errors"

// Reasons why a target is refused or not reached. Errors of this package wrap one of these.
var (
	ErrMalformed   = errors.New("malformed target")
	ErrForbidden   = errors.New("target not allowed")
	ErrUnreachable = errors.New("upstream not reachable")
	ErrTimeout     = errors.New("upstream timed out")
)

// Error is a refusal. Its text is fit for the page: it holds no address that the page did not name.
type Error struct {
	Reason error  // one of this package's errors
	Text   string // what to tell the page
	Cause  error  // for the log; or nil
}

func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Text
	}
	return e.Text + ": " + e.Cause.Error()
}

// Unwrap returns the reason and the cause.
func (e *Error) Unwrap() []error { return []error{e.Reason, e.Cause} }
