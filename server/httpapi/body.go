package httpapi

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"

	"github.com/webbolt/webbolt/server/session"
)

// statements is the body of a request to the transaction API.
type statements struct {
	Statements []statement `json:"statements,omitempty"`
}

type statement struct {
	Statement          string          `json:"statement"`
	Parameters         json.RawMessage `json:"parameters,omitempty"`
	ResultDataContents json.RawMessage `json:"resultDataContents,omitempty"`
	IncludeStats       json.RawMessage `json:"includeStats,omitempty"`
}

// query is the body of a request to the Query API.
type query struct {
	Statement        string          `json:"statement"`
	Parameters       json.RawMessage `json:"parameters,omitempty"`
	IncludeCounters  json.RawMessage `json:"includeCounters,omitempty"`
	Bookmarks        json.RawMessage `json:"bookmarks,omitempty"`
	AccessMode       string          `json:"accessMode,omitempty"`
	MaxExecutionTime int64           `json:"maxExecutionTime,omitempty"` // seconds
	ImpersonatedUser *string         `json:"impersonatedUser,omitempty"`
}

var errBody = errors.New("the body is not what this path takes")

// remakeBody gives the body to send in the place of the page's, held to the rules. What is not known is left out.
func remakeBody(r route, rules *session.Rules, in io.Reader) ([]byte, *session.Refusal, error) {
	decoder := json.NewDecoder(in)
	var body any
	var texts []string
	if r.form == transactionAPI {
		var b statements
		if err := decoder.Decode(&b); err != nil {
			return nil, nil, errors.Join(errBody, err)
		}
		for _, s := range b.Statements {
			texts = append(texts, s.Statement)
		}
		body = b
	} else {
		var b query
		if err := decoder.Decode(&b); err != nil {
			return nil, nil, errors.Join(errBody, err)
		}
		if b.ImpersonatedUser != nil {
			return nil, session.Impersonation(), nil
		}
		if b.MaxExecutionTime < 0 || b.MaxExecutionTime > math.MaxInt64/1000 {
			return nil, nil, errBody
		}
		texts = []string{b.Statement}
		b.AccessMode = accessMode(rules, b.AccessMode)
		b.MaxExecutionTime = seconds(rules.LongestTimeout(b.MaxExecutionTime * 1000))
		body = b
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, nil, errBody
	}
	for _, text := range texts {
		if refused := rules.Query(text); refused != nil {
			return nil, refused, nil
		}
	}
	out, err := json.Marshal(body)
	return out, nil, err
}

func accessMode(rules *session.Rules, asked string) string {
	if rules.ReadOnly {
		return "READ"
	}
	return strings.ToUpper(asked)
}

// seconds rounds up, because 0 means no limit.
func seconds(milliseconds int64) int64 { return int64(math.Ceil(float64(milliseconds) / 1000)) }
