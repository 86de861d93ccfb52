package jsonvalues

import (
	"errors"
	"strconv"
)

// Error says why a value cannot be sent as a parameter.
type Error struct {
	Message     string // what is wrong, and what to do
	Unsupported bool   // the value is valid, but this form of JSON cannot carry it
}

func (e *Error) Error() string { return e.Message }

// ErrShort means that the text may be valid but ends too early.
var ErrShort = errors.New("the JSON text is cut short")

// syntaxError says what is wrong with the text, and where.
type syntaxError struct {
	offset int
	wanted string
}

func (e *syntaxError) Error() string {
	return "not " + e.wanted + " at byte " + strconv.Itoa(e.offset)
}
