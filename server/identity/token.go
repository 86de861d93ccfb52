package identity

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"time"

	"github.com/webbolt/webbolt/server/session"
)

// Anyone recognises everybody, as the user "anonymous", whatever they present.
type Anyone struct{}

// Anonymous is the name of users when no identification is required.
const Anonymous = "anonymous"

// Recognise implements [Recogniser].
func (Anyone) Recognise(context.Context, session.Presented) (string, time.Time, error) {
	return Anonymous, time.Time{}, nil
}

var errNoToken = errors.New("no bearer token was presented")

// bearer returns the token that was presented.
func bearer(presented session.Presented) (string, error) {
	if presented.Scheme != "bearer" || presented.Credentials == "" {
		return "", errNoToken
	}
	return presented.Credentials, nil
}

// Tokens recognise users by fixed tokens.
type Tokens struct{ users []tokenUser }

type tokenUser struct {
	name string
	hash [sha256.Size]byte
}

// MinToken is the minimum number of characters of a fixed token, so that it cannot be guessed.
const MinToken = 16

// NewTokens makes Tokens from users' names and their tokens.
func NewTokens(tokens map[string]string) (*Tokens, error) {
	t := &Tokens{}
	for name, token := range tokens {
		if len(token) < MinToken {
			return nil, errors.New("the token of " + name + " is too short: it must have 16 characters or more")
		}
		user := tokenUser{name, sha256.Sum256([]byte(token))}
		for _, other := range t.users {
			if other.hash == user.hash {
				return nil, errors.New("the users " + min(name, other.name) + " and " + max(name, other.name) +
					" have the same token, so nobody could tell who comes")
			}
		}
		t.users = append(t.users, user)
	}
	return t, nil
}

// Recognise implements [Recogniser]. Its duration reveals nothing about the tokens.
func (t *Tokens) Recognise(_ context.Context, presented session.Presented) (string, time.Time, error) {
	token, err := bearer(presented)
	if err != nil {
		return "", time.Time{}, err
	}
	hash := sha256.Sum256([]byte(token))
	user, found := "", 0
	for _, u := range t.users {
		if subtle.ConstantTimeCompare(hash[:], u.hash[:]) == 1 {
			user, found = u.name, 1
		}
	}
	if found == 0 {
		return "", time.Time{}, errors.New("the token is none of those configured")
	}
	return user, time.Time{}, nil
}
