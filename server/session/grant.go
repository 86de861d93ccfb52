package session

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Presented is what a page says of itself in HELLO or LOGON.
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

// Credentials are the relay's own at a server. They are never printed.
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

// Rules are what a session is held to. The zero Rules forbid nothing but to act as somebody else.
type Rules struct {
	// ReadOnly has every transaction declared as reading, and system refused as a database.
	ReadOnly bool
	// Databases are those that may be named; the first is used where none is. Empty for all.
	Databases []string
	// Timeout is the longest that a transaction may ask for, and what it gets if it does not ask; 0 for no limit.
	Timeout time.Duration
	// Queries are the texts that may be run, as they are; parameters are free. Empty for all.
	Queries []string

	// What follows matters where ReadOnly or Databases frame the session and Queries does not: what is allowed
	// nevertheless.

	// LoadCSV allows LOAD CSV, which reads files and addresses with the rights of the server.
	LoadCSV bool
	// Administer allows to see and end transactions, queries and connections, of other users too, and to see the
	// server's settings.
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

// LongestTimeout returns the milliseconds to use when so many are asked for (0 for none, and so is less).
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
