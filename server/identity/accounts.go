package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/webbolt/webbolt/server/session"
)

// ErrUnknown means that a user is not recognised. Its text goes to the page and is the same for all causes, because a
// page must not learn what was nearly right.
var ErrUnknown = errors.New("the relay does not know you: log in with scheme bearer and a token that it takes")

// Recogniser finds out who the user of a page is.
type Recogniser interface {
	// Recognise returns the user's name and the time at which the recognition expires; zero means never.
	Recognise(ctx context.Context, presented session.Presented) (user string, expires time.Time, err error)
}

// AnyUser is the name of the account for users who have none of their own.
const AnyUser = "*"

// Account has the credentials and rules of a user.
type Account struct {
	Credentials session.Credentials
	Rules       session.Rules
}

// Accounts give recognised users their credentials and rules. They are a [session.Policy].
type Accounts struct {
	Recogniser Recogniser
	Users      map[string]Account // by name; AnyUser for all others
	// Failed is called with the reason why a user was not recognised, for the log; or nil. The context is that of
	// Admit. The error contains no token.
	Failed func(context.Context, error)
}

// Admit implements [session.Policy].
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
