package pool

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// realProfiles are the profiles of a real server that this platform can use.
func realProfiles(t *testing.T) map[string]client.Profile {
	t.Helper()
	server := neo4jtest.Need(t, neo4jtest.V5)
	profiles := map[string]client.Profile{}
	for _, uri := range []string{"bolt://" + server.BoltAddr, "neo4j://" + server.BoltAddr,
		"http://" + server.HTTPAddr} {
		profile, err := client.ParseProfile(uri)
		require.NoError(t, err)
		profile.User, profile.Password = server.User, client.Secret(server.Password)
		profiles[profile.Scheme] = profile
	}
	return profiles
}

func TestRealConnectionPool(t *testing.T) {
	for scheme, profile := range realProfiles(t) {
		t.Run(scheme, func(t *testing.T) {
			var bound, unbound []*client.TransactionRef
			ctx := context.Background()
			p, err := Open(ctx, profile, Options{InitSize: 1, MaxSize: 2, Client: client.Options{
				UserAgent: "pool-test/1",
				OnBind:    func(tx *client.TransactionRef, _ client.Connection) { bound = append(bound, tx) },
				OnUnbind:  func(tx *client.TransactionRef) { unbound = append(unbound, tx) },
			}})
			require.NoError(t, err)
			defer p.Close()
			require.Equal(t, "pool-test/1", p.UserAgent())
			require.Equal(t, profile, p.Profile())
			require.Equal(t, 1, p.Size())
			require.Equal(t, time.Hour, p.MaxAge())

			cx, err := p.Acquire(ctx)
			require.NoError(t, err)
			tx, err := cx.Begin(ctx, "", true)
			require.NoError(t, err)
			require.Equal(t, []*client.TransactionRef{tx}, bound)
			require.NoError(t, p.Release(cx, false), "an open transaction is reset on the way back")
			require.Equal(t, []*client.TransactionRef{tx}, unbound)

			again, err := p.Acquire(ctx, AcquireOptions{ForceReset: true})
			require.NoError(t, err)
			require.Same(t, cx, again)
			result, err := again.RunProg(ctx, "", "RETURN 1 AS one", nil, true)
			require.NoError(t, err)
			record, err := result.Fetch(ctx)
			require.NoError(t, err)
			values, err := record.Values()
			require.NoError(t, err)
			require.Equal(t, []any{int64(1)}, values)
			again.Release()
			statistics := p.Statistics()
			require.EqualValues(t, 3, statistics.Acquired, "the first connection counts too")
			require.Positive(t, statistics.Queries)
			require.Positive(t, statistics.BytesIn)
			require.Positive(t, statistics.BytesOut)
			require.Zero(t, p.InUse())

			changed, err := p.Acquire(ctx)
			require.NoError(t, err)
			require.False(t, changed.Reauthenticated())
			require.NoError(t, changed.Authenticate(ctx, profile.Auth()))
			require.True(t, changed.Reauthenticated())
			changed.Release()
			require.True(t, changed.Closed(), "it might be another user's now")
			require.Zero(t, p.Size())
		})
	}
}

func TestRealConnector(t *testing.T) {
	for scheme, profile := range realProfiles(t) {
		t.Run(scheme, func(t *testing.T) {
			ctx := context.Background()
			manager := NewBookmarkManager()
			c, err := OpenConnector(ctx, profile, ConnectorOptions{Bookmarks: manager})
			require.NoError(t, err)
			defer c.Close()
			require.NoError(t, c.VerifyConnectivity(ctx))

			home, err := c.DefaultGraphName(ctx)
			require.NoError(t, err)
			require.Equal(t, "neo4j", home)
			names, err := c.GraphNames(ctx)
			require.NoError(t, err)
			require.Contains(t, names, "neo4j")

			own := map[string]any{"own": rand.Text()} // other runs of this test may use the same server
			tx, err := c.Begin(ctx, "", false)
			require.NoError(t, err)
			result, err := c.RunQuery(ctx, tx, "CREATE (n:PoolTest {own: $own}) RETURN n.own", own)
			require.NoError(t, err)
			require.NoError(t, result.Buffer(ctx))
			summary, err := c.Commit(ctx, tx)
			require.NoError(t, err)
			require.NotEmpty(t, summary.Bookmark)
			require.Equal(t, []string{summary.Bookmark}, manager.Bookmarks())
			require.Equal(t, profile.Address(), summary.Profile.Address())

			eager, err := c.ExecuteQuery(ctx, "", "MATCH (n:PoolTest {own: $own}) DETACH DELETE n RETURN count(*) AS n",
				own, false)
			require.NoError(t, err)
			require.Equal(t, []string{"n"}, eager.Keys)
			require.EqualValues(t, 1, eager.Summary.Counters.NodesDeleted)

			result, err = c.RunProg(ctx, "", "UNWIND range(1, 5000) AS i RETURN i", nil, true)
			require.NoError(t, err)
			require.NoError(t, result.Discard(ctx))
			for at, inUse := range c.InUse() {
				require.Zero(t, inUse, at)
			}
		})
	}
}

// After a reader gives up, in a transaction or not, a pool of one connection can be used as before.
func TestRealConnectorReaderGivesUp(t *testing.T) {
	const long = "UNWIND range(1, 10000000) AS i RETURN i"
	for scheme, profile := range realProfiles(t) {
		t.Run(scheme, func(t *testing.T) {
			background := context.Background()
			c, err := OpenConnector(background, profile, ConnectorOptions{
				Pool: Options{MaxSize: 1, AcquireTimeout: 10 * time.Second}})
			require.NoError(t, err)
			defer c.Close()
			for _, inTransaction := range []bool{false, true} {
				ctx, cancel := context.WithCancel(background)
				var result *client.Result
				if inTransaction {
					tx, err := c.Begin(ctx, "", true)
					require.NoError(t, err)
					result, err = c.RunQuery(ctx, tx, long, nil)
					require.NoError(t, err)
				} else {
					result, err = c.RunProg(ctx, "", long, nil, true)
					require.NoError(t, err)
				}
				_, err = result.Fetch(ctx)
				require.NoError(t, err)
				cancel()
				for err = nil; err == nil; {
					_, err = result.NextBatch(ctx)
				}
				require.ErrorIs(t, err, context.Canceled)
				eager, err := c.ExecuteQuery(background, "", "RETURN 1", nil, true)
				require.NoError(t, err)
				require.Len(t, eager.Records, 1)
				require.Empty(t, c.bound)
				require.Zero(t, c.InUse()[c.Profile()])
			}
		})
	}
}
