//go:build js && wasm

package bridge

import (
	"context"
	"errors"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

// describe describes an error for a message. JavaScript makes an error of the named class from it.
func describe(err error) *protocol.DescribedError {
	described := describeLink(err)
	cause := below(err)
	switch {
	case cause == nil:
	case described.Class != protocol.ClassError:
		described.Cause = describe(cause)
	default:
		// A wrapper without a class of its own takes the class of the error that it wraps, and keeps its own, longer
		// message.
		message := described.Message
		described = describe(cause)
		if described.Class != protocol.ClassFailure {
			described.Message = message
		}
	}
	return described
}

// describeLink describes an error without its causes. An error that has no class in JavaScript becomes an Error.
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

// below returns the cause of an error; if there are several, the first.
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

// undescribed makes a Go error from what a callback threw, so that retries can classify it.
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
