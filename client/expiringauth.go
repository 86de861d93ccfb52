package client

import (
	"context"
	"sync"
	"time"
)

// ExpiringAuth is an [AuthManager] that keeps a token until it expires, or until the server refuses it.
type ExpiringAuth struct {
	// Source gives a new token, and when it expires; the zero Time is never.
	Source func(ctx context.Context) (token Auth, expires time.Time, err error)
	// Codes are the failures by which a token has become old; nil means that it has expired, or is not taken
	// (Unauthorized).
	Codes []string
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	mu      sync.Mutex
	known   bool
	token   Auth
	expires time.Time
}

// StaticAuth is an [AuthManager] that has only one token: where the server refuses it, trying again does not help.
type StaticAuth Auth

// Token gives the token.
func (a StaticAuth) Token(context.Context) (Auth, error) { return Auth(a), nil }

// Refused has no other token.
func (a StaticAuth) Refused(context.Context, Auth, *Failure) (bool, error) { return false, nil }

// Token gives the token that is kept, or a new one.
func (a *ExpiringAuth) Token(ctx context.Context) (Auth, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known && (a.expires.IsZero() || a.now().Before(a.expires)) {
		return a.token, nil
	}
	token, expires, err := a.Source(ctx)
	if err != nil {
		return Auth{}, err
	}
	a.known, a.token, a.expires = true, token, expires
	return token, nil
}

// Refused forgets the token if it is the one that was refused, for a reason that a new one may mend.
func (a *ExpiringAuth) Refused(_ context.Context, token Auth, refusal *Failure) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.mends(refusal.Code) {
		return false, nil
	}
	if a.known && a.token.Equal(token) {
		a.known = false
	}
	return true, nil
}

func (a *ExpiringAuth) mends(code string) bool {
	if a.Codes == nil {
		return code == codeTokenExpired || code == codeUnauthorized
	}
	for _, c := range a.Codes {
		if c == code {
			return true
		}
	}
	return false
}

func (a *ExpiringAuth) now() time.Time {
	if a.Now != nil {
		return a.Now()
	}
	return time.Now()
}
