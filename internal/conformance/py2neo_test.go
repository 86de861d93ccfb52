//go:build !js

package conformance

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// told is what py2neo/admin.py prints.
type told struct {
	Connections, Transactions, Queries []map[string]any
	Config                             map[string]any
	Management                         map[string]map[string]any
	Version, Edition, Cluster          string
}

// TestPy2neo compares the admin calls with py2neo's, field by field. py2neo works on 4.4 only.
func TestPy2neo(t *testing.T) {
	server := neo4jtest.Need(t, neo4jtest.V4_4)
	python := py2neo(t)
	r := newRun(t, Target{Server: server, URI: server.BoltURI()})

	// What both are to see: connections, a transaction that does nothing, and a query that waits for a lock.
	query := r.stuck()
	const agent = "compared/1"
	named := func(o *client.Options) { o.UserAgent = agent }
	victim, idle, observer := r.open(named), r.open(named), r.open(named)
	tx := r.begin(idle, true, client.TxOptions{Metadata: map[string]any{"purpose": "py2neo", "number": int64(1)}})
	r.all(r.query(idle, tx, "RETURN 1", nil))
	ctx, cancel := context.WithCancel(r.ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if result, err := victim.RunProg(ctx, "", query.cypher, map[string]any{"p": int64(1)}, false,
			client.TxOptions{Metadata: map[string]any{"of": "query"}}); err == nil {
			_ = result.Buffer(ctx)
		}
	}()
	defer func() { cancel(); <-done }()
	for !r.listed(observer, query.cypher) { // until the test's context ends
		require.NoError(t, r.ctx.Err())
	}
	theirs := askPy2neo(r, python)

	connections, err := observer.Connections(r.ctx, nil)
	require.NoError(t, err)
	compared := 0
	for _, c := range connections {
		if p := find(theirs.Connections, "cxid", c.CxID); p != nil && c.UserAgent == agent {
			compared++
			requireFields(r, p, map[string]any{"client_address": c.ClientAddress, "user_agent": c.UserAgent,
				"server_profile": profileOf(c.ServerProfile), "since": c.Since})
		}
	}
	require.Equal(t, 3, compared)

	transactions, err := observer.Transactions(r.ctx, nil)
	require.NoError(t, err)
	compared = 0
	for _, x := range transactions {
		if p := find(theirs.Transactions, "txid", x.TxID); p != nil && len(x.Metadata) > 0 {
			compared++
			requireFields(r, p, map[string]any{"cxid": x.CxID, "client_address": x.ClientAddress,
				"server_profile": profileOf(x.ServerProfile), "since": x.Since,
				"metadata": x.Metadata, "database": x.Database, "current_qid": x.CurrentQID,
				"current_query": x.CurrentQuery, "status": x.Status})
			requireStats(r, p["stats"].(map[string]any), x.Stats)
		}
	}
	require.Equal(t, 2, compared)

	queries, err := observer.Queries(r.ctx, nil)
	require.NoError(t, err)
	compared = 0
	for _, q := range queries {
		if p := find(theirs.Queries, "qid", q.QID); p != nil && q.Query == query.cypher {
			compared++
			requireFields(r, p, map[string]any{"cxid": q.CxID, "client_address": q.ClientAddress,
				"server_profile": profileOf(q.ServerProfile), "since": q.Since,
				"metadata": q.Metadata, "database": q.Database, "query": q.Query, "parameters": q.Parameters,
				"planner": q.Planner, "runtime": q.Runtime,
				"indexes": q.Indexes, "status": q.Status})
			requireStats(r, p["stats"].(map[string]any), q.Stats)
		}
	}
	require.Equal(t, 1, compared)
	compareSettings(r, observer, theirs)
}

func compareSettings(r *run, cx client.Connection, theirs told) {
	settings, err := cx.Config(r.ctx, nil)
	require.NoError(r, err)
	ours := map[string]any{}
	for name, s := range settings {
		ours[name] = s.Value
	}
	require.Equal(r, theirs.Config, ours)

	beans, err := cx.ManagementData(r.ctx, nil)
	require.NoError(r, err)
	require.Len(r, beans, len(theirs.Management))
	for name, attributes := range theirs.Management {
		require.Contains(r, beans, name)
		require.Len(r, beans[name].Attributes, len(attributes), name)
		for attribute := range attributes {
			require.Contains(r, beans[name].Attributes, attribute)
		}
	}
	version, err := cx.Neo4jVersion(r.ctx)
	require.NoError(r, err)
	require.Equal(r, theirs.Version, version)
	edition, err := cx.Neo4jEdition(r.ctx)
	require.NoError(r, err)
	require.Equal(r, theirs.Edition, edition)
	require.Equal(r, "TypeError", theirs.Cluster)
	_, err = cx.ClusterOverview(r.ctx, nil)
	var unsupported *client.UnsupportedError
	require.ErrorAs(r, err, &unsupported)
}

func find(records []map[string]any, field, value string) map[string]any {
	for _, record := range records {
		if record[field] == value {
			return record
		}
	}
	return nil
}

func profileOf(p client.Profile) map[string]any {
	return map[string]any{"scheme": p.Scheme, "user": p.User, "address": p.Address()}
}

// requireFields compares fields as JSON has them, and points in time to the microsecond that Python knows.
func requireFields(r *run, theirs, ours map[string]any) {
	r.Helper()
	for field, value := range ours {
		if since, ok := value.(time.Time); ok {
			text, _ := theirs[field].(string)
			at, err := time.Parse("2006-01-02T15:04:05.999999999", text) // py2neo drops the zone, which is UTC
			require.NoError(r, err)
			require.WithinDuration(r, since, at, 2*time.Microsecond, field) // it reckons seconds as floats
			continue
		}
		want, err := json.Marshal(theirs[field])
		require.NoError(r, err)
		got, err := json.Marshal(value)
		require.NoError(r, err)
		require.JSONEq(r, string(want), string(got), field)
	}
}

// requireStats compares which figures are told; most of them grow from one look to the next.
func requireStats(r *run, theirs map[string]any, ours client.Stats) {
	r.Helper()
	for field, told := range map[string]bool{
		"active_lock_count": ours.ActiveLockCount != nil, "elapsed_time": ours.ElapsedTime != nil,
		"cpu_time":  ours.CPUTime != nil,
		"wait_time": ours.WaitTime != nil, "idle_time": ours.IdleTime != nil, "page_hits": ours.PageHits != nil,
		"page_faults": ours.PageFaults != nil, "allocated_bytes": ours.AllocatedBytes != nil,
	} {
		require.Equal(r, theirs[field] != nil, told, field)
	}
	require.InDelta(r, theirs["active_lock_count"], *ours.ActiveLockCount, 0)
	require.GreaterOrEqual(r, float64(*ours.ElapsedTime)/float64(time.Millisecond), theirs["elapsed_time"],
		"time goes on")
}

func askPy2neo(r *run, python string) (answer told) {
	command := exec.CommandContext(r.ctx, python, filepath.Join("py2neo", "admin.py"), r.Server.BoltAddr, r.Server.User,
		r.Server.Password)
	command.Stderr = os.Stderr
	output, err := command.Output()
	require.NoError(r, err)
	require.NoError(r, json.Unmarshal(output, &answer))
	return answer
}

// py2neo returns the Python of a virtual environment with py2neo, which it makes once in the user's cache folder.
func py2neo(t *testing.T) string {
	fail := func(what string, err error) {
		message := "NOT TESTED: no py2neo to compare with: " + what + " failed (" + err.Error() +
			"); it needs python3 with venv, and PyPI"
		if os.Getenv("CI") == "true" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		fail("finding the cache folder", err)
	}
	folder := filepath.Join(cache, "webbolt", "py2neo-2021.2.4")
	python := filepath.Join(folder, "bin", "python")
	ready := filepath.Join(folder, "ready")
	if _, err := os.Stat(ready); err == nil {
		return python
	}
	if output, err := exec.CommandContext(t.Context(), "python3", "-m", "venv", "--clear",
		folder).CombinedOutput(); err != nil {
		t.Log(string(output))
		fail("python3 -m venv", err)
	}
	if output, err := exec.CommandContext(t.Context(), python, "-m", "pip", "install", "--quiet", "-r",
		filepath.Join("py2neo", "requirements.txt")).CombinedOutput(); err != nil {
		t.Log(string(output))
		fail("pip install", err)
	}
	require.NoError(t, os.WriteFile(ready, nil, 0o644))
	return python
}
