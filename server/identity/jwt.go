package identity

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"

	"github.com/webbolt/webbolt/server/session"
)

// algorithms are those of public keys. With a shared secret, whoever can check a token could make one.
var algorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// JWTConfig says which JSON Web Tokens are taken.
type JWTConfig struct {
	// Keys is the JSON Web Key Set (RFC 7517): a file, which is read again when it changes, or an https URL, which is
	// asked again every hour and when a token names a key that is not in it.
	Keys      string
	Issuer    string        // the "iss" that tokens must have
	Audience  string        // the "aud" that tokens must have
	UserClaim string        // where the user's name is; "sub" if empty
	Leeway    time.Duration // how far clocks may be apart; 30 s if 0
	// Algorithms are those taken, RS256 and the like. Empty for all with public keys.
	Algorithms []string
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
		return nil, errors.New("name the issuer and the audience of the tokens, or tokens made for others would be taken")
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
	j.keys, err = keysAt(ctx, config.Keys)
	return j, err
}

// keysAt finds keys at a URL or in a file.
func keysAt(ctx context.Context, where string) (jwt.Keyfunc, error) {
	if !strings.Contains(where, "://") {
		file := &keyFile{name: where}
		_, err := file.load()
		return file.key, err
	}
	u, err := url.Parse(where)
	if err != nil {
		return nil, fmt.Errorf("the keys' URL: %w", err)
	}
	address := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || address != nil && address.IsLoopback()
	if u.Scheme != "https" && !(u.Scheme == "http" && local) {
		return nil, errors.New("the keys' URL must be https, or anybody on the way could put keys of their own in")
	}
	keys, err := keyfunc.NewDefaultCtx(ctx, []string{where})
	if err != nil {
		return nil, fmt.Errorf("fetching the keys: %w", err)
	}
	return keys.Keyfunc, nil
}

// Recognise is that of [Recogniser].
func (j *JWT) Recognise(_ context.Context, presented session.Presented) (string, time.Time, error) {
	text, err := bearer(presented)
	if err != nil {
		return "", time.Time{}, err
	}
	claims := jwt.MapClaims{}
	if _, err := j.parser.ParseWithClaims(text, claims, j.keys); err != nil {
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

// keyFile holds the keys of a file, and reads it again when it changes.
type keyFile struct {
	name string

	mu       sync.Mutex
	modified time.Time
	size     int64
	keys     keyfunc.Keyfunc
}

func (f *keyFile) key(token *jwt.Token) (any, error) {
	keys, err := f.load()
	if err != nil {
		return nil, err
	}
	return keys.Keyfunc(token)
}

func (f *keyFile) load() (keyfunc.Keyfunc, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.name)
	if err != nil {
		return nil, fmt.Errorf("reading the keys: %w", err)
	}
	if f.keys != nil && info.ModTime().Equal(f.modified) && info.Size() == f.size {
		return f.keys, nil
	}
	text, err := os.ReadFile(f.name)
	if err != nil {
		return nil, fmt.Errorf("reading the keys: %w", err)
	}
	keys, err := keyfunc.NewJWKSetJSON(text)
	if err != nil {
		return nil, fmt.Errorf("reading the keys of %s: %w", f.name, err)
	}
	f.keys, f.modified, f.size = keys, info.ModTime(), info.Size()
	return keys, nil
}
