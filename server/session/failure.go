package session

import (
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// The codes of the relay's own failures.
const (
	codeForbidden    = "Neo.ClientError.Security.Forbidden"
	codeUnauthorized = "Neo.ClientError.Security.Unauthorized"
	codeInvalid      = "Neo.ClientError.Request.Invalid"
	codeBusy         = "Neo.TransientError.General.MemoryPoolOutOfMemoryError" // drivers try again
)

// gqlStatuses are the GQL statuses that go with them.
var gqlStatuses = map[string][2]string{
	codeForbidden: {"42NFF", "error: syntax error or access rule violation - permission/access denied. Access " +
		"denied, see the security logs for details."},
	codeUnauthorized: {"42NFF", "error: syntax error or access rule violation - permission/access denied. Access " +
		"denied, see the security logs for details."},
	codeInvalid: {"08N06", "error: connection exception - protocol error. General network protocol error."},
	codeBusy: {"51N66", "error: system configuration or operation exception - resource exhaustion. " +
		"Insufficient resources to complete the request."},
}

// Refusal says what a page may not do.
type Refusal struct {
	Code    string
	Rule    string // in one word, for statistics
	Message string // for a person
}

func forbid(rule, message string) *Refusal { return &Refusal{codeForbidden, rule, message} }

func invalid(message string) *Refusal { return &Refusal{codeInvalid, "malformed", message} }

func busy(err error) *Refusal { return &Refusal{codeBusy, "memory", err.Error()} }

// failure is the FAILURE message for a refusal, in the version's form.
func (r *Refusal) failure(v wire.Version) []byte {
	b := packstream.AppendStructHeader(nil, wire.MessageFailure, 1)
	if !wire.FeatureGQLFailures.In(v) {
		b = packstream.AppendMapHeader(b, 2)
		return appendTexts(b, "code", r.Code, "message", r.Message)
	}
	status := gqlStatuses[r.Code]
	b = packstream.AppendMapHeader(b, 5)
	b = appendTexts(b, "neo4j_code", r.Code, "message", r.Message, "gql_status", status[0], "description", status[1])
	b = packstream.AppendString(b, "diagnostic_record")
	b = packstream.AppendMapHeader(b, 1) // entries with default values are left out
	return appendTexts(b, "_classification", "CLIENT_ERROR")
}

// appendTexts appends keys and values in turn.
func appendTexts(b []byte, texts ...string) []byte {
	for _, text := range texts {
		b = packstream.AppendString(b, text)
	}
	return b
}

func ignored() []byte { return packstream.AppendStructHeader(nil, wire.MessageIgnored, 0) }
