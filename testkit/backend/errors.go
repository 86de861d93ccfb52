package main

import (
	"errors"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

// respondError tells the suite of an error of the client's, with the name that neo4j-go-driver has for its kind.
func (f *frontend) respondError(err error) {
	if errors.Is(err, errFromFrontend) {
		f.respond("FrontendError", data{"msg": err.Error()})
		return
	}
	id := f.number()
	f.errors[id] = err
	message := data{"id": id, "msg": err.Error(), "errorType": kindOf(err), "code": "",
		"retryable": pool.Retryable(err)}
	if failure, is := errors.AsType[*client.Failure](err); is {
		f.told[failure] = true
		message["code"] = failure.Code
		for key, value := range failureMessage(failure) {
			message[key] = value
		}
		if failure.Code == "Neo.ClientError.Security.TokenExpired" {
			message["errorType"] = "TokenExpiredError"
		}
	}
	f.respond("DriverError", message)
}

// resultFailed is the error of a result that has ended with something else, of which the suite knows.
type resultFailed struct{ error }

func (e resultFailed) Unwrap() error { return e.error }

// ofResult is a result's error, with that name if the suite has heard of it by another request than the result's.
func (f *frontend) ofResult(r *result, err error) error {
	failure, is := errors.AsType[*client.Failure](err)
	if is && f.told[failure] && !r.failed {
		return resultFailed{err}
	}
	r.failed = r.failed || err != nil
	return err
}

func kindOf(err error) string {
	switch {
	case is[resultFailed](err):
		return "result failed"
	case is[*client.Failure](err):
		return "Neo4jError"
	case is[*client.ConnectionUnavailable](err), is[*client.ConnectionBroken](err),
		errors.Is(err, pool.ErrRoutingTableInvalid):
		return "ConnectivityError"
	case is[*client.ProtocolError](err):
		return "ProtocolError"
	case is[*client.UnsupportedError](err):
		return "feature not supported"
	}
	if argument, is := errors.AsType[*client.ArgumentError](err); is && argument.Argument == "tx" {
		return "cannot use this transaction"
	}
	return "UsageError"
}

func is[E error](err error) bool {
	_, is := errors.AsType[E](err)
	return is
}

func failureMessage(failure *client.Failure) data {
	message := data{"msg": failure.Message, "gqlStatus": failure.GQLStatus, "statusDescription": failure.Description}
	diagnostic := data{}
	for key, value := range failure.Diagnostic {
		diagnostic[key] = toCypher(value)
	}
	message["diagnosticRecord"] = diagnostic
	raw, _ := failure.Diagnostic["_classification"].(string)
	message["classification"], message["rawClassification"] = "UNKNOWN", nil
	if raw != "" {
		message["rawClassification"] = raw
	}
	switch raw {
	case "CLIENT_ERROR", "DATABASE_ERROR", "TRANSIENT_ERROR":
		message["classification"] = raw
	}
	message["cause"] = nil
	if failure.Cause != nil {
		message["cause"] = data{"name": "GqlError", "data": failureMessage(failure.Cause)}
	}
	return message
}
