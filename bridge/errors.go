//go:build js && wasm

package bridge

import (
	"context"
	"errors"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

// describe puts an error into a message, from which JavaScript makes an error of the class it names.
func describe(err error) *protocol.DescribedError {
	described := describeLink(err)
	cause := below(err)
	switch {
	case cause == nil:
	case described.Class != protocol.ClassError:
		described.Cause = describe(cause)
	default:
		// A wrapper without a class of its own takes the class of what it wraps, and keeps its own, longer message.
		message := described.Message
		described = describe(cause)
		if described.Class != protocol.ClassFailure {
			described.Message = message
		}
	}
	return described
}

// describeLink describes an error without its causes. One that has no class of its own in JavaScript is an Error.
func describeLink(err error) *protocol.DescribedError {
	d := &protocol.DescribedError{Class: protocol.ClassError, Message: err.Error()}
	switch e := err.(type) {
	case *callbackError:
		d.Class, d.Thrown = protocol.ClassCallback, e.number
	case *client.ConnectionUnavailable:
		d.Class, d.Reason, d.Address, d.CloseCode = protocol.ClassConnectionUnavailable, e.Reason, e.Address,
			e.CloseCode
	case *client.ConnectionBroken:
		d.Class, d.Address, d.CloseCode = protocol.ClassConnectionBroken, e.Address, e.CloseCode
	case *client.Failure:
		*d = protocol.DescribedError{
			Class: protocol.ClassFailure, Message: e.Message, Code: e.Code, GQLStatus: e.GQLStatus,
			Description: e.Description,
			Diagnostic:  e.Diagnostic, Retryable: e.Retryable(),
		}
	case *client.ProtocolError:
		d.Class = protocol.ClassProtocolError
	case *client.UnsupportedError:
		d.Class = protocol.ClassUnsupportedError
	case *client.ArgumentError:
		d.Class = protocol.ClassRangeError
	default:
		switch {
		case err == context.Canceled:
			d.Class, d.Message = protocol.ClassAbortError, "the call was cancelled"
		case err == context.DeadlineExceeded:
			d.Class, d.Message = protocol.ClassTimeoutError, "the time for the call is over"
		case errors.Unwrap(err) == pool.ErrRoutingTableInvalid:
			d.Class = protocol.ClassRoutingTableInvalid
		}
	}
	return d
}

// below is the cause of an error; of several, the first.
func below(err error) error {
	if joined, is := err.(interface{ Unwrap() []error }); is {
		if all := joined.Unwrap(); len(all) > 0 {
			return all[0]
		}
		return nil
	}
	cause := errors.Unwrap(err)
	if cause == pool.ErrRoutingTableInvalid {
		return nil
	}
	return cause
}

// undescribed makes an error of what a callback threw, so that it can be told whether to try again.
func undescribed(thrown *protocol.Thrown) error {
	switch protocol.ErrorClass(thrown.Class) {
	case protocol.ClassFailure:
		return &client.Failure{Code: thrown.Code, Message: thrown.Message}
	case protocol.ClassConnectionBroken:
		return &client.ConnectionBroken{Message: thrown.Message}
	case protocol.ClassConnectionUnavailable:
		return &client.ConnectionUnavailable{Reason: thrown.Reason, Message: thrown.Message}
	}
	return errors.New(thrown.Message)
}
