package client

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"github.com/webbolt/webbolt/client/packstream"
)

// Auth is an authentication token (Bolt: HELLO before 5.1, LOGON from then on).
type Auth struct {
	Scheme      string `js:",required"` // "basic", "bearer", "kerberos", "none", or one of the server's own
	Principal   string // the user
	Credentials Secret // password, token or ticket
	Realm       string
	Parameters  map[string]any // for custom schemes
}

// AuthSource supplies a token. It is asked when a connection is opened and again after the server said that
// the token has expired; refused is then that failure, else nil.
type AuthSource func(ctx context.Context, refused *Failure) (Auth, error)

// AuthManager has the token that connections act with, which may change. Its methods may be called from several
// goroutines.
type AuthManager interface {
	// Token gives the token to use now. It is asked for each time that a connection is lent, so it answers from memory
	// where it can.
	Token(ctx context.Context) (Auth, error)
	// Refused is told that the server has refused a token, and says whether Token gives another one from now on, so
	// that the work may be tried again.
	Refused(ctx context.Context, token Auth, refusal *Failure) (renewed bool, err error)
}

// Equal reports whether two tokens are equal, as far as can be told: parameters of unusual types count as different.
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
