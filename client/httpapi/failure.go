package httpapi

import (
	"bytes"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
	"github.com/webbolt/webbolt/client/jsonvalues"
)

// findFailure looks for a failure in the body of an answer that refuses a request: a JSON document or, in Jolt, lines
// of them.
func findFailure(text []byte) *client.Failure {
	document, err := jsonvalues.Object(text)
	if err != nil {
		line, _, _ := bytes.Cut(text, []byte("\n"))
		if document, err = jsonvalues.Object(line); err != nil {
			return nil
		}
	}
	if inner, ok := document["error"].(map[string]any); ok {
		document = inner
	}
	return firstFailure(document)
}

// firstFailure is the first of {"errors": [{"code", "message"}, …]}, or nil. The others follow from the first.
func firstFailure(m map[string]any) *client.Failure {
	list, _ := m["errors"].([]any)
	if len(list) == 0 {
		return nil
	}
	first, _ := list[0].(map[string]any)
	return &client.Failure{Code: client.PresentCode(facts.Text(first, "code")), Message: facts.Text(first, "message")}
}

// codeTransactionNotFound means, in the transaction API, that the transaction is not known. The Query API has no such
// code: it answers with HTTP status 404 and codeRequestInvalid.
const (
	codeTransactionNotFound = "Neo.ClientError.Transaction.TransactionNotFound"
	codeRequestInvalid      = "Neo.ClientError.Request.Invalid"
)

// expired rewrites a failure about an unknown transaction: one code for both APIs, and a message that tells the likely
// causes.
func expired(failure *client.Failure) *client.Failure {
	if failure.Code != codeTransactionNotFound && failure.Code != codeRequestInvalid {
		return failure
	}
	return &client.Failure{Code: codeTransactionNotFound, Message: failure.Message +
		" Over HTTP a server ends a transaction that is left idle (after 30 seconds, Neo4j 4.4 after 60, unless " +
		"configured otherwise), " +
		"and loses all when it restarts."}
}
