package identity

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/webbolt/webbolt/server/session"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func shown(token string) session.Presented {
	return session.Presented{Scheme: "bearer", Credentials: token}
}

// keySet is a JWK set with the public halves.
func keySet(t *testing.T, keys map[string]crypto.PublicKey) []byte {
	t.Helper()
	storage := jwkset.NewMemoryStorage()
	for id, key := range keys {
		jwk, err := jwkset.NewJWKFromKey(key, jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{KID: id}})
		require.NoError(t, err)
		require.NoError(t, storage.KeyWrite(context.Background(), jwk))
	}
	text, err := storage.JSONPublic(context.Background())
	require.NoError(t, err)
	return text
}

func sign(t *testing.T, method jwt.SigningMethod, key any, id string, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = id
	text, err := token.SignedString(key)
	require.NoError(t, err)
	return text
}

func claims(changes jwt.MapClaims) jwt.MapClaims {
	c := jwt.MapClaims{"iss": "https://id.example", "aud": "relay", "sub": "alice",
		"exp": time.Now().Add(time.Hour).Unix()}
	for key, value := range changes {
		if value == nil {
			delete(c, key)
			continue
		}
		c[key] = value
	}
	return c
}

func TestJWT(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	set := keySet(t, map[string]crypto.PublicKey{"a": key.Public(), "r": rsaKey.Public()})
	file := filepath.Join(t.TempDir(), "keys.json")
	require.NoError(t, os.WriteFile(file, set, 0o600))
	j, err := NewJWT(t.Context(), JWTConfig{Keys: file, Issuer: "https://id.example", Audience: "relay"})
	require.NoError(t, err)

	user, expires, err := j.Recognise(t.Context(), shown(sign(t, jwt.SigningMethodES256, key, "a", claims(nil))))
	require.NoError(t, err)
	require.Equal(t, "alice", user)
	require.WithinDuration(t, time.Now().Add(time.Hour), expires, time.Minute)
	_, _, err = j.Recognise(t.Context(), shown(sign(t, jwt.SigningMethodRS256, rsaKey, "r", claims(nil))))
	require.NoError(t, err)

	for name, token := range map[string]string{
		"another key":    sign(t, jwt.SigningMethodES256, other, "a", claims(nil)),
		"an unknown key": sign(t, jwt.SigningMethodES256, key, "b", claims(nil)),
		"expired": sign(t, jwt.SigningMethodES256, key, "a",
			claims(jwt.MapClaims{"exp": time.Now().Add(-time.Hour).Unix()})),
		"no expiry": sign(t, jwt.SigningMethodES256, key, "a",
			claims(jwt.MapClaims{"exp": nil})),
		"not yet": sign(t, jwt.SigningMethodES256, key, "a",
			claims(jwt.MapClaims{"nbf": time.Now().Add(time.Hour).Unix()})),
		"another issuer": sign(t, jwt.SigningMethodES256, key, "a",
			claims(jwt.MapClaims{"iss": "https://evil.example"})),
		"no issuer": sign(t, jwt.SigningMethodES256, key, "a",
			claims(jwt.MapClaims{"iss": nil})),
		"another audience": sign(t, jwt.SigningMethodES256, key, "a",
			claims(jwt.MapClaims{"aud": "other"})),
		"no user": sign(t, jwt.SigningMethodES256, key, "a",
			claims(jwt.MapClaims{"sub": nil})),
		"the user *": sign(t, jwt.SigningMethodES256, key, "a",
			claims(jwt.MapClaims{"sub": "*"})),
		"a user of no string": sign(t, jwt.SigningMethodES256, key, "a", claims(jwt.MapClaims{"sub": 1})),
		"no signature": sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "a",
			claims(nil)),
		"the public key as a shared secret": sign(t, jwt.SigningMethodHS256, set, "r", claims(nil)),
		"garbage":                           "a.b.c",
	} {
		_, _, err := j.Recognise(t.Context(), shown(token))
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), token)
	}
	_, _, err = j.Recognise(t.Context(), session.Presented{Scheme: "basic", Credentials: "x"})
	require.ErrorIs(t, err, errNoToken)

	// Keys that change are read again.
	require.NoError(t, os.WriteFile(file, keySet(t, map[string]crypto.PublicKey{"b": key.Public()}), 0o600))
	_, _, err = j.Recognise(t.Context(), shown(sign(t, jwt.SigningMethodES256, key, "b", claims(nil))))
	require.NoError(t, err)
}

func TestJWTFromURL(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(json.RawMessage(keySet(t, map[string]crypto.PublicKey{"a": key.Public()})))
	}))
	defer http.DefaultClient.CloseIdleConnections()
	defer keys.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	j, err := NewJWT(ctx, JWTConfig{Keys: keys.URL, Issuer: "https://id.example", Audience: "relay",
		UserClaim: "email"})
	require.NoError(t, err)
	token := sign(t, jwt.SigningMethodES256, key, "a", claims(jwt.MapClaims{"email": "a@example.org"}))
	user, _, err := j.Recognise(ctx, shown(token))
	require.NoError(t, err)
	require.Equal(t, "a@example.org", user)
}

func TestJWTConfig(t *testing.T) {
	for _, c := range []JWTConfig{
		{Keys: "x.json"},
		{Keys: "x.json", Issuer: "i", Audience: "a"},
		{Keys: "http://id.example/keys", Issuer: "i", Audience: "a"},
		{Keys: "x.json", Issuer: "i", Audience: "a", Algorithms: []string{"HS256"}},
		{Keys: "x.json", Issuer: "i", Audience: "a", Algorithms: []string{"none"}},
	} {
		_, err := NewJWT(t.Context(), c)
		require.Error(t, err)
	}
}

func TestTokens(t *testing.T) {
	_, err := NewTokens(map[string]string{"a": "short"})
	require.ErrorContains(t, err, "too short")
	_, err = NewTokens(map[string]string{"a": "0123456789abcdef", "b": "0123456789abcdef"})
	require.ErrorContains(t, err, "a and b have the same token")
	tokens, err := NewTokens(map[string]string{"alice": "0123456789abcdef", "bob": "fedcba9876543210"})
	require.NoError(t, err)
	for token, want := range map[string]string{"0123456789abcdef": "alice", "fedcba9876543210": "bob",
		"0123456789abcdeF": "", "": ""} {
		user, _, err := tokens.Recognise(t.Context(), shown(token))
		require.Equal(t, want, user)
		require.Equal(t, want == "", err != nil)
	}
}

func TestAccounts(t *testing.T) {
	var failed []error
	accounts := &Accounts{
		Recogniser: Anyone{}, Failed: func(_ context.Context, err error) { failed = append(failed, err) },
		Users: map[string]Account{"alice": {Credentials: session.Credentials{Principal: "a"}}},
	}
	_, err := accounts.Admit(t.Context(), session.Presented{})
	require.ErrorIs(t, err, ErrUnknown)
	require.Len(t, failed, 1)
	accounts.Users[AnyUser] = Account{Credentials: session.Credentials{Principal: "b", Secret: "hidden"}}
	grant, err := accounts.Admit(t.Context(), session.Presented{})
	require.NoError(t, err)
	require.Equal(t, Anonymous, grant.User)
	require.Equal(t, "b", grant.Credentials.Principal)
	require.NotContains(t, grant.Credentials.String(), "hidden")
	accounts.Recogniser = refusing{}
	_, err = accounts.Admit(t.Context(), session.Presented{})
	require.ErrorIs(t, err, ErrUnknown, "the page learns no cause")
}

type refusing struct{}

func (refusing) Recognise(context.Context, session.Presented) (string, time.Time, error) {
	return "", time.Time{}, errors.New("some cause")
}
