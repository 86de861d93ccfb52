package bolt

import (
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// maxCauses limits how many causes of a failure are read.
const maxCauses = 64

// readFailure reads the metadata of FAILURE: {code, message}, from Bolt 5.7 on {neo4j_code, message, gql_status, description,
// diagnostic_record, cause}.
func readFailure(r *packstream.Reader) (*client.Failure, error) {
	value, err := r.Any()
	if err != nil {
		return nil, err
	}
	if r.Len() > 0 {
		return nil, packstream.ErrRange
	}
	metadata, ok := value.(map[string]any)
	if !ok {
		return nil, packstream.ErrKind
	}
	return failureOf(metadata, 0), nil
}

func failureOf(metadata map[string]any, depth int) *client.Failure {
	failure := &client.Failure{
		Message:     text(metadata, "message"),
		Code:        text(metadata, "code"),
		GQLStatus:   text(metadata, "gql_status"),
		Description: text(metadata, "description"),
	}
	if failure.Code == "" {
		failure.Code = text(metadata, "neo4j_code")
	}
	if failure.GQLStatus != "" {
		sent, _ := metadata["diagnostic_record"].(map[string]any)
		failure.Diagnostic = client.DiagnosticRecord(sent)
	}
	if cause, ok := metadata["cause"].(map[string]any); ok && depth < maxCauses {
		failure.Cause = failureOf(cause, depth+1)
	}
	return failure
}

func text(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}

func integer(m map[string]any, key string) int64 {
	n, _ := m[key].(int64)
	return n
}
