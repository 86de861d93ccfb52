//go:build js && wasm

package bridge

import (
	"context"
	"errors"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

// describe puts an error into an object, from which JavaScript makes an error of the class it names.
func describe(err error) object {
	described, known := describeLink(err)
	cause := below(err)
	switch {
	case cause == nil:
	case known:
		described["cause"] = describe(cause)
	default:
		// A wrapper without a class of its own takes the class of what it wraps, and keeps its own, longer message.
		message := described["message"]
		described = describe(cause)
		if described["class"] != "Failure" {
			described["message"] = message
		}
	}
	return described
}

// describeLink describes an error without its causes; known is false for one that has no class of its own in JavaScript.
func describeLink(err error) (described object, known bool) {
	described = object{"class": "Error", "message": err.Error()}
	switch e := err.(type) {
	case *callbackError:
		described["class"] = "Callback"
	case *client.ConnectionUnavailable:
		described["class"] = "ConnectionUnavailable"
		described["reason"], described["address"], described["closeCode"] = string(e.Reason), e.Address, e.CloseCode
	case *client.ConnectionBroken:
		described["class"] = "ConnectionBroken"
		described["address"], described["closeCode"] = e.Address, e.CloseCode
	case *client.Failure:
		describeFailure(described, e)
	case *client.ProtocolError:
		described["class"] = "ProtocolError"
	case *client.UnsupportedError:
		described["class"] = "TypeError"
	case *client.ArgumentError:
		described["class"] = "RangeError"
		described["argument"] = e.Argument
	default:
		return described, describeOther(described, err)
	}
	return described, true
}

func describeFailure(described object, e *client.Failure) {
	described["class"] = "Failure"
	described["message"] = e.Message
	described["code"], described["gqlStatus"], described["description"] = e.Code, e.GQLStatus, e.Description
	described["retryable"] = e.Retryable()
	if e.Diagnostic != nil {
		described["diagnostic"] = e.Diagnostic
	}
}

func describeOther(described object, err error) (known bool) {
	switch {
	case err == context.Canceled:
		described["class"] = "AbortError"
		described["message"] = "the call was cancelled"
	case err == context.DeadlineExceeded:
		described["class"] = "TimeoutError"
		described["message"] = "the time for the call is over"
	case errors.Unwrap(err) == pool.ErrRoutingTableInvalid:
		described["class"] = "RoutingTableInvalid"
	default:
		return false
	}
	return true
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
func undescribed(thrown arguments) error {
	message := thrown.text("message")
	switch thrown.text("class") {
	case "Failure":
		return &client.Failure{Code: thrown.text("code"), Message: message}
	case "ConnectionBroken":
		return &client.ConnectionBroken{Message: message}
	case "ConnectionUnavailable":
		return &client.ConnectionUnavailable{Reason: client.Reason(thrown.text("reason")), Message: message}
	}
	return errors.New(message)
}
