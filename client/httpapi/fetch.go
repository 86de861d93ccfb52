package httpapi

import (
	"context"
	"encoding/base64"

	"github.com/webbolt/webbolt/client"
)

// fetcher sends requests: by net/http natively, by fetch in a browser.
type fetcher interface {
	// fetch sends a request and waits until the body of the answer begins. ctx covers the reading of the body, too.
	fetch(ctx context.Context, r *request) (*response, error)
	// unavailable makes the error for a connection that could not be opened because a request failed with err.
	unavailable(ctx context.Context, r *request, err error) *client.ConnectionUnavailable
	// close closes idle connections.
	close()
}

// request is an HTTP request.
type request struct {
	method string
	url    string
	header []field
	body   []byte // nil for none
}

type field struct{ name, value string }

func (r *request) set(name, value string) {
	if value != "" {
		r.header = append(r.header, field{name, value})
	}
}

// response is an answer whose body is not read yet.
type response struct {
	status int
	header func(name string) string // "" where absent, or hidden by the browser
	body   body
}

// body is the body of an answer, piece by piece.
type body interface {
	// read appends the next piece to in. At the end it returns io.EOF and no bytes.
	read(in []byte) ([]byte, error)
	// close gives up the rest.
	close()
}

// authorization is the value of the Authorization header for a token.
func authorization(auth client.Auth) (string, error) {
	switch auth.Scheme {
	case "basic":
		user := auth.Principal + ":" + auth.Credentials.Reveal()
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(user)), nil
	case "bearer":
		return "Bearer " + auth.Credentials.Reveal(), nil
	case "none", "":
		return "", nil
	}
	return "", &client.UnsupportedError{Message: "over HTTP Neo4j takes basic and bearer authentication, not " +
		auth.Scheme + "; use Bolt for that"}
}
