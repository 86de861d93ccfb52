//go:build !js

package pool

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake"
)

func tokenOf(user string) client.Auth {
	return client.Auth{Scheme: "basic", Principal: user, Credentials: "x"}
}

// users returns the users that logged in on a server, in order.
func users(s *boltfake.Server) (names []any) {
	for _, m := range s.Requests() {
		if fields, is := firstMap(m); is && fields["principal"] != nil {
			names = append(names, fields["principal"])
		}
	}
	return names
}

func firstMap(m boltfake.Message) (map[string]any, bool) {
	if len(m.Fields) == 0 {
		return nil, false
	}
	fields, is := m.Fields[0].(map[string]any)
	return fields, is
}

// The pool asks the manager for a token each time it lends a connection. If the token has changed, the connection
// changes its user, or is replaced.
func TestAuthManagerChangesTheToken(t *testing.T) {
	for _, version := range []client.Version{{Major: 5, Minor: 8}, {Major: 5}} {
		t.Run(version.String(), func(t *testing.T) {
			fake := &boltfake.Server{Version: version}
			profile, err := client.ParseProfile("bolt://" + fake.Start(t))
			require.NoError(t, err)
			user, asked := "ada", 0
			manager := &client.ExpiringAuth{Now: func() time.Time { return time.Unix(int64(asked), 0) },
				Source: func(context.Context) (client.Auth, time.Time, error) {
					return tokenOf(user), time.Unix(int64(asked)+1, 0), nil
				}}
			c, err := OpenConnector(t.Context(), profile,
				ConnectorOptions{Pool: Options{Client: client.Options{AuthManager: manager}}})
			require.NoError(t, err)
			defer c.Close()
			for _, user = range []string{"ada", "ada", "bob", "bob"} {
				asked++
				_, err := c.ExecuteQuery(t.Context(), "", "RETURN 1", nil, true)
				require.NoError(t, err)
			}
			require.Equal(t, []any{"ada", "bob"}, users(fake))
			opened := 1
			if !version.AtLeast(5, 1) {
				opened = 2
			}
			require.EqualValues(t, opened, c.Statistics()[c.Profile()].Opened)
		})
	}
}

// Work with a token of its own uses the same connection, and the pool's token is used again afterwards.
func TestTokenForAPartOfTheWork(t *testing.T) {
	fake := &boltfake.Server{}
	profile, err := client.ParseProfile("bolt://" + fake.Start(t))
	require.NoError(t, err)
	c, err := OpenConnector(t.Context(), profile,
		ConnectorOptions{Pool: Options{Client: client.Options{AuthManager: client.StaticAuth(tokenOf("ada"))}}})
	require.NoError(t, err)
	defer c.Close()
	for _, work := range []*Connector{c, c.WithToken(tokenOf("bob")), c} {
		_, err := work.ExecuteQuery(t.Context(), "", "RETURN 1", nil, true)
		require.NoError(t, err)
	}
	require.Equal(t, []any{"ada", "bob", "ada"}, users(fake))
	require.EqualValues(t, 1, c.Statistics()[c.Profile()].Opened)

	old := &boltfake.Server{Version: client.Version{Major: 5}}
	profile, err = client.ParseProfile("bolt://" + old.Start(t))
	require.NoError(t, err)
	c, err = OpenConnector(t.Context(), profile, ConnectorOptions{})
	require.NoError(t, err)
	defer c.Close()
	_, err = c.WithToken(tokenOf("bob")).ExecuteQuery(t.Context(), "", "RETURN 1", nil, true)
	require.ErrorAs(t, err, new(*client.UnsupportedError))
	require.Zero(t, c.InUse()[c.Profile()])
}

// If a manager has another token after the server has refused one, the work is tried again with it; with a static token
// it is not.
func TestRefusedTokenOfAManager(t *testing.T) {
	expired := &client.Failure{Code: "Neo.ClientError.Security.TokenExpired", Message: "it has"}
	var runs atomic.Int32
	fake := &boltfake.Server{Run: func(boltfake.Query) boltfake.Answer {
		if runs.Add(1)%2 == 1 {
			return boltfake.Answer{Failure: expired}
		}
		return boltfake.Answer{}
	}}
	profile, err := client.ParseProfile("bolt://" + fake.Start(t))
	require.NoError(t, err)
	given := 0
	renewing := &client.ExpiringAuth{Source: func(context.Context) (client.Auth, time.Time, error) {
		given++
		return tokenOf([]string{"", "old", "new"}[given]), time.Time{}, nil
	}}
	for manager, works := range map[client.AuthManager]bool{renewing: true, &onlyToken{tokenOf("static")}: false} {
		runs.Store(0)
		c, err := OpenConnector(t.Context(), profile,
			ConnectorOptions{Pool: Options{Client: client.Options{AuthManager: manager}}})
		require.NoError(t, err)
		_, err = c.ExecuteQuery(t.Context(), "", "RETURN 1", nil, true)
		if works {
			require.NoError(t, err)
			require.Equal(t, 2, given)
		} else {
			require.ErrorAs(t, err, new(*client.Failure))
			require.EqualValues(t, 1, runs.Load())
		}
		c.Close()
	}
}

// VerifyToken asks the server even if the connection acts with the token already.
func TestVerifyToken(t *testing.T) {
	fake := &boltfake.Server{Login: func(token map[string]any) *client.Failure {
		switch token["principal"] {
		case "eve":
			return &client.Failure{Code: "Neo.ClientError.Security.Unauthorized", Message: "no"}
		case "mallory":
			return &client.Failure{Code: "Neo.ClientError.Security.AuthenticationRateLimit", Message: "too often"}
		}
		return nil
	}}
	profile, err := client.ParseProfile("bolt://ada:x@" + fake.Start(t))
	require.NoError(t, err)
	c, err := OpenConnector(t.Context(), profile, ConnectorOptions{})
	require.NoError(t, err)
	defer c.Close()
	for range 2 {
		taken, err := c.VerifyToken(t.Context(), tokenOf("ada"))
		require.NoError(t, err)
		require.True(t, taken)
	}
	require.Len(t, users(fake), 2)
	taken, err := c.VerifyToken(t.Context(), tokenOf("eve"))
	require.NoError(t, err)
	require.False(t, taken)
	_, err = c.VerifyToken(t.Context(), tokenOf("mallory"))
	require.ErrorAs(t, err, new(*client.Failure))
	require.NoError(t, c.VerifyConnectivity(t.Context()))
}

// A bookmark manager adds supplied bookmarks, reports new ones, and does not keep supplied ones.
func TestBookmarksSuppliedAndConsumed(t *testing.T) {
	fake := &boltfake.Server{Commit: func() (string, *client.Failure) { return "committed", nil }}
	profile, err := client.ParseProfile("bolt://u:x@" + fake.Start(t))
	require.NoError(t, err)
	c, err := OpenConnector(t.Context(), profile, ConnectorOptions{})
	require.NoError(t, err)
	defer c.Close()
	var consumed [][]string
	manager := NewBookmarkManager("initial")
	manager.Supply = func(context.Context) ([]string, error) { return []string{"supplied", "initial"}, nil }
	manager.Consume = func(_ context.Context, bookmarks []string) error {
		consumed = append(consumed,
			bookmarks)
		return nil
	}
	_, err = c.WithBookmarks(manager).ExecuteQuery(t.Context(), "", "RETURN 1", nil, false)
	require.NoError(t, err)
	require.Equal(t, [][]string{{"committed"}}, consumed)
	require.Equal(t, []string{"committed"}, manager.Bookmarks())
	for _, m := range fake.Requests() {
		if m.Name == "BEGIN" {
			require.Equal(t, []any{"initial", "supplied"}, m.Fields[0].(map[string]any)["bookmarks"])
		}
	}
}

// A ROLLBACK that the server refuses gives an error; a ROLLBACK that comes too late does not.
func TestRefusedRollback(t *testing.T) {
	fake := &boltfake.Server{Rollback: func() *client.Failure {
		return &client.Failure{Code: "Neo.TransientError.General.TransactionMemoryLimit"}
	}}
	profile, err := client.ParseProfile("bolt://u:x@" + fake.Start(t))
	require.NoError(t, err)
	c, err := OpenConnector(t.Context(), profile, ConnectorOptions{})
	require.NoError(t, err)
	defer c.Close()
	tx, err := c.Begin(t.Context(), "", false)
	require.NoError(t, err)
	_, err = c.Rollback(t.Context(), tx)
	require.ErrorAs(t, err, new(*client.Failure))
	_, err = c.Rollback(t.Context(), tx)
	require.NoError(t, err)
}

// The home graph is asked for each time; work on it by name needs no other table.
func TestHomeGraph(t *testing.T) {
	cluster := startCluster(t)
	c := cluster.connect(t, ConnectorOptions{})
	for range 2 {
		name, err := c.HomeGraph(t.Context(), "")
		require.NoError(t, err)
		require.Equal(t, "neo4j", name)
		_, err = c.ExecuteQuery(t.Context(), name, "RETURN 1", nil, true)
		require.NoError(t, err)
	}
	routes := 0
	for _, server := range cluster.servers {
		for _, m := range server.Requests() {
			if m.Name == "ROUTE" {
				routes++
			}
		}
	}
	require.Equal(t, 2, routes)
}

// onlyToken is a manager that can be a map's key.
type onlyToken struct{ token client.Auth }

func (o *onlyToken) Token(context.Context) (client.Auth, error) { return o.token, nil }

func (*onlyToken) Refused(context.Context, client.Auth, *client.Failure) (bool, error) {
	return false, nil
}

// greetings counts the connections that said HELLO.
func greetings(s *boltfake.Server) (n int) {
	for _, m := range s.Requests() {
		if m.Name == "HELLO" {
			n++
		}
	}
	return n
}

// With an AuthManager the pool's other connections are kept when one of them is refused; only where the server has
// dropped all that it knew of its users do they authenticate again.
func TestRefusedConnectionLeavesTheOthers(t *testing.T) {
	for _, run := range []struct {
		code           string
		version        client.Version
		logins, opened int // after the refusal
	}{
		{"TokenExpired", client.Version{Major: 5, Minor: 8}, 0, 0},
		{"TokenExpired", client.Version{Major: 5}, 0, 0},
		{"AuthorizationExpired", client.Version{Major: 5, Minor: 8}, 1, 0},
		{"AuthorizationExpired", client.Version{Major: 5}, 1, 1},
	} {
		t.Run(run.code+" "+run.version.String(), func(t *testing.T) {
			fake := &boltfake.Server{Version: run.version, Run: func(q boltfake.Query) boltfake.Answer {
				if q.Text == "REFUSED" {
					return boltfake.Answer{Failure: &client.Failure{Code: "Neo.ClientError.Security." + run.code}}
				}
				return boltfake.Answer{}
			}}
			profile, err := client.ParseProfile("bolt://" + fake.Start(t))
			require.NoError(t, err)
			c, err := OpenConnector(t.Context(), profile, ConnectorOptions{
				Pool: Options{Client: client.Options{AuthManager: client.StaticAuth(tokenOf("ada"))}}})
			require.NoError(t, err)
			defer c.Close()
			ctx := t.Context()
			kept, err := c.Begin(ctx, "", false)
			require.NoError(t, err)
			_, err = c.RunProg(ctx, "", "REFUSED", nil, false)
			require.ErrorAs(t, err, new(*client.Failure))
			_, err = c.Commit(ctx, kept)
			require.NoError(t, err)
			logins, opened := len(users(fake)), greetings(fake)
			for range 2 {
				result, err := c.RunProg(ctx, "", "RETURN 1", nil, false)
				require.NoError(t, err)
				require.NoError(t, result.Buffer(ctx))
			}
			require.Equal(t, run.logins, len(users(fake))-logins)
			require.Equal(t, run.opened, greetings(fake)-opened)
		})
	}
}
