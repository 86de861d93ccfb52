package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/webbolt/webbolt/server/session"
)

// ErrUnknown is why a user is not recognised, in the words that the page is told. They are the same for all causes,
// because a page must not learn what was nearly right.
var ErrUnknown = errors.New("the relay does not know you: log in with scheme bearer and a token that it takes")

// Recogniser says who a page is.
type Recogniser interface {
	// Recognise gives the user's name and when that ends to be known, which is zero for never.
	Recognise(ctx context.Context, presented session.Presented) (user string, expires time.Time, err error)
}

// AnyUser is the name of the account for users who have none of their own.
const AnyUser = "*"

// Account is what a user gets.
type Account struct {
	Credentials session.Credentials
	Rules       session.Rules
}

// Accounts give recognised users their credentials and rules. They are a [session.Policy].
type Accounts struct {
	Recogniser Recogniser
	Users      map[string]Account // by name; AnyUser for all others
	// Failed is told why a user was not recognised, for the log; or nil. The context is that of Admit. The error holds
	// no token.
	Failed func(context.Context, error)
}

// Admit is that of [session.Policy].
func (a *Accounts) Admit(ctx context.Context, presented session.Presented) (session.Grant, error) {
	user, expires, err := a.Recogniser.Recognise(ctx, presented)
	if err != nil {
		if a.Failed != nil {
			a.Failed(ctx, err)
		}
		return session.Grant{}, ErrUnknown
	}
	account, found := a.Users[user]
	if !found {
		account, found = a.Users[AnyUser]
	}
	if !found {
		if a.Failed != nil {
			a.Failed(ctx, fmt.Errorf("user %q has no account", user))
		}
		return session.Grant{}, ErrUnknown
	}
	return session.Grant{User: user, Credentials: account.Credentials, Rules: account.Rules, Expires: expires}, nil
}
