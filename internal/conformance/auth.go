package conformance

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

var authChecks = []check{
	{"WrongPassword", testWrongPassword},
	{"NoUser", testNoUser},
	{"UnknownAuthScheme", testUnknownAuthScheme},
	{"AuthSource", testAuthSource},
	{"AuthSourceFails", testAuthSourceFails},
	{"ExpiredPassword", testExpiredPassword},
	{"Authenticate", testAuthenticate},
}

func testWrongPassword(r *run) {
	cx := r.open()
	profile := r.profile()
	profile.User, profile.Password = "nobody", "sesame"
	if cx.SupportsMulti() {
		// Not the user of all the other tests, whom the server would lock out for a while after three wrong passwords.
		profile.User = r.user(cx, "CHANGE NOT REQUIRED")
	}
	_, err := r.tryOpen(profile)
	require.Equal(r, "Neo.ClientError.Security.Unauthorized", r.failure(err).Code)
	require.NotContains(r, err.Error(), "sesame")
}

func testNoUser(r *run) {
	profile := r.profile()
	profile.User, profile.Password = "", ""
	_, err := r.tryOpen(profile)
	require.True(r, strings.HasPrefix(r.failure(err).Code, "Neo.ClientError.Security."), err)
}

func testUnknownAuthScheme(r *run) {
	_, err := r.tryOpen(r.profile(), func(o *client.Options) {
		o.Auth = func(context.Context, *client.Failure) (client.Auth, error) {
			return client.Auth{Scheme: "handshake", Principal: "neo4j", Credentials: "x", Realm: "native",
				Parameters: map[string]any{"pin": 1}}, nil
		}
	})
	if unsupported, ok := errors.AsType[*client.UnsupportedError](err); r.HTTP() && ok {
		require.NotEmpty(r, unsupported.Message)
		return
	}
	require.True(r, strings.HasPrefix(r.failure(err).Code, "Neo.ClientError.Security."), err)
}

func testAuthSource(r *run) {
	asked := 0
	profile := r.profile()
	user, password := profile.User, profile.Password
	profile.User, profile.Password = "", ""
	cx, err := r.tryOpen(profile, func(o *client.Options) {
		o.Auth = func(_ context.Context, refused *client.Failure) (client.Auth, error) {
			asked++
			require.Nil(r, refused)
			return client.Auth{Scheme: "basic", Principal: user, Credentials: password}, nil
		}
	})
	require.NoError(r, err)
	r.requireWorks(cx)
	require.Equal(r, 1, asked)
}

func testAuthSourceFails(r *run) {
	noToken := errors.New("no token today")
	_, err := r.tryOpen(r.profile(), func(o *client.Options) {
		o.Auth = func(context.Context, *client.Failure) (client.Auth, error) { return client.Auth{}, noToken }
	})
	require.ErrorIs(r, err, noToken)
}

const newUserPassword = "webbolt-new-user"

// user makes a user for the time of the test. change is CHANGE REQUIRED or CHANGE NOT REQUIRED.
func (r *run) user(cx client.Connection, change string) string {
	name := "conformance" + strings.ToLower(rand.Text())
	on := func(cypher string) {
		result, err := cx.RunProg(r.ctx, "system", cypher, nil, false)
		require.NoError(r, err)
		require.NoError(r, result.Buffer(r.ctx))
	}
	on("CREATE USER " + name + " SET PASSWORD '" + newUserPassword + "' " + change)
	r.Cleanup(func() {
		r.afterwards("system", "DROP USER "+name)
	})
	return name
}

func testExpiredPassword(r *run) {
	cx := r.open()
	if !cx.SupportsMulti() {
		r.Skip("users are made in the system database")
	}
	profile := r.profile()
	profile.User, profile.Password = r.user(cx, "CHANGE REQUIRED"), newUserPassword
	expired, err := r.tryOpen(profile)
	if err == nil {
		// Bolt lets such a user in to change the password, and refuses all else.
		var result *client.Result
		if result, err = expired.RunProg(r.ctx, "", "RETURN 1", nil, true); err == nil {
			err = result.Buffer(r.ctx)
		}
	}
	require.Equal(r, "Neo.ClientError.Security.CredentialsExpired", r.failure(err).Code)
}

func testAuthenticate(r *run) {
	cx := r.open()
	if !r.HTTP() && !cx.ProtocolVersion().AtLeast(5, 1) {
		var unsupported *client.UnsupportedError
		require.ErrorAs(r, cx.Authenticate(r.ctx, r.profile().Auth()), &unsupported)
		r.requireWorks(cx)
		return
	}
	name := r.user(cx, "CHANGE NOT REQUIRED")
	// Other tests ask for transactions, too, but not as this user.
	asks := func() bool {
		transactions, err := cx.Transactions(r.ctx, nil)
		require.NoError(r, err)
		return slices.ContainsFunc(transactions, func(tx client.TransactionRecord) bool {
			return tx.ServerProfile.User == name && strings.Contains(strings.ToUpper(tx.CurrentQuery), "TRANSACTIONS")
		})
	}
	require.False(r, asks())
	require.NoError(r, cx.Authenticate(r.ctx, client.Auth{Scheme: "basic", Principal: name,
		Credentials: newUserPassword}))
	require.True(r, asks())
	require.NoError(r, cx.Authenticate(r.ctx, r.profile().Auth()))
	require.False(r, asks())

	err := cx.Authenticate(r.ctx, client.Auth{Scheme: "basic", Principal: name, Credentials: "wrong"})
	require.Equal(r, "Neo.ClientError.Security.Unauthorized", r.failure(err).Code)
}
