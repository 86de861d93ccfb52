package conformance

import (
	"crypto/rand"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

var adminChecks = []check{
	{"Connections", testConnections},
	{"Transactions", testTransactions},
	{"Queries", testQueries},
	{"Config", testConfig},
	{"ManagementData", testManagementData},
	{"ClusterOverview", testClusterOverview},
	{"TerminateTransactions", testTerminateTransactions},
	{"AdminCallsInATransaction", testAdminCallsInATransaction},
}

func testConnections(r *run) {
	name := "conformance-" + rand.Text() + "/1"
	cx := r.open(func(o *client.Options) { o.UserAgent = name })
	r.requireWorks(cx)
	connections, err := cx.Connections(r.ctx, nil)
	require.NoError(r, err)
	require.NotEmpty(r, connections)
	own := 0
	for _, c := range connections {
		require.NotEmpty(r, c.CxID)
		require.False(r, c.Since.IsZero())
		require.NotEmpty(r, c.ClientAddress)
		require.NotEmpty(r, c.ServerProfile.Scheme)
		if c.UserAgent != name {
			continue
		}
		own++
		require.Equal(r, r.Server.User, c.ServerProfile.User)
		require.Contains(r, []string{"bolt", "http"}, c.ServerProfile.Scheme)
		require.Contains(r, []string{r.Server.BoltAddr, r.Server.HTTPAddr}, c.ServerProfile.Address())
	}
	if !r.HTTP() {
		require.Equal(r, 1, own)
	}
}

func testTransactions(r *run) {
	cx := r.open()
	tx := r.begin(cx, true)
	cypher := "RETURN 'conformance " + rand.Text() + "' AS x"
	r.all(r.query(cx, tx, cypher, nil))
	transactions, err := cx.Transactions(r.ctx, tx)
	require.NoError(r, err)
	var own *client.TransactionRecord
	for _, t := range transactions {
		require.NotEmpty(r, t.TxID)
		require.False(r, t.Since.IsZero())
		require.NotEmpty(r, t.Status)
		require.NotEmpty(r, t.Database)
		if strings.Contains(t.CurrentQuery, "TRANSACTIONS YIELD") ||
			strings.Contains(t.CurrentQuery, "listTransactions") {
			own = &t
		}
	}
	require.NotNil(r, own)
	require.Equal(r, "neo4j", own.Database)
	require.True(r, strings.HasPrefix(own.TxID, "neo4j-transaction-"))
	require.Equal(r, r.Server.User, own.ServerProfile.User)
	require.NotEmpty(r, own.CurrentQID)
	require.NotEmpty(r, own.ClientAddress)
	require.NotEmpty(r, own.CxID)
	require.NotNil(r, own.Stats.ElapsedTime)
	require.Less(r, *own.Stats.ElapsedTime, time.Hour)
	require.NotNil(r, own.Stats.ActiveLockCount)
	require.NotNil(r, own.Stats.PageHits)
	require.NotEmpty(r, own.Stats.Other)
	_, err = cx.Rollback(r.ctx, tx)
	require.NoError(r, err)
}

func testQueries(r *run) {
	cx := r.open()
	queries, err := cx.Queries(r.ctx, nil)
	require.NoError(r, err)
	var own *client.QueryRecord
	for _, q := range queries {
		require.NotEmpty(r, q.QID)
		require.False(r, q.Since.IsZero())
		if strings.Contains(q.Query, "TRANSACTIONS YIELD") || strings.Contains(q.Query, "listQueries") {
			own = &q
		}
	}
	require.NotNil(r, own)
	require.Equal(r, "neo4j", own.Database)
	require.Equal(r, r.Server.User, own.ServerProfile.User)
	require.Equal(r, "running", own.Status)
	require.NotEmpty(r, own.Planner)
	require.NotEmpty(r, own.Runtime)
	require.NotNil(r, own.Parameters)
	require.NotNil(r, own.Stats.ElapsedTime)
	require.NotNil(r, own.Stats.AllocatedBytes)
}

func testConfig(r *run) {
	cx := r.open()
	settings, err := cx.Config(r.ctx, nil)
	require.NoError(r, err)
	require.Greater(r, len(settings), 100)
	name := "server.bolt.listen_address"
	if r.Is4() {
		name = "dbms.connector.bolt.listen_address"
	}
	setting := settings[name]
	require.Equal(r, name, setting.Name)
	require.Equal(r, r.Server.BoltAddr, setting.Value)
	require.NotEmpty(r, setting.Description)
	dynamic := 0
	for _, s := range settings {
		if s.Dynamic {
			dynamic++
		}
	}
	require.Positive(r, dynamic)
	require.Less(r, dynamic, len(settings))
}

func testManagementData(r *run) {
	cx := r.open()
	beans, err := cx.ManagementData(r.ctx, nil)
	require.NoError(r, err)
	bean, ok := beans["java.lang:type=Runtime"]
	require.True(r, ok)
	require.Equal(r, "java.lang:type=Runtime", bean.Name)
	require.NotEmpty(r, bean.Description)
	require.NotEmpty(r, bean.Attributes["SpecVersion"])
	require.NotContains(r, bean.Attributes, "ObjectName")
	uptime, ok := bean.Attributes["Uptime"].(int64)
	require.True(r, ok)
	require.Positive(r, uptime)
}

func testClusterOverview(r *run) {
	cx := r.open()
	_, err := cx.ClusterOverview(r.ctx, nil)
	if !cx.SupportsMulti() {
		require.Error(r, err)
		return
	}
	var unsupported *client.UnsupportedError
	require.ErrorAs(r, err, &unsupported)
	r.requireWorks(cx)
}

func testTerminateTransactions(r *run) {
	marker := rand.Text()
	victim, cx := r.open(), r.open()
	var metadata client.TxOptions
	if !r.HTTP() {
		metadata.Metadata = map[string]any{"marker": marker}
	}
	tx := r.begin(victim, true, metadata)
	all, err := victim.Transactions(r.ctx, tx)
	require.NoError(r, err)
	id := ""
	for _, t := range all {
		own := t.Metadata["marker"] == marker
		if r.HTTP() {
			own = strings.Contains(t.CurrentQuery, "ransactions") || strings.Contains(t.CurrentQuery, "TRANSACTIONS")
		}
		if own {
			id = t.TxID
		}
	}
	require.NotEmpty(r, id)
	ended, err := cx.TerminateTransactions(r.ctx, id, "neo4j-transaction-999999999")
	require.NoError(r, err)
	require.Len(r, ended, 2)
	messages := map[string]string{ended[0].TxID: ended[0].Message, ended[1].TxID: ended[1].Message}
	require.Equal(r, "Transaction terminated.", messages[id])
	require.Equal(r, "Transaction not found.", messages["neo4j-transaction-999999999"])
	_, err = victim.RunQuery(r.ctx, tx, "MATCH (n) RETURN count(n)", nil)
	if err == nil {
		_, err = victim.Commit(r.ctx, tx)
	}
	require.Error(r, err)
	r.requireWorks(victim)
}

func testAdminCallsInATransaction(r *run) {
	cx := r.open()
	tx := r.begin(cx, true)
	_, err := cx.Connections(r.ctx, tx)
	require.NoError(r, err)
	_, err = cx.Config(r.ctx, tx)
	require.NoError(r, err)
	_, err = cx.Queries(r.ctx, tx)
	require.NoError(r, err)
	_, err = cx.ManagementData(r.ctx, tx)
	require.NoError(r, err)
	require.Equal(r, [][]any{{int64(1)}}, r.all(r.query(cx, tx, "RETURN 1", nil)))
	_, err = cx.Commit(r.ctx, tx)
	require.NoError(r, err)
}
