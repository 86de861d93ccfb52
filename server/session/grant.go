package session

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Presented is what a page says about itself in HELLO or LOGON.
type Presented struct {
	Scheme      string // none, basic, bearer…; "" if it said nothing
	Principal   string
	Credentials string
}

// Policy recognises users.
type Policy interface {
	// Admit returns what the user may do. The text of an error goes to the page, so it must hold no secret.
	Admit(ctx context.Context, presented Presented) (Grant, error)
}

// Grant is what a recognised user gets.
type Grant struct {
	User        string // for logs and statistics
	Credentials Credentials
	Rules       Rules
	Expires     time.Time // zero for never
}

// Credentials are the relay's own credentials for a server. They are never printed.
type Credentials struct {
	Scheme    string // basic if empty
	Principal string
	Secret    string
	Realm     string
}

// String hides all but the principal.
func (c Credentials) String() string { return c.Principal + ":*******" }

// GoString hides the same.
func (c Credentials) GoString() string { return c.String() }

// Rules are the rules of a session. The zero Rules forbid only impersonation.
type Rules struct {
	// ReadOnly declares every transaction as reading, and refuses system as a database.
	ReadOnly bool
	// Databases are the databases that may be named; the first is used if none is named. Empty means all.
	Databases []string
	// Timeout is the longest timeout that a transaction may ask for, and its default; 0 means no limit.
	Timeout time.Duration
	// Queries are the texts that may be run, unchanged, with any parameters. Empty means all.
	Queries []string

	// The fields below matter if ReadOnly or Databases frame the session and Queries does not. They allow more.

	// LoadCSV allows LOAD CSV, which reads files and addresses with the rights of the server.
	LoadCSV bool
	// Administer allows a user to see and end transactions, queries and connections, also of other users, and to see
	// the server's settings.
	Administer bool
	// Procedures are the procedures and functions that may be called beside those that come with Neo4j and are known
	// to stay within the frame, as "gds.*" or "apoc.path.expand".
	Procedures []string
}

// Database returns the database to use when this one is asked for ("" for none).
func (r *Rules) Database(asked string) (string, *Refusal) {
	switch {
	case len(r.Databases) == 0 && r.ReadOnly && strings.EqualFold(asked, "system"):
		return "", forbid("database", "the relay does not allow the database system in read-only sessions")
	case len(r.Databases) == 0:
		return asked, nil
	case asked == "":
		return r.Databases[0], nil
	case !slices.ContainsFunc(r.Databases, func(name string) bool { return strings.EqualFold(name, asked) }):
		return "", forbid("database", "the relay does not allow the database "+asked)
	}
	return asked, nil
}

// LongestTimeout returns the timeout in milliseconds to use if asked are asked for (0 or less means none).
func (r *Rules) LongestTimeout(asked int64) int64 {
	if limit := r.Timeout.Milliseconds(); limit > 0 && (asked <= 0 || asked > limit) {
		return limit
	}
	return asked
}

// Query refuses texts that may not be run.
func (r *Rules) Query(text string) *Refusal {
	if len(r.Queries) > 0 {
		if slices.Contains(r.Queries, text) {
			return nil
		}
		return forbid("query", "the relay does not allow this query; it has a list of those it does")
	}
	if len(r.Databases) == 0 && !r.ReadOnly {
		return nil
	}
	return r.check(text)
}
