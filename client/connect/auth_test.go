//go:build !js

package connect_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/connect"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// The community edition knows only basic tokens, or none, so the others are sent to a scripted server.

var (
	bolt44 = client.Version{Major: 4, Minor: 4} // the token is in HELLO
	bolt58 = client.Version{Major: 5, Minor: 8} // it is in LOGON
)

// token answers the client's login and returns the token's fields.
func token(c *boltfake.Conn, version client.Version) map[string]any {
	c.Handshake(version)
	fields := c.Expect("HELLO").Map(0)
	if version.AtLeast(5, 1) {
		c.Success(map[string]any{"server": "Neo4j/5.26.30", "connection_id": "bolt-1"})
		return c.Expect("LOGON").Map(0)
	}
	for _, name := range []string{"user_agent", "bolt_agent", "routing", "patch_bolt"} {
		delete(fields, name)
	}
	return fields
}

func TestTokens(t *testing.T) {
	for name, c := range map[string]struct {
		auth client.Auth
		want map[string]any
	}{
		"none": {client.Auth{Scheme: "none"}, map[string]any{"scheme": "none"}},
		"basic": {client.Auth{Scheme: "basic", Principal: "ada", Credentials: "x", Realm: "r"},
			map[string]any{"scheme": "basic", "principal": "ada", "credentials": "x", "realm": "r"}},
		"bearer": {client.Auth{Scheme: "bearer", Credentials: "abc"},
			map[string]any{"scheme": "bearer", "credentials": "abc"}},
		"kerberos": {client.Auth{Scheme: "kerberos", Credentials: "dGlja2V0"},
			map[string]any{"scheme": "kerberos", "principal": "", "credentials": "dGlja2V0"}},
		"custom": {
			client.Auth{Scheme: "ours", Principal: "ada", Credentials: "x", Realm: "r",
				Parameters: map[string]any{"n": int64(1), "list": []any{"a"}}},
			map[string]any{"scheme": "ours", "principal": "ada", "credentials": "x", "realm": "r",
				"parameters": map[string]any{"n": int64(1), "list": []any{"a"}}},
		},
	} {
		for _, version := range []client.Version{bolt44, bolt58} {
			t.Run(name+"/"+version.String(), func(t *testing.T) {
				sent := make(chan map[string]any, 1)
				server := boltfake.Listen(t, func(c *boltfake.Conn) {
					sent <- token(c, version)
					c.Success(map[string]any{"server": "Neo4j/5.26.30", "connection_id": "bolt-1"})
					c.AwaitClose()
				})
				auth := func(context.Context, *client.Failure) (client.Auth, error) { return c.auth, nil }
				require.NoError(t, open(t, t.Context(), "bolt://"+server.Address, client.Options{Auth: auth}))
				require.Equal(t, c.want, <-sent)
			})
		}
	}
}

func TestExpiredTokenIsAskedForAgain(t *testing.T) {
	for _, version := range []client.Version{bolt44, bolt58} {
		t.Run(version.String(), func(t *testing.T) {
			var attempts atomic.Int32
			server := boltfake.Listen(t, func(c *boltfake.Conn) {
				attempts.Add(1)
				if token(c, version)["credentials"] != "new" {
					c.Failure("Neo.ClientError.Security.TokenExpired", "it has")
					c.Close()
					return
				}
				c.Success(map[string]any{"server": "Neo4j/5.26.30", "connection_id": "bolt-2"})
				c.AwaitClose()
			})
			profile, err := client.ParseProfile("bolt://" + server.Address)
			require.NoError(t, err)
			var refusals []*client.Failure
			supply := func(_ context.Context, refused *client.Failure) (client.Auth, error) {
				refusals = append(refusals, refused)
				tokens := []string{"old", "new", "too many"}
				return client.Auth{Scheme: "bearer", Credentials: client.Secret(tokens[len(refusals)-1])}, nil
			}
			cx, err := connect.Open(t.Context(), profile, client.Options{Auth: supply})
			require.NoError(t, err)
			require.NoError(t, cx.Close())
			require.Len(t, refusals, 2)
			require.Nil(t, refusals[0], "nothing was refused before the first token")
			require.Equal(t, "Neo.ClientError.Security.TokenExpired", refusals[1].Code)

			// A supplier that gives a refused token again is asked only once more, and the token is not tried again:
			// servers lock users out.
			refusals = nil
			attempts.Store(0)
			stubborn := func(_ context.Context, refused *client.Failure) (client.Auth, error) {
				refusals = append(refusals, refused)
				return client.Auth{Scheme: "ours", Credentials: "old",
					Parameters: map[string]any{"a": []any{int64(1), map[string]any{"b": nil}}}}, nil
			}
			_, err = connect.Open(t.Context(), profile, client.Options{Auth: stubborn})
			var failure *client.Failure
			require.ErrorAs(t, err, &failure)
			require.EqualValues(t, 1, attempts.Load())
			require.Len(t, refusals, 2)
		})
	}
}

// The error of a supplier reaches the caller unchanged.
func TestSuppliersErrorArrives(t *testing.T) {
	server := &boltfake.Server{}
	profile, err := client.ParseProfile("bolt://" + server.Start(t))
	require.NoError(t, err)
	own := errors.New("no token today")
	_, err = connect.Open(t.Context(), profile, client.Options{Auth: func(context.Context,
		*client.Failure) (client.Auth, error) {
		return client.Auth{}, own
	}})
	require.Same(t, own, err)
}

// Servers before Bolt 4.2 know no ranges in the handshake. Of the offered versions they know only Bolt 3, so the client
// asks again for their own version.
func TestServersBeforeRangesSpeakTheirOwnVersion(t *testing.T) {
	for agent, want := range map[string]client.Version{"Neo4j/4.1.12": {Major: 4, Minor: 1},
		"Neo4j/3.5.35": {Major: 3}} {
		t.Run(agent, func(t *testing.T) {
			server := boltfake.Listen(t, func(c *boltfake.Conn) {
				offered := c.Slots()
				version := client.Version{Major: 3}
				if offered[0] == [4]byte{0, 0, 1, 4} {
					version = want
				}
				c.Write([]byte{0, 0, version.Minor, version.Major})
				c.Expect("HELLO")
				c.Success(map[string]any{"server": agent, "connection_id": "bolt-1"})
				c.AwaitClose()
			})
			profile, err := client.ParseProfile("bolt://u:p@" + server.Address)
			require.NoError(t, err)
			cx, err := connect.Open(t.Context(), profile, client.Options{})
			require.NoError(t, err)
			require.Equal(t, want, cx.ProtocolVersion())
			require.NoError(t, cx.Close())
		})
	}
}
