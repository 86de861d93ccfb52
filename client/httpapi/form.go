package httpapi

import (
	"math"
	"strconv"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/jsonvalues"
)

// wireForm is one of Neo4j's two APIs over HTTP.
type wireForm interface {
	// run is the request for a query in a transaction of its own.
	run(database, cypher string, parameters map[string]any, s runSettings) (*request, error)
	// runIn is the request for a query in tx.
	runIn(tx *transaction, cypher string, parameters map[string]any) (*request, error)
	// begin is the request that begins a transaction.
	begin(database string, s runSettings) (*request, error)
	// began returns the transaction's id and path from the answer to begin.
	began(database string, answer *jsonvalues.Answer) (id, path string)
	commit(tx *transaction) *request
	rollback(tx *transaction) *request
	// address is the beginning or end of the URI under which the server lists a transaction.
	address(database string, explicit bool) string

	// answer reads an answer.
	answer() *jsonvalues.Answer
	// heard notes what the headers of an answer say about the server.
	heard(r *response)
	// failure, bookmark and summarize read what an answer has besides rows.
	failure(meta map[string]any) *client.Failure
	bookmark(meta map[string]any) string
	summarize(meta map[string]any, s *client.Summary)
}

// runSettings are the settings of a transaction.
type runSettings struct {
	readonly     bool
	bookmarks    []string
	timeout      time.Duration
	impersonated string
	metadata     map[string]any
	byCategory   bool // a filter names categories, so the server must tell them
}

func settingsOf(readonly bool, options []client.TxOptions) (s runSettings, filter client.NotificationFilter,
	err error) {
	s.readonly = readonly
	switch len(options) {
	case 0:
		return s, filter, nil
	case 1:
	default:
		return s, filter, &client.ArgumentError{Argument: "options", Message: "give one TxOptions at most"}
	}
	o := options[0]
	if err := o.Validate(); err != nil {
		return s, filter, err
	}
	if o.NoTimeout {
		return s, filter,
			&client.UnsupportedError{Message: "a transaction without a limit on its time cannot be asked for over HTTP"}
	}
	s.bookmarks, s.timeout, s.impersonated, s.metadata = o.Bookmarks, o.Timeout, o.ImpersonatedUser, o.Metadata
	s.byCategory = len(o.Notifications.DisabledCategories) > 0
	return s, o.Notifications, nil
}

// atLeast rounds a time up to whole units, within what fits an int32.
func atLeast(d, unit time.Duration) string {
	n := min(int64((d+unit-1)/unit), math.MaxInt32)
	return strconv.FormatInt(n, 10)
}

// appendTexts appends a JSON list of strings.
func appendTexts(b []byte, texts []string) []byte {
	b = append(b, '[')
	for i, text := range texts {
		if i > 0 {
			b = append(b, ',')
		}
		b = jsonvalues.AppendString(b, []byte(text))
	}
	return append(b, ']')
}
