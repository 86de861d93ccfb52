package httpapi

import (
	"net/http"
	"strings"
)

// form is one of the HTTP APIs.
type form uint8

const (
	discovery form = iota
	transactionAPI
	queryAPI
)

// route is the operation that a request asks for.
type route struct {
	form     form
	database string
	whole    bool // a transaction of its own
}

// routeOf reads a path such as /db/neo4j/tx/commit, undecoded. Unknown paths are refused, and so are escapes, so that
// the checked path is the one that is sent.
func routeOf(method, path string) (route, bool) {
	if path == "/" {
		return route{form: discovery}, method == http.MethodGet
	}
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(parts) < 3 || parts[0] != "db" {
		return route{}, false
	}
	if !plainName(parts[1]) {
		return route{}, false
	}
	r := route{form: transactionAPI, database: parts[1]}
	rest := parts[2:]
	switch {
	case rest[0] == "tx":
	case len(rest) >= 2 && rest[0] == "query" && rest[1] == "v2":
		r.form = queryAPI
		rest = rest[1:]
	default:
		return route{}, false
	}
	rest = rest[1:]
	if r.form == transactionAPI {
		r.whole = len(rest) == 1 && rest[0] == "commit"
	} else {
		r.whole = len(rest) == 0
		if !r.whole && rest[0] != "tx" {
			return route{}, false
		}
		rest = rest[min(1, len(rest)):]
	}
	return r, transactionPath(method, rest, r)
}

// transactionPath reads what may follow: nothing, commit, ID or ID/commit.
func transactionPath(method string, rest []string, r route) bool {
	switch {
	case len(rest) == 0, len(rest) == 1 && rest[0] == "commit":
		return method == http.MethodPost && (r.whole || len(rest) == 0)
	case len(rest) == 1 && plainName(rest[0]):
		return method == http.MethodPost || method == http.MethodDelete
	case len(rest) == 2 && plainName(rest[0]) && rest[1] == "commit":
		return method == http.MethodPost
	}
	return false
}

// plainName reports whether text, the name of a database or number of a transaction, has no characters with a meaning
// in paths.
func plainName(text string) bool {
	return text != "" && strings.Trim(text,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") == "" &&
		text[0] != '.' && text[0] != '-'
}
