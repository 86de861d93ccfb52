package bolt_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

func run(t *testing.T, c *bolt.Connection, query string, parameters map[string]any,
	options ...client.TxOptions) *client.Result {
	t.Helper()
	result, err := c.RunProg(limited(t), "", query, parameters, false, options...)
	require.NoError(t, err)
	require.NoError(t, result.Buffer(limited(t)))
	return result
}

func TestSummaryKeepsTheServersMetadata(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		c := openReal(t, version, client.Options{})
		summary := run(t, c, "EXPLAIN UNWIND $list AS n RETURN n", map[string]any{"list": []any{1}}).Summary()
		atRun, atEnd := summary.Metadata()
		for part, key := range map[string][]byte{"fields": atRun, "plan": atEnd} {
			r := packstream.NewReader(key)
			value, err := r.Any()
			require.NoError(t, err)
			require.Contains(t, value, part)
		}
	})
}

func TestCounters(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		c := openReal(t, version, client.Options{})
		t.Cleanup(func() { run(t, c, "MATCH (n:BoltCounters) DETACH DELETE n", nil) })
		result, err := c.RunProg(limited(t), "",
			"CREATE (a:BoltCounters {x: 1})-[:R]->(b:BoltCounters {y: 2}) RETURN a.x", nil, false)
		require.NoError(t, err)
		summary := result.Summary()
		require.Equal(t, "CREATE (a:BoltCounters {x: 1})-[:R]->(b:BoltCounters {y: 2}) RETURN a.x", summary.Query)
		require.NoError(t, result.Buffer(limited(t)))
		summary = result.Summary()
		require.True(t, summary.Complete)
		require.Equal(t, client.Counters{NodesCreated: 2, RelationshipsCreated: 1, PropertiesSet: 2, LabelsAdded: 2,
			ContainsUpdates: true}, summary.Counters)
		require.Equal(t, "rw", summary.QueryType)
		require.Equal(t, "neo4j", summary.Database)
		require.NotEmpty(t, summary.Bookmark)
		require.Contains(t, summary.ServerAgent, string(version))
		require.GreaterOrEqual(t, summary.AvailableAfter, time.Duration(0))
		require.GreaterOrEqual(t, summary.ConsumedAfter, time.Duration(0))
		require.Equal(t, "00000", summary.GQLStatuses[0].Status)

		deleted := run(t, c, "MATCH (n:BoltCounters) DETACH DELETE n", nil).Summary()
		require.Equal(t, client.Counters{NodesDeleted: 2, RelationshipsDeleted: 1, ContainsUpdates: true},
			deleted.Counters)
		require.Equal(t, "00001", deleted.GQLStatuses[0].Status)
		require.Equal(t, "02000", run(t, c, "MATCH (n:BoltCounters) RETURN n", nil).Summary().GQLStatuses[0].Status)
	})
}

func TestPlanAndProfile(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		c := openReal(t, version, client.Options{})
		explained := run(t, c, "EXPLAIN MATCH (n) RETURN n.name AS name", nil).Summary()
		require.NotNil(t, explained.Plan)
		require.Nil(t, explained.Profile)
		require.Contains(t, explained.Plan.Operator, "ProduceResults")
		require.Contains(t, explained.Plan.Identifiers, "name")
		require.NotEmpty(t, explained.Plan.Children)
		require.NotEmpty(t, explained.Plan.Arguments)
		profiled := run(t, c, "PROFILE UNWIND [1, 2, 3] AS i RETURN i", nil).Summary()
		require.NotNil(t, profiled.Profile)
		require.EqualValues(t, 3, profiled.Profile.Rows)
	})
}

func TestNotifications(t *testing.T) {
	const cartesian = "EXPLAIN MATCH (a:BoltNone), (b:BoltNone) RETURN a, b"
	each(t, func(t *testing.T, version neo4jtest.Version) {
		c := openReal(t, version, client.Options{})
		summary := run(t, c, cartesian, nil).Summary()
		codes := map[string]client.Notification{}
		for _, n := range summary.Notifications {
			codes[n.Code] = n
		}
		product, found := codes["Neo.ClientNotification.Statement.CartesianProduct"]
		if !found {
			product, found = codes["Neo.ClientNotification.Statement.CartesianProductWarning"]
		}
		require.True(t, found, "%v", codes)
		require.NotEmpty(t, product.Title)
		require.NotEmpty(t, product.Description)
		require.Equal(t, &client.Position{Offset: 8, Line: 1, Column: 9}, product.Position)
		statuses := 0
		for _, s := range summary.GQLStatuses {
			if s.IsNotification {
				statuses++
				require.NotEmpty(t, s.Severity)
				require.Equal(t, s.Severity, s.Diagnostic["_severity"])
			}
		}
		require.Equal(t, len(summary.Notifications), statuses)

		none := client.TxOptions{Notifications: client.NotificationFilter{MinimumSeverity: "OFF"}}
		if version == neo4jtest.V4_4 {
			_, err := c.RunProg(limited(t), "", cartesian, nil, true, none)
			require.ErrorAs(t, err, new(*client.UnsupportedError))
			return
		}
		require.Empty(t, run(t, c, cartesian, nil, none).Summary().Notifications)
		quiet := openReal(t, version,
			client.Options{Notifications: client.NotificationFilter{DisabledCategories: []string{"PERFORMANCE",
				"UNRECOGNIZED"}}})
		require.Empty(t, run(t, quiet, cartesian, nil).Summary().Notifications)
	})
}

func TestTransactionOptions(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		c, other := openReal(t, version, client.Options{}), openReal(t, version, client.Options{})
		ctx := limited(t)
		bookmark := run(t, c, "RETURN 1", nil).Summary().Bookmark
		tx, err := c.Begin(ctx, "neo4j", true, client.TxOptions{Bookmarks: []string{bookmark},
			Metadata: map[string]any{"who": "BoltOptions"}, Timeout: time.Hour})
		require.NoError(t, err)
		first, err := c.RunQuery(ctx, tx, "RETURN 1", nil) // 4.4 shows the metadata from the first query on
		require.NoError(t, err)
		require.NoError(t, first.Buffer(ctx))
		shown := run(t, other, "SHOW TRANSACTIONS YIELD metaData WHERE metaData.who = 'BoltOptions' RETURN metaData",
			nil)
		require.Equal(t, [][]any{{map[string]any{"who": "BoltOptions"}}}, all(t, shown))
		_, err = c.RunQuery(ctx, tx, "CREATE (:BoltOptions)", nil)
		var failure *client.Failure
		require.ErrorAs(t, err, &failure, "a write in a readonly transaction")
		require.Equal(t, "Neo.ClientError.Statement.AccessMode", failure.Code)
		require.True(t, tx.Broken())

		_, err = c.Begin(ctx, "neo4j", true, client.TxOptions{Bookmarks: []string{"nonsense"}})
		require.ErrorAs(t, err, &failure)
		_, err = c.Begin(ctx, "nowhere", true)
		if err == nil { // servers may tell with the first query only
			t.Fatal("a transaction in a database that does not exist")
		}
		require.ErrorAs(t, err, &failure)
		require.Contains(t, failure.Code, "DatabaseNotFound")
		_, err = c.Begin(ctx, "", true, client.TxOptions{Timeout: -1})
		require.ErrorAs(t, err, new(*client.ArgumentError))
		_, err = c.Begin(ctx, "", true, client.TxOptions{ImpersonatedUser: "nobody"})
		require.ErrorAs(t, err, &failure)
		require.NoError(t, c.Reset(ctx, false))
		require.True(t, c.Clean())
	})
}

// The server ends a transaction whose time has passed.
func TestTransactionTimeout(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		holder, waiter := openReal(t, version, client.Options{}), openReal(t, version, client.Options{})
		ctx := limited(t)
		run(t, holder, "MERGE (:BoltTimeoutLock)", nil)
		t.Cleanup(func() { run(t, holder, "MATCH (n:BoltTimeoutLock) DELETE n", nil) })
		held, err := holder.Begin(ctx, "", false)
		require.NoError(t, err)
		locked, err := holder.RunQuery(ctx, held, "MATCH (n:BoltTimeoutLock) SET n.x = 1", nil)
		require.NoError(t, err)
		require.NoError(t, locked.Buffer(ctx))
		result, err := waiter.RunProg(ctx, "", "MATCH (n:BoltTimeoutLock) SET n.x = 2", nil, false,
			client.TxOptions{Timeout: 100 * time.Millisecond})
		if err == nil {
			err = result.Buffer(ctx)
		}
		var failure *client.Failure
		require.ErrorAs(t, err, &failure)
		require.Contains(t, failure.Code, "Transaction")
		_, err = holder.Rollback(ctx, held)
		require.NoError(t, err)
	})
}

func TestArguments(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		c, other := openReal(t, version, client.Options{}), openReal(t, version, client.Options{})
		ctx := limited(t)
		tx, err := c.Begin(ctx, "", true)
		require.NoError(t, err)
		foreign, err := other.Begin(ctx, "", true)
		require.NoError(t, err)
		result, err := other.RunQuery(ctx, foreign, "RETURN 1", nil)
		require.NoError(t, err)
		for name, err := range map[string]error{
			"commit a foreign transaction":    second(c.Commit(ctx, foreign)),
			"roll a foreign transaction back": second(c.Rollback(ctx, foreign)),
			"run in a foreign transaction":    second(c.RunQuery(ctx, foreign, "RETURN 1", nil)),
			"run in no transaction":           second(c.RunQuery(ctx, nil, "RETURN 1", nil)),
			"begin twice":                     second(c.Begin(ctx, "", true)),
			"run beside a transaction":        second(c.RunProg(ctx, "", "RETURN 1", nil, true)),
			"route in a transaction":          second(c.Route(ctx, "", nil)),
			"sync a foreign result":           c.Sync(ctx, result),
			"sync nothing":                    c.Sync(ctx, nil),
			"options twice":                   second(c.Begin(ctx, "", true, client.TxOptions{}, client.TxOptions{})),
		} {
			require.ErrorAs(t, err, new(*client.ArgumentError), name)
		}
		_, err = c.Rollback(ctx, tx)
		require.NoError(t, err)
		_, err = c.Rollback(ctx, tx)
		require.NoError(t, err)
		_, err = c.Commit(ctx, tx)
		require.ErrorAs(t, err, new(*client.ArgumentError))
		require.True(t, c.Clean())
		require.False(t, tx.Broken())
	})
}

func second[T any](_ T, err error) error { return err }

func TestUnsupportedByOldVersions(t *testing.T) {
	bolt3 := openReal(t, neo4jtest.V4_4, client.Options{BoltVersions: []client.Version{{Major: 3}}})
	ctx := limited(t)
	require.False(t, bolt3.SupportsMulti())
	for _, err := range []error{
		second(bolt3.Begin(ctx, "neo4j", true)),
		second(bolt3.RunProg(ctx, "neo4j", "RETURN 1", nil, true)),
		second(bolt3.Route(ctx, "neo4j", nil)),
		second(bolt3.Begin(ctx, "", true, client.TxOptions{ImpersonatedUser: "x"})),
		bolt3.Authenticate(ctx, client.Auth{Scheme: "none"}),
	} {
		require.ErrorAs(t, err, new(*client.UnsupportedError))
	}
	require.True(t, bolt3.Clean())
}

func TestAuthenticate(t *testing.T) {
	for _, version := range []neo4jtest.Version{neo4jtest.V5, neo4jtest.V2026} {
		t.Run(string(version), func(t *testing.T) {
			server := neo4jtest.Need(t, version)
			c := openReal(t, version, client.Options{})
			right := client.Auth{Scheme: "basic", Principal: server.User, Credentials: client.Secret(server.Password)}
			require.NoError(t, c.Authenticate(limited(t), right))
			require.Equal(t, [][]any{{int64(1)}}, all(t, run(t, c, "RETURN 1", nil)))
			wrong := right
			wrong.Credentials = "wrong"
			err := c.Authenticate(limited(t), wrong)
			var failure *client.Failure
			require.ErrorAs(t, err, &failure)
			require.True(t, failure.TokenRefused())
			require.True(t, c.Broken())
		})
	}
}

// A new user has to change the password first; until then the server refuses all else.
func TestExpiredPassword(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		admin := openReal(t, version, client.Options{})
		ctx := limited(t)
		system := func(query string) {
			result, err := admin.RunProg(ctx, "system", query, nil, false)
			require.NoError(t, err)
			require.NoError(t, result.Buffer(ctx))
		}
		system("CREATE OR REPLACE USER boltexpired SET PASSWORD 'webbolt-first' CHANGE REQUIRED")
		t.Cleanup(func() {
			_, err := admin.RunProg(context.Background(), "system", "DROP USER boltexpired IF EXISTS", nil, false)
			require.NoError(t, err)
		})
		profile := profileOf(t, neo4jtest.Need(t, version))
		profile.User, profile.Password = "boltexpired", "webbolt-first"
		conn, err := net.Dial("tcp", profile.Address())
		require.NoError(t, err)
		c, err := bolt.Open(ctx, conn, profile, client.Options{})
		if err == nil {
			defer c.Close()
			_, err = c.RunProg(ctx, "", "RETURN 1", nil, true)
		}
		var failure *client.Failure
		require.ErrorAs(t, err, &failure)
		require.Equal(t, "Neo.ClientError.Security.CredentialsExpired", failure.Code)
	})
}

func TestFailureCarriesGQL(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		c := openReal(t, version, client.Options{})
		_, err := c.RunProg(limited(t), "", "RETRUN 1", nil, true)
		var failure *client.Failure
		require.ErrorAs(t, err, &failure)
		require.Equal(t, "Neo.ClientError.Statement.SyntaxError", failure.Code)
		require.NotEmpty(t, failure.Message)
		if version == neo4jtest.V4_4 {
			require.Equal(t, "50N42", failure.GQLStatus)
			require.Equal(t, "error: general processing exception - unexpected error. "+failure.Message,
				failure.Description)
			require.Equal(t, client.DiagnosticRecord(nil), failure.Diagnostic)
			return
		}
		require.NotEmpty(t, failure.GQLStatus)
		require.NotEmpty(t, failure.Description)
		require.Equal(t, "/", failure.Diagnostic["CURRENT_SCHEMA"])
		require.Equal(t, version == neo4jtest.V2026, failure.Cause != nil, "5.26 gives no cause for this")
	})
}
