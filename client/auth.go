package client

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"github.com/webbolt/webbolt/client/packstream"
)

// Auth is an authentication token. It is sent with HELLO before Bolt 5.1, and with LOGON since.
type Auth struct {
	Scheme      string `js:",required"` // "basic", "bearer", "kerberos", "none", or one of the server's own
	Principal   string // the user
	Credentials Secret // password, token or ticket
	Realm       string
	Parameters  map[string]any // for custom schemes
}

// AuthSource supplies a token. It is called when a connection is opened, with refused nil, and again after the server
// said that the token has expired, with that failure.
type AuthSource func(ctx context.Context, refused *Failure) (Auth, error)

// AuthManager supplies the token of connections, which may change over time. Its methods may be called from several
// goroutines.
type AuthManager interface {
	// Token returns the token to use now. It is called each time that a connection is lent, so it should answer from
	// memory.
	Token(ctx context.Context) (Auth, error)
	// Refused is called when the server has refused a token. It reports whether Token gives another one now, so that
	// the work can be retried.
	Refused(ctx context.Context, token Auth, refusal *Failure) (renewed bool, err error)
}

// Equal reports whether two tokens are equal. Parameters of types that cannot be compared count as different.
func (a Auth) Equal(b Auth) bool {
	return a.Scheme == b.Scheme && a.Principal == b.Principal && a.Credentials == b.Credentials && a.Realm == b.Realm &&
		maps.EqualFunc(a.Parameters, b.Parameters, sameValue)
}

func sameValue(a, b any) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case map[string]any:
		b, is := b.(map[string]any)
		return is && maps.EqualFunc(a, b, sameValue)
	case []any:
		b, is := b.([]any)
		return is && slices.EqualFunc(a, b, sameValue)
	case packstream.Raw:
		b, is := b.(packstream.Raw)
		return is && bytes.Equal(a, b)
	case string, bool, int, int64, float64:
		return a == b
	}
	return false
}
