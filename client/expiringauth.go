package client

import (
	"context"
	"sync"
	"time"
)

// ExpiringAuth is an [AuthManager] that keeps a token until it expires, or until the server refuses it.
type ExpiringAuth struct {
	// Source returns a new token and the time at which it expires; the zero Time means never.
	Source func(ctx context.Context) (token Auth, expires time.Time, err error)
	// Codes are the failures after which a new token is fetched; nil means those for expired tokens, and Unauthorized.
	Codes []string
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	mu      sync.Mutex
	known   bool
	token   Auth
	expires time.Time
}

// StaticAuth is an [AuthManager] with one token only: if the server refuses it, a retry does not help.
type StaticAuth Auth

// Token returns the token.
func (a StaticAuth) Token(context.Context) (Auth, error) { return Auth(a), nil }

// Refused reports that there is no other token.
func (a StaticAuth) Refused(context.Context, Auth, *Failure) (bool, error) { return false, nil }

// Token returns the token that is kept, or a new one.
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

// Refused drops the token if it is the refused one and the failure is among Codes.
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
