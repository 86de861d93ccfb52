package admin

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// table is a canned answer.
type table struct {
	columns []string
	rows    [][]any
	err     error
}

// canned is a Runner that answers each query as told and keeps what it was asked.
type canned struct {
	version string
	answers map[string]table
	asked   []string
}

func (c *canned) Neo4jVersion(context.Context) (string, error) {
	if c.version == "" {
		return "", io.ErrUnexpectedEOF
	}
	return c.version, nil
}

func (c *canned) RunProg(_ context.Context, graphName, cypher string, _ map[string]any, _ bool,
	_ ...client.TxOptions) (*client.Result, error) {
	c.asked = append(c.asked, graphName+"> "+cypher)
	return c.answer(cypher)
}

func (c *canned) RunQuery(_ context.Context, tx *client.TransactionRef, cypher string,
	_ map[string]any) (*client.Result, error) {
	c.asked = append(c.asked, "tx "+tx.TxID()+"> "+cypher)
	return c.answer(cypher)
}

func (c *canned) answer(cypher string) (*client.Result, error) {
	t, ok := c.answers[cypher]
	if !ok {
		return nil, errors.New("unexpected query " + cypher)
	}
	if t.err != nil {
		return nil, t.err
	}
	source := &rowsSource{columns: t.columns}
	for _, row := range t.rows {
		start := len(source.batch.Data)
		data, err := packstream.Append(source.batch.Data, row)
		if err != nil {
			return nil, err
		}
		source.batch.Data = data
		source.batch.Records = append(source.batch.Records, client.Span{Start: uint32(start), End: uint32(len(data))})
	}
	return client.NewResult("", client.Version{Major: 5, Minor: 8}, source), nil
}

type rowsSource struct {
	columns []string
	batch   client.Batch
}

func (s *rowsSource) Fields(context.Context) ([]string, error) { return s.columns, nil }
func (s *rowsSource) Next(context.Context) (client.Batch, error) {
	if len(s.batch.Records) == 0 {
		return client.Batch{}, io.EOF
	}
	batch := s.batch
	s.batch = client.Batch{}
	return batch, nil
}
func (s *rowsSource) Ready() (client.Batch, bool)             { return client.Batch{}, false }
func (s *rowsSource) Discard(context.Context) error           { return nil }
func (s *rowsSource) QueryID(context.Context) (string, error) { return "", nil }
func (s *rowsSource) Complete() bool                          { return false }
func (s *rowsSource) Summary() *client.Summary                { return &client.Summary{} }

func duration(months, days, seconds, nanoseconds int) packstream.Structure {
	return packstream.Structure{Tag: 'E', Fields: []any{months, days, seconds, nanoseconds}}
}

func TestConnections(t *testing.T) {
	c := &canned{answers: map[string]table{"CALL dbms.listConnections()": {
		columns: []string{"clientAddress", "connectionId", "connectTime", "connector", "username", "userAgent",
			"serverAddress"},
		rows: [][]any{
			{"127.0.0.1:50000", "bolt-7", "2026-11-22T22:13:44.9Z", "bolt", "neo4j", "tester/1", "127.0.0.1:7687"},
			{"local:E:f85274f8", "bolt-local-170", "2026-11-22T21:58:43.689123456+01:00", "bolt-local", "neo4j",
				"neo4j-query-api/v2", "local:89909a7f-e44b"},
			{"", "x", "yesterday", "", nil, 5, nil},
		},
	}}}
	records, err := On(c).Connections(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, []string{"> CALL dbms.listConnections()"}, c.asked)
	require.Len(t, records, 3)
	require.Equal(t, client.ConnectionRecord{CxID: "bolt-7",
		Since: time.Date(2026, 11, 22, 22, 13, 44, 900_000_000, time.UTC), ClientAddress: "127.0.0.1:50000",
		ServerProfile: client.Profile{Scheme: "bolt", User: "neo4j", Host: "127.0.0.1", Port: 7687},
		UserAgent:     "tester/1"}, records[0])
	require.Equal(t, client.Profile{Scheme: "bolt-local", User: "neo4j", Host: "local:89909a7f-e44b"},
		records[1].ServerProfile)
	require.Equal(t, int64(1795381123689123456), records[1].Since.UnixNano())
	require.Equal(t, client.ConnectionRecord{CxID: "x"}, records[2])
}

func TestServerProfile(t *testing.T) {
	http := client.Profile{Scheme: "http", Host: "127.0.0.1", Port: 7474, User: "u"}
	require.Equal(t, http, serverProfile("http", "http://127.0.0.1:7474/db/neo4j/tx/commit", "u"))
	require.Equal(t, http, serverProfile("http", "127.0.0.1:7474", "u"))
	require.Equal(t, client.Profile{Scheme: "https", Host: "::1", Port: 7473},
		serverProfile("http", "https://[::1]/db", ""))
	require.Equal(t, client.Profile{Scheme: "bolt", Host: ":::"}, serverProfile("bolt", ":::", ""))
	require.Equal(t, client.Profile{}, serverProfile("", "", ""))
}

var transactionColumns5 = []string{"database", "transactionId", "currentQueryId", "connectionId", "clientAddress",
	"username", "metaData", "currentQuery", "parameters",
	"planner", "runtime", "indexes", "startTime", "currentQueryStartTime", "protocol", "requestUri", "status",
	"currentQueryStatus", "activeLockCount", "currentQueryActiveLockCount",
	"elapsedTime", "cpuTime", "waitTime", "idleTime", "currentQueryElapsedTime", "currentQueryAllocatedBytes",
	"allocatedDirectBytes", "pageHits", "pageFaults", "currentQueryPageHits"}

var transactionRows5 = [][]any{
	{"neo4j", "neo4j-transaction-1", "query-2", "bolt-3", "127.0.0.1:50000", "neo4j", map[string]any{"app": "test"},
		"RETURN $x", map[string]any{"x": 1},
		"idp", "slotted", []any{map[string]any{"label": "A"}}, "2026-11-22T22:00:00Z", "2026-11-22T22:00:01.5Z", "bolt",
		"127.0.0.1:7687", "Running", "running", 7, 3,
		duration(0, 0, 2, 500), nil, duration(0, 1, 0, 0), nil, duration(0, 0, 1, 0), 64, 1024, 5, 6, 4},
	{"neo4j", "neo4j-transaction-4", "", "bolt-5", "127.0.0.1:50001", "neo4j", map[string]any{}, "", map[string]any{},
		"", "", []any{}, "2026-11-22T22:00:00.25Z", "", "bolt", "127.0.0.1:7687", "Running", "", 0, nil,
		duration(0, 0, 0, 1), nil, nil, nil, nil, nil, 0, 0, 0, nil},
}

func pointer[T any](v T) *T { return &v }

func TestTransactionsFrom5On(t *testing.T) {
	c := &canned{version: "5.26.30", answers: map[string]table{
		showTransactions: {columns: transactionColumns5, rows: transactionRows5}}}
	tx := client.NewTransactionRef("neo4j", "t1", true)
	records, err := On(c).Transactions(t.Context(), tx)
	require.NoError(t, err)
	require.Equal(t, []string{"tx t1> SHOW TRANSACTIONS YIELD *"}, c.asked)
	require.Len(t, records, 2)
	first := records[0]
	require.Equal(t, pointer(2*time.Second+500), first.Stats.ElapsedTime)
	require.Equal(t, pointer(24*time.Hour), first.Stats.WaitTime)
	require.Nil(t, first.Stats.CPUTime)
	require.Nil(t, first.Stats.AllocatedBytes)
	require.Equal(t, pointer(int64(7)), first.Stats.ActiveLockCount)
	require.Equal(t, int64(1024), first.Stats.Other["allocatedDirectBytes"])
	require.NotContains(t, first.Stats.Other, "status")
	first.Stats = client.Stats{}
	require.Equal(t, client.TransactionRecord{TxID: "neo4j-transaction-1",
		Since: time.Date(2026, 11, 22, 22, 0, 0, 0, time.UTC), CxID: "bolt-3", ClientAddress: "127.0.0.1:50000",
		ServerProfile: client.Profile{Scheme: "bolt", User: "neo4j", Host: "127.0.0.1", Port: 7687},
		Metadata:      map[string]any{"app": "test"}, Database: "neo4j",
		CurrentQID: "query-2", CurrentQuery: "RETURN $x", Status: "Running"}, first)
	require.Empty(t, records[1].CurrentQID)
}

func TestQueriesFrom5On(t *testing.T) {
	c := &canned{version: "2026.08.1", answers: map[string]table{
		showTransactions: {columns: transactionColumns5, rows: transactionRows5}}}
	records, err := On(c).Queries(t.Context(), nil)
	require.NoError(t, err)
	require.Len(t, records, 1, "a transaction between two queries is no query")
	q := records[0]
	require.Equal(t, "query-2", q.QID)
	require.Equal(t, time.Date(2026, 11, 22, 22, 0, 1, 500_000_000, time.UTC), q.Since)
	require.Equal(t, "running", q.Status)
	require.Equal(t, "RETURN $x", q.Query)
	require.Equal(t, map[string]any{"x": int64(1)}, q.Parameters)
	require.Equal(t, []any{map[string]any{"label": "A"}}, q.Indexes)
	require.Equal(t, "idp", q.Planner)
	require.Equal(t, "slotted", q.Runtime)
	require.Equal(t, client.Stats{ActiveLockCount: pointer(int64(3)), ElapsedTime: pointer(time.Second),
		PageHits: pointer(int64(4)), AllocatedBytes: pointer(int64(64)),
		Other: q.Stats.Other}, q.Stats)
	require.Equal(t, "neo4j-transaction-1", q.Stats.Other["transactionId"])
}

func TestQueriesOf4(t *testing.T) {
	c := &canned{version: "4.4.48", answers: map[string]table{"CALL dbms.listQueries()": {
		columns: []string{"queryId", "query", "parameters", "startTime", "protocol", "requestUri", "status",
			"elapsedTimeMillis", "cpuTimeMillis", "allocatedBytes"},
		rows: [][]any{{"query-1", "RETURN 1", map[string]any{}, "2026-11-22T22:00Z", "http",
			"http://127.0.0.1:7474/db/neo4j/tx", "running", 1500, nil, 64}},
	}}}
	records, err := On(c).Queries(t.Context(), nil)
	require.NoError(t, err)
	require.Len(t, records, 1)
	require.Equal(t, "RETURN 1", records[0].Query)
	require.Equal(t, time.Date(2026, 11, 22, 22, 0, 0, 0, time.UTC), records[0].Since.UTC())
	require.Equal(t, client.Stats{ElapsedTime: pointer(1500 * time.Millisecond), AllocatedBytes: pointer(int64(64))},
		records[0].Stats)
}

func TestCluster4(t *testing.T) {
	c := &canned{version: "4.4.48", answers: map[string]table{"CALL dbms.cluster.overview()": {
		columns: []string{"id", "addresses", "databases", "groups"},
		rows: [][]any{{"08eb9305-53b9-4394-9237-0f0d63bb05d5", []any{"bolt://c1:7687", "http://c1:7474"},
			map[string]any{"neo4j": "LEADER", "system": "FOLLOWER"}, []any{"east"}}},
	}}}
	members, err := On(c).ClusterOverview(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, []client.ClusterMember{{ID: "08eb9305-53b9-4394-9237-0f0d63bb05d5",
		Addresses: []string{"bolt://c1:7687", "http://c1:7474"},
		Databases: map[string]string{"neo4j": "LEADER", "system": "FOLLOWER"}, Groups: []string{"east"}}}, members)
}

func TestCluster5(t *testing.T) {
	c := &canned{version: "5.26.30", answers: map[string]table{
		"SHOW SERVERS YIELD *": {
			columns: []string{"serverId", "name", "address", "httpAddress", "httpsAddress", "state", "health",
				"hosting", "tags", "version"},
			rows: [][]any{
				{"id-1", "one", "c1:7687", "c1:7474", nil, "Enabled", "Available", []any{"neo4j", "system"},
					[]any{"east"}, "5.26.30"},
				{"id-2", "two", "c2:7687", nil, nil, "Free", "Available", []any{}, nil, "5.26.30"},
			}},
		"SHOW DATABASES YIELD *": {
			columns: []string{"name", "address", "serverID", "role", "writer"},
			rows: [][]any{{"neo4j", "c1:7687", "id-1", "primary", true},
				{"neo4j", "c2:7687", "id-2", "secondary", false},
				{"system", "c1:7687", nil, "primary", false}, {"gone", nil, nil, "unknown", false}}},
	}}
	members, err := On(c).ClusterOverview(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, []string{"system> SHOW SERVERS YIELD *", "system> SHOW DATABASES YIELD *"}, c.asked)
	require.Len(t, members, 2)
	require.Equal(t, "id-1", members[0].ID)
	require.Equal(t, []string{"bolt://c1:7687", "http://c1:7474"}, members[0].Addresses)
	require.Equal(t, map[string]string{"neo4j": "primary", "system": "primary"}, members[0].Databases)
	require.Equal(t, []string{"east"}, members[0].Groups)
	require.Equal(t, []any{"neo4j"}, members[0].Other["writer"])
	require.Equal(t, "Enabled", members[0].Other["state"])
	require.Equal(t, map[string]string{"neo4j": "secondary"}, members[1].Databases)
}

func TestNotInACluster(t *testing.T) {
	for version, failure := range map[string]*client.Failure{
		"4.4.48":    {Code: "Neo.ClientError.Procedure.ProcedureNotFound"},
		"5.26.30":   {Code: "Neo.ClientError.Statement.NotSystemDatabaseError"},
		"2026.08.1": {Code: "Neo.ClientError.Statement.UnsupportedAdministrationCommand"},
	} {
		c := &canned{version: version, answers: map[string]table{
			"CALL dbms.cluster.overview()": {err: failure}, "SHOW SERVERS YIELD *": {err: failure}}}
		_, err := On(c).ClusterOverview(t.Context(), nil)
		var unsupported *client.UnsupportedError
		require.ErrorAs(t, err, &unsupported)
		require.ErrorIs(t, err, failure)
	}
	forbidden := &client.Failure{Code: "Neo.ClientError.Security.Forbidden"}
	c := &canned{version: "4.4.48", answers: map[string]table{"CALL dbms.cluster.overview()": {err: forbidden}}}
	_, err := On(c).ClusterOverview(t.Context(), nil)
	require.Equal(t, forbidden, err)
}

func TestSettingsAndBeans(t *testing.T) {
	c := &canned{answers: map[string]table{
		"CALL dbms.listConfig()": {columns: []string{"name", "description", "value", "dynamic", "startupValue"},
			rows: [][]any{{"a.b", "says a", "1", true, "0"}, {"c", "", nil, false, nil}}},
		"CALL dbms.queryJmx('*:*')": {columns: []string{"name", "description", "attributes"},
			rows: [][]any{{"java:type=X", "an X", map[string]any{"Count": map[string]any{"description": "", "value": 5},
				"ObjectName": map[string]any{"value": map[string]any{}}, "Odd": 7}}}},
	}}
	settings, err := On(c).Config(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, map[string]client.ConfigSetting{"a.b": {Name: "a.b", Description: "says a", Value: "1",
		Dynamic: true}, "c": {Name: "c"}}, settings)
	beans, err := On(c).ManagementData(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, map[string]client.ManagementBean{"java:type=X": {Name: "java:type=X", Description: "an X",
		Attributes: map[string]any{"Count": int64(5)}}}, beans)
}

func TestTerminateTransactions(t *testing.T) {
	answer := table{columns: []string{"transactionId", "username", "message"},
		rows: [][]any{{"neo4j-transaction-1", nil, "Transaction not found."}}}
	for version, cypher := range map[string]string{"4.3.9": "CALL dbms.killTransactions($ids)",
		"4.4.48": "TERMINATE TRANSACTIONS $ids", "2026.08.1": "TERMINATE TRANSACTIONS $ids"} {
		c := &canned{version: version, answers: map[string]table{cypher: answer}}
		ended, err := On(c).TerminateTransactions(t.Context(), "neo4j-transaction-1")
		require.NoError(t, err)
		require.Equal(t, []client.TerminatedTransaction{{TxID: "neo4j-transaction-1",
			Message: "Transaction not found."}}, ended)
	}
	ended, err := On(&canned{}).TerminateTransactions(t.Context())
	require.NoError(t, err)
	require.Empty(t, ended)
}

func TestVersionUnknown(t *testing.T) {
	_, err := On(&canned{}).Transactions(t.Context(), nil)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	old, err := On(&canned{version: "Neo4j/dev"}).before(t.Context(), 5, 0)
	require.NoError(t, err)
	require.False(t, old)
}

func TestDurations(t *testing.T) {
	for _, c := range []struct {
		value any
		want  *time.Duration
	}{
		{duration(0, 0, -1, 500_000_000), pointer(-500 * time.Millisecond)},
		{duration(1, 0, 0, 0), pointer(2_629_746 * time.Second)},
		{duration(0, -1, 0, 0), pointer(-24 * time.Hour)},
		{duration(1<<40, 0, 0, 0), nil},
		{duration(0, 0, 1<<62, 0), nil},
		{duration(12, 0, 1<<63-1, 0), nil},
		{duration(0, 0, 0, 1<<40), nil},
		{packstream.Structure{Tag: 'E', Fields: []any{1}}, nil},
		{packstream.Structure{Tag: 'E', Fields: []any{1, 2, 3, "4"}}, nil},
		{1 << 62, nil},
		{-1500, pointer(-1500 * time.Millisecond)},
		{"PT1S", nil},
	} {
		data, err := packstream.Append(nil, []any{c.value})
		require.NoError(t, err)
		r, err := newRow([]string{"t"}, data)
		require.NoError(t, err)
		require.Equal(t, c.want, r.duration("t"), c)
	}
}

func TestTruncatedRow(t *testing.T) {
	data, err := packstream.Append(nil, []any{"text", 300, []any{1.5, nil}, duration(0, 0, 1, 1)})
	require.NoError(t, err)
	for n := range data {
		_, err := newRow([]string{"a", "b", "c", "d"}, data[:n])
		require.Error(t, err, n)
	}
}
