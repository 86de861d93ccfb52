package mapping

import (
	"errors"
	"strconv"
	"strings"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// Error says which value of a record does not fit the type that it is read into.
type Error struct {
	Path    string // where the value is, such as Person.born or [2].name; empty for the record itself
	Message string // what is wrong, and what to do
}

func (e *Error) Error() string {
	if e.Path == "" {
		return "the record does not fit: " + e.Message
	}
	return e.Path + " does not fit: " + e.Message
}

// misfit makes an error without a path; callers add their part by within.
func misfit(message string) error { return &Error{Message: message} }

// within adds a name before the path of an Error, and leaves other errors alone.
func within(name string, err error) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	if e.Path != "" && !strings.HasPrefix(e.Path, "[") {
		name += "."
	}
	e.Path = name + e.Path
	return e
}

func withinItem(i int, err error) error { return within("["+strconv.Itoa(i)+"]", err) }

// outermost turns an error of PackStream, which a well-formed record cannot give, into the client's.
func outermost(err error) error {
	if _, malformed := errors.AsType[*packstream.Error](err); malformed {
		return &client.ProtocolError{Message: "the server sent a record that cannot be decoded", Err: err}
	}
	return err
}
