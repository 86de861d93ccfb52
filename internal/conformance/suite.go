package conformance

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/connect"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// patience limits a whole test, so that one that hangs ends with a stack trace of its own.
const patience = 2 * time.Minute

// Target is a server, and a way to reach it.
type Target struct {
	Server  *neo4jtest.Server
	URI     string         // without user and password
	Options client.Options // such as the relay or the Bolt version
	Brief   bool           // leave out what carries or waits for much
}

// MatrixEnv is the environment variable that, if set, has nothing left out anywhere.
const MatrixEnv = "WEBBOLT_MATRIX"

// long are the checks that a brief target leaves out.
var long = []string{"Timeout", "CancelledStreaming", "CancelledManyTimes", "ManyRecords", "LongText", "BigCollections"}

// HTTP reports whether connections are over HTTP.
func (g Target) HTTP() bool { return strings.HasPrefix(g.URI, "http") }

// Is4 reports whether the server is Neo4j 4.4.
func (g Target) Is4() bool { return g.Server.Version == neo4jtest.V4_4 }

var groups = [...][]check{connectionChecks, authChecks, transactionChecks, resultChecks, summaryChecks, valueChecks,
	cancelChecks, failureChecks, adminChecks}

// Suite runs all tests against the target.
func Suite(t *testing.T, target Target) {
	for _, group := range groups {
		for _, c := range group {
			if target.Brief && os.Getenv(MatrixEnv) == "" && slices.Contains(long, c.name) {
				continue
			}
			t.Run(c.name, func(t *testing.T) { c.run(newRun(t, target)) })
		}
	}
}

// check is one test of the suite.
type check struct {
	name string
	run  func(r *run)
}

// run is what a test works with.
type run struct {
	*testing.T
	Target
	ctx context.Context
}

func newRun(t *testing.T, target Target) *run {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return &run{T: t, Target: target, ctx: ctx}
}

func (r *run) profile() client.Profile {
	profile, err := client.ParseProfile(r.URI)
	require.NoError(r, err)
	profile.User, profile.Password = r.Server.User, client.Secret(r.Server.Password)
	return profile
}

// open opens a connection that is closed when the test ends. The functions change the target's options for it.
func (r *run) open(change ...func(*client.Options)) client.Connection {
	r.Helper()
	cx, err := r.tryOpen(r.profile(), change...)
	require.NoError(r, err)
	return cx
}

func (r *run) tryOpen(profile client.Profile, change ...func(*client.Options)) (client.Connection, error) {
	options := r.Options
	for _, f := range change {
		f(&options)
	}
	cx, err := connect.Open(r.ctx, profile, options)
	if err == nil {
		r.Cleanup(func() { _ = cx.Close() })
	}
	return cx, err
}

// label returns a label that no other test uses. Its nodes are deleted when the test ends.
func (r *run) label() string {
	label := "Conformance" + rand.Text()
	r.Cleanup(func() { r.afterwards("", "MATCH (n:"+label+") DETACH DELETE n") })
	return label
}

// afterwards runs a query on a connection of its own when the test's context has ended. It is run again where a server
// asks for that: other tests change constraints at the same time, which ends transactions on Neo4j 4.4.
func (r *run) afterwards(graphName, cypher string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cx, err := connect.Open(ctx, r.profile(), r.Options)
	require.NoError(r, err)
	defer cx.Close()
	for {
		result, err := cx.RunProg(ctx, graphName, cypher, nil, false)
		if err == nil {
			err = result.Buffer(ctx)
		}
		if failure, is := errors.AsType[*client.Failure](err); !is || !failure.Retryable() || ctx.Err() != nil {
			require.NoError(r, err)
			return
		}
	}
}

// rows runs a query in a transaction of its own and gives all its values.
func (r *run) rows(cx client.Connection, cypher string, parameters map[string]any) [][]any {
	r.Helper()
	result, err := cx.RunProg(r.ctx, "", cypher, parameters, false)
	require.NoError(r, err, cypher)
	return r.all(result)
}

// all reads the rest of a result.
func (r *run) all(result *client.Result) [][]any {
	r.Helper()
	rows := [][]any{}
	for record, err := range result.Records(r.ctx) {
		require.NoError(r, err)
		values, err := record.Values()
		require.NoError(r, err)
		rows = append(rows, values)
	}
	return rows
}

// value returns the only value of the only record.
func (r *run) value(cx client.Connection, cypher string, parameters map[string]any) any {
	r.Helper()
	rows := r.rows(cx, cypher, parameters)
	require.Len(r, rows, 1, cypher)
	require.Len(r, rows[0], 1, cypher)
	return rows[0][0]
}

// count is how many nodes have the label.
func (r *run) count(cx client.Connection, label string) int64 {
	r.Helper()
	return r.value(cx, "MATCH (n:"+label+") RETURN count(n)", nil).(int64)
}

func (r *run) begin(cx client.Connection, readonly bool, options ...client.TxOptions) *client.TransactionRef {
	r.Helper()
	tx, err := cx.Begin(r.ctx, "", readonly, options...)
	require.NoError(r, err)
	return tx
}

func (r *run) query(cx client.Connection, tx *client.TransactionRef, cypher string,
	parameters map[string]any) *client.Result {
	r.Helper()
	result, err := cx.RunQuery(r.ctx, tx, cypher, parameters)
	require.NoError(r, err, cypher)
	return result
}

// needBolt skips the test where the connection is not Bolt of at least this version.
func (r *run) needBolt(cx client.Connection, major, minor byte, what string) {
	r.Helper()
	if !cx.ProtocolVersion().AtLeast(major, minor) {
		r.Skip(what + " needs Bolt " + client.Version{Major: major, Minor: minor}.String())
	}
}

// failure is err as the server's failure.
func (r *run) failure(err error) *client.Failure {
	r.Helper()
	var failure *client.Failure
	require.ErrorAs(r, err, &failure)
	return failure
}

func (r *run) requireArgumentError(err error) {
	r.Helper()
	var wrong *client.ArgumentError
	require.ErrorAs(r, err, &wrong)
}

// requireWorks runs a query to see that the connection is fit for use.
func (r *run) requireWorks(cx client.Connection) {
	r.Helper()
	require.Equal(r, int64(42), r.value(cx, "RETURN 42", nil))
}
