package conformance

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

var connectionChecks = []check{
	{"Properties", testProperties},
	{"Version", testVersion},
	{"Statistics", testStatistics},
	{"Close", testClose},
	{"Release", testRelease},
	{"Reset", testReset},
	{"ResetEndsWhatIsOpen", testResetEndsWhatIsOpen},
	{"GraphName", testGraphName},
	{"UnknownGraph", testUnknownGraph},
	{"Route", testRoute},
}

func testProperties(r *run) {
	cx := r.open(func(o *client.Options) { o.UserAgent = "conformance/1" })
	want, err := r.profile().Normalize()
	require.NoError(r, err)
	require.Equal(r, want, cx.Profile())
	require.Equal(r, "conformance/1", cx.UserAgent())
	require.GreaterOrEqual(r, cx.Age(), time.Duration(0)) // a browser's clock moves in steps
	require.False(r, cx.Broken())
	require.False(r, cx.Closed())
	require.True(r, cx.Clean())
	require.True(r, cx.SupportsMulti() || cx.ProtocolVersion() == client.Version{Major: 3})
	require.Equal(r, r.HTTP(), cx.ProtocolVersion() == client.Version{})
	require.NotEmpty(r, r.open().UserAgent())
}

func testVersion(r *run) {
	cx := r.open()
	version, err := cx.Neo4jVersion(r.ctx)
	require.NoError(r, err)
	require.Equal(r, string(r.Server.Version), version)
	edition, err := cx.Neo4jEdition(r.ctx)
	require.NoError(r, err)
	require.Equal(r, "community", edition)
	r.requireWorks(cx)
}

func testStatistics(r *run) {
	cx := r.open()
	before := cx.Statistics()
	r.rows(cx, "UNWIND range(1, 1000) AS i RETURN i", nil)
	r.rows(cx, "RETURN 1", nil)
	after := cx.Statistics()
	require.Equal(r, before.Queries+2, after.Queries)
	require.Greater(r, after.BytesIn, before.BytesIn+1000)
	require.Greater(r, after.BytesOut, before.BytesOut+40)
}

func testClose(r *run) {
	broken := 0
	cx := r.open(func(o *client.Options) { o.OnBroken = func(client.Profile, string) { broken++ } })
	require.NoError(r, cx.Close())
	require.NoError(r, cx.Close())
	require.True(r, cx.Closed())
	require.False(r, cx.Broken())
	require.Zero(r, broken, "closing is no breaking")
	_, err := cx.RunProg(r.ctx, "", "RETURN 1", nil, true)
	var closed *client.ConnectionBroken
	require.ErrorAs(r, err, &closed)
	_, err = cx.Begin(r.ctx, "", true)
	require.ErrorAs(r, err, &closed)
}

func testRelease(r *run) {
	var released []client.Connection
	cx := r.open(func(o *client.Options) {
		o.OnRelease = func(cx client.Connection) {
			released = append(released,
				cx)
		}
	})
	cx.Release()
	require.Equal(r, []client.Connection{cx}, released)
	r.requireWorks(cx)
	r.open().Release()
}

func testReset(r *run) {
	cx := r.open()
	require.NoError(r, cx.Reset(r.ctx, false))
	require.NoError(r, cx.Reset(r.ctx, true))
	require.True(r, cx.Clean())
	r.requireWorks(cx)
}

func testResetEndsWhatIsOpen(r *run) {
	label := r.label()
	unbound := 0
	cx := r.open(func(o *client.Options) { o.OnUnbind = func(*client.TransactionRef) { unbound++ } })
	tx := r.begin(cx, false)
	r.query(cx, tx, "CREATE (:"+label+")", nil)
	r.query(cx, tx, "UNWIND range(1, 100000) AS i RETURN i", nil)
	require.False(r, cx.Clean())
	require.NoError(r, cx.Reset(r.ctx, false))
	require.True(r, cx.Clean())
	require.True(r, tx.Broken())
	require.Equal(r, 1, unbound)
	_, err := cx.Commit(r.ctx, tx)
	r.requireArgumentError(err)
	require.Zero(r, r.count(cx, label))
}

func testGraphName(r *run) {
	cx := r.open()
	if !cx.SupportsMulti() {
		var unsupported *client.UnsupportedError
		_, err := cx.RunProg(r.ctx, "neo4j", "RETURN 1", nil, true)
		require.ErrorAs(r, err, &unsupported)
		_, err = cx.Begin(r.ctx, "neo4j", true)
		require.ErrorAs(r, err, &unsupported)
		return
	}
	result, err := cx.RunProg(r.ctx, "system", "SHOW DATABASES YIELD name RETURN name ORDER BY name", nil, true)
	require.NoError(r, err)
	require.Equal(r, "system", result.GraphName())
	require.Equal(r, [][]any{{"neo4j"}, {"system"}}, r.all(result))
	tx, err := cx.Begin(r.ctx, "neo4j", true)
	require.NoError(r, err)
	require.Equal(r, "neo4j", tx.GraphName())
	require.Equal(r, [][]any{{int64(1)}}, r.all(r.query(cx, tx, "RETURN 1", nil)))
	_, err = cx.Commit(r.ctx, tx)
	require.NoError(r, err)
}

func testUnknownGraph(r *run) {
	cx := r.open()
	if !cx.SupportsMulti() {
		r.Skip("graphs cannot be named before Bolt 4.0")
	}
	result, err := cx.RunProg(r.ctx, "nosuchgraph", "RETURN 1", nil, true)
	if err == nil {
		err = result.Buffer(r.ctx)
	}
	require.Equal(r, "Neo.ClientError.Database.DatabaseNotFound", r.failure(err).Code)
	r.requireWorks(cx)
}

func testRoute(r *run) {
	cx := r.open()
	route, err := cx.Route(r.ctx, "", nil)
	require.NoError(r, err)
	require.NotEmpty(r, route.Routers)
	require.NotEmpty(r, route.Readers)
	require.NotEmpty(r, route.Writers)
	require.Positive(r, route.TTL)
	r.requireWorks(cx)
}
