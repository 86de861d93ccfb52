package conformance

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

var summaryChecks = []check{
	{"SummaryGrows", testSummaryGrows},
	{"Counters", testCounters},
	{"SystemCounters", testSystemCounters},
	{"QueryTypes", testQueryTypes},
	{"Plan", testPlan},
	{"Profile", testProfile},
	{"Notifications", testNotifications},
	{"NotificationFilter", testNotificationFilter},
	{"GQLStatuses", testGQLStatuses},
}

// summary runs a query to its end and returns what is known then.
func (r *run) summary(cx client.Connection, cypher string, options ...client.TxOptions) *client.Summary {
	r.Helper()
	result, err := cx.RunProg(r.ctx, "", cypher, nil, false, options...)
	require.NoError(r, err)
	require.NoError(r, result.Buffer(r.ctx))
	return result.Summary()
}

func testSummaryGrows(r *run) {
	cx := r.open(func(o *client.Options) { o.FetchSize = 2 })
	const cypher = "UNWIND range(1, 10) AS i RETURN i"
	result, err := cx.RunProg(r.ctx, "", cypher, nil, true)
	require.NoError(r, err)
	before := result.Summary()
	require.NotNil(r, before)
	require.Equal(r, cypher, before.Query)
	if cx.ProtocolVersion().AtLeast(4, 0) { // Bolt 3 and HTTP have no part of a result
		require.False(r, before.Complete)
	}
	_, err = result.Fetch(r.ctx)
	require.NoError(r, err)
	require.NotNil(r, result.Summary())
	require.NoError(r, result.Buffer(r.ctx))
	after := result.Summary()
	require.True(r, after.Complete)
	require.Equal(r, cypher, after.Query)
	require.Equal(r, r.Server.BoltAddr == after.ServerAddress || r.Server.HTTPAddr == after.ServerAddress, true,
		after.ServerAddress)
	require.Equal(r, "Neo4j/"+string(r.Server.Version), after.ServerAgent)
	require.Equal(r, cx.ProtocolVersion(), after.Protocol)
	if cx.ProtocolVersion().AtLeast(4, 0) {
		require.Equal(r, "neo4j", after.Database)
	}
	if !r.HTTP() {
		require.GreaterOrEqual(r, after.AvailableAfter, time.Duration(0))
		require.GreaterOrEqual(r, after.ConsumedAfter, time.Duration(0))
	}
}

func testCounters(r *run) {
	label := r.label()
	cx := r.open()
	counters := r.summary(cx, "CREATE (a:"+label+" {x: 1, y: 2})-[:R {z: 3}]->(b:"+label+":Other)").Counters
	counters.ContainsUpdates = false // older servers do not tell
	require.Equal(r, client.Counters{NodesCreated: 2, RelationshipsCreated: 1, PropertiesSet: 3, LabelsAdded: 3},
		counters)
	counters = r.summary(cx, "MATCH (n:"+label+":Other) REMOVE n:Other").Counters
	require.Equal(r, int64(1), counters.LabelsRemoved)
	counters = r.summary(cx, "MATCH (n:"+label+") DETACH DELETE n").Counters
	require.Equal(r, int64(2), counters.NodesDeleted)
	require.Equal(r, int64(1), counters.RelationshipsDeleted)

	index := "index_" + label
	require.Equal(r, int64(1), r.summary(cx, "CREATE INDEX "+index+" FOR (n:"+label+") ON (n.x)").Counters.IndexesAdded)
	require.Equal(r, int64(1), r.summary(cx, "DROP INDEX "+index).Counters.IndexesRemoved)
	require.Equal(r, int64(1), r.summary(cx,
		"CREATE CONSTRAINT "+index+" FOR (n:"+label+") REQUIRE n.x IS UNIQUE").Counters.ConstraintsAdded)
	require.Equal(r, int64(1), r.summary(cx, "DROP CONSTRAINT "+index).Counters.ConstraintsRemoved)
	require.Zero(r, r.summary(cx, "RETURN 1").Counters)
}

func testSystemCounters(r *run) {
	cx := r.open()
	if !cx.SupportsMulti() {
		r.Skip("graphs cannot be named before Bolt 4.0")
	}
	name := r.user(cx, "CHANGE NOT REQUIRED")
	result, err := cx.RunProg(r.ctx, "system", "ALTER USER "+name+" SET PASSWORD CHANGE REQUIRED", nil, false)
	require.NoError(r, err)
	require.NoError(r, result.Buffer(r.ctx))
	require.Equal(r, int64(1), result.Summary().Counters.SystemUpdates)
}

func testQueryTypes(r *run) {
	label := r.label()
	cx := r.open()
	for cypher, want := range map[string]string{
		"RETURN 1":                          "r",
		"CREATE (:" + label + ")":           "w",
		"CREATE (n:" + label + ") RETURN n": "rw",
	} {
		got := r.summary(cx, cypher).QueryType
		if r.HTTP() && r.Server.Version != neo4jtest.V2026 {
			require.Empty(r, got, "only the newest tells over HTTP")
			continue
		}
		require.Equal(r, want, got, cypher)
	}
}

func testPlan(r *run) {
	cx := r.open()
	summary := r.summary(cx, "EXPLAIN MATCH (n:NoSuchLabelHere) WHERE n.x > 1 RETURN n.x AS x ORDER BY x")
	require.Nil(r, summary.Profile)
	require.NotNil(r, summary.Plan)
	require.Contains(r, summary.Plan.Operator, "ProduceResults")
	require.NotEmpty(r, summary.Plan.Arguments)
	require.NotEmpty(r, summary.Plan.Identifiers)
	require.Contains(r, operators(summary.Plan), "Filter")
	require.Nil(r, r.summary(cx, "RETURN 1").Plan)
}

// operators are the names of all operators of a plan, without what may follow an @.
func operators(p *client.Plan) []string {
	name := p.Operator
	for i, c := range name {
		if c == '@' {
			name = name[:i]
			break
		}
	}
	names := []string{name}
	for _, child := range p.Children {
		names = append(names, operators(child)...)
	}
	return names
}

func testProfile(r *run) {
	cx := r.open()
	summary := r.summary(cx, "PROFILE UNWIND range(1, 7) AS i WITH i WHERE i > 3 RETURN i")
	require.NotNil(r, summary.Profile)
	require.Equal(r, int64(4), summary.Profile.Rows)
	require.NotEmpty(r, summary.Profile.Children)
}

// noteworthy gets a notification from every server, for its product of disconnected patterns.
const noteworthy = "EXPLAIN MATCH (a:NoSuchLabelHere), (b:NoSuchLabelThere) RETURN a, b"

func testNotifications(r *run) {
	cx := r.open()
	notifications := r.summary(cx, noteworthy).Notifications
	var product *client.Notification
	for _, n := range notifications {
		require.NotEmpty(r, n.Description)
		if n.Code == "Neo.ClientNotification.Statement.CartesianProduct" ||
			n.Code == "Neo.ClientNotification.Statement.CartesianProductWarning" {
			product = &n
		}
	}
	require.NotNil(r, product, notifications)
	require.NotEmpty(r, product.Title)
	require.NotEmpty(r, product.Severity)
	require.NotNil(r, product.Position)
	require.Equal(r, 1, product.Position.Line)
	require.Positive(r, product.Position.Column)
	require.Empty(r, r.summary(cx, "RETURN 1").Notifications)
}

func testNotificationFilter(r *run) {
	off := client.NotificationFilter{MinimumSeverity: "OFF"}
	cx := r.open()
	if !r.HTTP() && !cx.ProtocolVersion().AtLeast(5, 2) {
		var unsupported *client.UnsupportedError
		_, err := cx.RunProg(r.ctx, "", "RETURN 1", nil, true, client.TxOptions{Notifications: off})
		require.ErrorAs(r, err, &unsupported)
		return
	}
	require.NotEmpty(r, r.summary(cx, noteworthy).Notifications)
	require.Empty(r, r.summary(cx, noteworthy, client.TxOptions{Notifications: off}).Notifications)
	for _, n := range r.summary(cx, noteworthy, client.TxOptions{
		Notifications: client.NotificationFilter{MinimumSeverity: "WARNING"}}).Notifications {
		require.Equal(r, "WARNING", n.Severity)
	}
	both := client.TxOptions{Notifications: client.NotificationFilter{DisabledCategories: []string{"PERFORMANCE",
		"UNRECOGNIZED"}}}
	if r.HTTP() && r.Is4() {
		_, err := cx.Begin(r.ctx, "", true, both)
		require.ErrorAs(r, err, new(*client.UnsupportedError), "4.4 tells no categories")
	} else {
		tx := r.begin(cx, true, both)
		result := r.query(cx, tx, noteworthy, nil)
		require.NoError(r, result.Buffer(r.ctx))
		require.Empty(r, result.Summary().Notifications)
		_, err := cx.Commit(r.ctx, tx)
		require.NoError(r, err)
		both.Timeout = time.Minute
		require.Empty(r, r.summary(cx, noteworthy, both).Notifications)
		both.Notifications.DisabledCategories = []string{"PERFORMANCE"}
		require.NotEmpty(r, r.summary(cx, noteworthy, both).Notifications)
	}

	quiet := r.open(func(o *client.Options) { o.Notifications = off })
	require.Empty(r, r.summary(quiet, noteworthy).Notifications)
}

func testGQLStatuses(r *run) {
	cx := r.open()
	result, err := cx.RunProg(r.ctx, "", "RETURN 1", nil, true)
	require.NoError(r, err)
	require.NoError(r, result.Buffer(r.ctx))
	statuses := result.Summary().GQLStatuses
	require.Len(r, statuses, 1)
	require.Equal(r, "00000", statuses[0].Status)
	require.False(r, statuses[0].IsNotification)
	require.Equal(r, "02000", r.summary(cx, "UNWIND [] AS i RETURN i").GQLStatuses[0].Status)
	summary := r.summary(cx, noteworthy)
	require.NotEmpty(r, summary.Notifications)
	hints := 0
	for _, s := range summary.GQLStatuses {
		if s.IsNotification {
			hints++
			require.NotEmpty(r, s.Description)
		}
	}
	require.Equal(r, len(summary.Notifications), hints)
}
