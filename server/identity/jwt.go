package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/webbolt/webbolt/server/session"
)

// algorithms are the algorithms with public keys. With a shared secret, everybody who can check a token could make one.
var algorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// JWTConfig says which JSON Web Tokens are accepted.
type JWTConfig struct {
	// Keys is the JSON Web Key Set (RFC 7517): a file, which is read again when it changes, or an https URL, which is
	// fetched again every hour and when a token names a key that is not in it.
	Keys      string
	Issuer    string        // the "iss" that tokens must have
	Audience  string        // the "aud" that tokens must have
	UserClaim string        // where the user's name is; "sub" if empty
	Leeway    time.Duration // how far clocks may be apart; 30 s if 0
	// Algorithms are the accepted algorithms, such as RS256. Empty means all with public keys.
	Algorithms []string
	// Failed is called with the reason why keys could not be fetched again, for the log; or nil.
	Failed func(error)
}

// JWT recognises users by JSON Web Tokens (RFC 7519).
type JWT struct {
	config JWTConfig
	parser *jwt.Parser
	keys   jwt.Keyfunc
}

// NewJWT makes a JWT. Until ctx ends, keys are fetched in the background if they are at a URL.
func NewJWT(ctx context.Context, config JWTConfig) (*JWT, error) {
	if config.Issuer == "" || config.Audience == "" {
		return nil, errors.New("name the issuer and the audience of the tokens, or tokens made for others would be " +
			"taken")
	}
	if config.UserClaim == "" {
		config.UserClaim = "sub"
	}
	if config.Leeway == 0 {
		config.Leeway = 30 * time.Second
	}
	if len(config.Algorithms) == 0 {
		config.Algorithms = algorithms
	}
	for _, name := range config.Algorithms {
		if !slices.Contains(algorithms, name) {
			return nil, fmt.Errorf("algorithm %q is not taken; there are %s", name, strings.Join(algorithms, ", "))
		}
	}
	j := &JWT{config: config, parser: jwt.NewParser(
		jwt.WithValidMethods(config.Algorithms), jwt.WithIssuer(config.Issuer), jwt.WithAudience(config.Audience),
		jwt.WithExpirationRequired(), jwt.WithLeeway(config.Leeway),
	)}
	var err error
	j.keys, err = keysAt(ctx, config.Keys, config.Failed)
	return j, err
}

// key finds the key of a token. A token's critical header parameters must be understood (RFC 7515, section 4.1.11);
// this package understands none.
func (j *JWT) key(token *jwt.Token) (any, error) {
	if _, critical := token.Header["crit"]; critical {
		return nil, errors.New(`the token has a "crit" header, which is not understood`)
	}
	return j.keys(token)
}

// Recognise implements [Recogniser].
func (j *JWT) Recognise(_ context.Context, presented session.Presented) (string, time.Time, error) {
	text, err := bearer(presented)
	if err != nil {
		return "", time.Time{}, err
	}
	claims := jwt.MapClaims{}
	if _, err := j.parser.ParseWithClaims(text, claims, j.key); err != nil {
		return "", time.Time{}, fmt.Errorf("the token is not valid: %w", err)
	}
	user, _ := claims[j.config.UserClaim].(string)
	if user == "" || user == AnyUser {
		return "", time.Time{}, fmt.Errorf("the token names no user in its claim %q", j.config.UserClaim)
	}
	expires, err := claims.GetExpirationTime()
	if err != nil {
		return "", time.Time{}, err
	}
	return user, expires.Add(j.config.Leeway), nil
}
