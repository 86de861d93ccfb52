package bolt

import (
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
	"github.com/webbolt/webbolt/client/packstream"
)

// maxCauses limits how many causes of a failure are read.
const maxCauses = 64

// readFailure reads the metadata of FAILURE: {code, message}, from Bolt 5.7 on {neo4j_code, message, gql_status,
// description, diagnostic_record, cause}.
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
		Message:     facts.Text(metadata, "message"),
		Code:        facts.Text(metadata, "code"),
		GQLStatus:   facts.Text(metadata, "gql_status"),
		Description: facts.Text(metadata, "description"),
	}
	if failure.Code == "" {
		failure.Code = facts.Text(metadata, "neo4j_code")
	}
	failure.Code = client.PresentCode(failure.Code)
	if failure.GQLStatus == "" {
		failure.GQLStatus, failure.Description = client.GeneralError(failure.Message)
	}
	sent, _ := metadata["diagnostic_record"].(map[string]any)
	failure.Diagnostic = client.DiagnosticRecord(sent)
	if cause, ok := metadata["cause"].(map[string]any); ok && depth < maxCauses {
		failure.Cause = failureOf(cause, depth+1)
	}
	return failure
}
