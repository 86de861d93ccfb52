//go:build !js

package conformance

//lint:file-ignore SA1019 Numeric ids are part of what a server sends, and all that Bolt before 5.0 has.

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// question is a query that both clients ask.
type question struct {
	cypher     string
	parameters map[string]any
	writes     bool // what it makes has other ids at each run
}

// answer is what a client made of a query, in one form for both.
type answer struct {
	Keys          []string
	Rows          []any
	Failure       []string // code, message, GQL status and description, and the last three of each cause
	Counters      client.Counters
	QueryType     string
	Database      string
	Agent         string
	Notifications []string
	Statuses      []string
	Plan, Profile *client.Plan
}

// TestDifferential asks neo4j-go-driver and this client the same and wants equal answers.
func TestDifferential(t *testing.T) {
	for _, version := range neo4jtest.Versions {
		t.Run(string(version), func(t *testing.T) {
			server := neo4jtest.Need(t, version)
			r := newRun(t, Target{Server: server, URI: server.BoltURI()})
			ctx, cancel := context.WithTimeout(t.Context(), 10*patience) // it is many tests in one
			defer cancel()
			r.ctx = ctx
			label := r.label()
			cx := r.open()
			r.rows(cx, fixture(label), nil)
			driver, err := neo4j.NewDriverWithContext(server.BoltURI(), neo4j.BasicAuth(server.User, server.Password, ""))
			require.NoError(t, err)
			defer driver.Close(r.ctx)
			session := driver.NewSession(r.ctx, neo4j.SessionConfig{})
			defer session.Close(r.ctx)

			questions := questions(label)
			require.GreaterOrEqual(t, len(questions), 300)
			differences := 0
			for _, q := range questions {
				theirs, ours := askDriver(r, session, q), askUs(r, cx, q)
				if theirs, ours := printed(theirs), printed(ours); theirs != ours {
					differences++
					t.Errorf("%s\n  driver: %s\n  ours:   %s", q.cypher, theirs, ours)
				}
			}
			t.Logf("%d queries, %d differences", len(questions), differences)
		})
	}
}

func fixture(label string) string {
	return strings.ReplaceAll(`
CREATE (a:LABEL:Extra {i: 1, name: 'one', date: date('2026-02-28'), time: time('12:34:56.5+01:30'), localtime: localtime('01:02:03'),
  datetime: datetime('2026-07-01T12:00:00.123456789+02:00'), localdatetime: localdatetime('2026-11-22T21:30:15'), duration: duration('P1M2DT3.5S'), point: point({x: 1, y: 2})}),
 (b:LABEL {i: 2, name: 'two', datetime: datetime('2026-07-01T12:00:00[Europe/Berlin]'), point: point({longitude: 1, latitude: 2, height: 3})}),
 (c:LABEL {i: 3, name: 'three', list: [1, 2, 3]}), (d:LABEL {i: 4}),
 (a)-[:NEXT {w: 1}]->(b)-[:NEXT {w: 2.5}]->(c)-[:NEXT {since: date('1999-01-01')}]->(d), (b)-[:LOOP]->(b)`, "LABEL", label)
}

func questions(label string) (all []question) {
	parameters := map[string]any{"a": []any{int64(1), "x", nil}, "b": int64(41), "m": map[string]any{"k": 1.5}, "list": []any{int64(1), int64(3)}, "map": map[string]any{"é": nil}, "text": longText}
	add := func(cyphers []string, prefix string, writes bool, parameters map[string]any) {
		for _, cypher := range cyphers {
			all = append(all, question{prefix + strings.ReplaceAll(cypher, "LABEL", label), parameters, writes})
		}
	}
	add(expressions, "RETURN ", false, parameters)
	add(reads, "", false, parameters)
	add(writes, "", true, parameters)
	add(failing, "", false, nil) // some messages list the parameters, in no order
	for _, value := range slices.Concat(plainValues, structureValues, []any{math.Inf(1), math.NaN(), []byte{1, 2, 3}, time.Date(2026, 7, 1, 12, 0, 0, 1, time.FixedZone("Offset", 7200))}) {
		all = append(all, question{cypher: "RETURN $x AS x, [$x, $x] AS list", parameters: map[string]any{"x": value}})
	}
	return all
}

func askDriver(r *run, session neo4j.SessionWithContext, q question) (a answer) {
	tx, err := session.BeginTransaction(r.ctx)
	require.NoError(r, err)
	defer tx.Close(r.ctx)
	result, err := tx.Run(r.ctx, q.cypher, q.parameters)
	if err != nil {
		a.Failure = driverFailure(r, q, err)
		return a
	}
	a.Keys, err = result.Keys()
	require.NoError(r, err)
	for result.Next(r.ctx) {
		a.Rows = append(a.Rows, comparable(result.Record().Values, q.writes))
	}
	if err := result.Err(); err != nil {
		a.Failure = driverFailure(r, q, err)
		return a
	}
	summary, err := result.Consume(r.ctx)
	require.NoError(r, err)
	c := summary.Counters()
	a.Counters = client.Counters{NodesCreated: int64(c.NodesCreated()), NodesDeleted: int64(c.NodesDeleted()),
		RelationshipsCreated: int64(c.RelationshipsCreated()), RelationshipsDeleted: int64(c.RelationshipsDeleted()),
		PropertiesSet: int64(c.PropertiesSet()), LabelsAdded: int64(c.LabelsAdded()), LabelsRemoved: int64(c.LabelsRemoved()),
		IndexesAdded: int64(c.IndexesAdded()), IndexesRemoved: int64(c.IndexesRemoved()), ConstraintsAdded: int64(c.ConstraintsAdded()),
		ConstraintsRemoved: int64(c.ConstraintsRemoved()), SystemUpdates: int64(c.SystemUpdates()), ContainsUpdates: c.ContainsUpdates(), ContainsSystemUpdates: c.ContainsSystemUpdates()}
	a.QueryType = summary.StatementType().String()
	a.Database = summary.Database().Name()
	a.Agent = summary.Server().Agent()
	for _, n := range summary.Notifications() {
		a.Notifications = append(a.Notifications, fmt.Sprint(n.Code(), "|", n.Title(), "|", n.Description(), "|", n.RawSeverityLevel(), "|", n.RawCategory(), "|", position(n.Position())))
	}
	for _, s := range summary.GqlStatusObjects() {
		a.Statuses = append(a.Statuses, fmt.Sprint(s.GqlStatus(), "|", s.StatusDescription(), "|", s.RawClassification(), "|", s.RawSeverity(), "|", position(s.Position()), "|", s.IsNotification()))
	}
	a.Plan, a.Profile = driverPlan(summary.Plan()), driverProfile(summary.Profile())
	return a
}

func driverFailure(r *run, q question, err error) (chain []string) {
	var failure *neo4j.Neo4jError
	require.ErrorAs(r, err, &failure, q.cypher)
	chain = append(chain, failure.Code)
	for ; failure != nil; failure = failure.GqlCause { // the server tells no codes for causes, but the driver makes some up
		status, description := failure.GqlStatus, failure.GqlStatusDescription
		if r.Is4() { // which tells none, so the driver makes up 50N42 with the message as its description
			status, description = "", ""
		}
		chain = append(chain, failure.Msg, status, description)
	}
	return chain
}

func position(p neo4j.InputPosition) string {
	if p == nil {
		return "nowhere"
	}
	return fmt.Sprint(p.Offset(), " ", p.Line(), " ", p.Column())
}

func driverPlan(p neo4j.Plan) *client.Plan {
	if p == nil {
		return nil
	}
	plan := &client.Plan{Operator: p.Operator(), Identifiers: p.Identifiers(), Arguments: p.Arguments()}
	for _, child := range p.Children() {
		plan.Children = append(plan.Children, driverPlan(child))
	}
	return plan
}

func driverProfile(p neo4j.ProfiledPlan) *client.Plan {
	if p == nil {
		return nil
	}
	plan := &client.Plan{Operator: p.Operator(), Identifiers: p.Identifiers(), Arguments: p.Arguments(), DBHits: p.DbHits(), Rows: p.Records()}
	for _, child := range p.Children() {
		plan.Children = append(plan.Children, driverProfile(child))
	}
	return plan
}

func askUs(r *run, cx client.Connection, q question) (a answer) {
	tx := r.begin(cx, false)
	defer func() {
		if !tx.Broken() {
			_, err := cx.Rollback(r.ctx, tx)
			require.NoError(r, err)
		}
	}()
	result, err := cx.RunQuery(r.ctx, tx, q.cypher, q.parameters)
	if err != nil {
		a.Failure = ourFailure(r, err)
		return a
	}
	a.Keys, err = result.Fields(r.ctx)
	require.NoError(r, err)
	for record, err := range result.Records(r.ctx) {
		if err != nil {
			a.Failure = ourFailure(r, err)
			return a
		}
		values, err := record.Values()
		require.NoError(r, err)
		a.Rows = append(a.Rows, comparable(values, q.writes))
	}
	summary := result.Summary()
	require.True(r, summary.Complete)
	a.Counters, a.QueryType, a.Database, a.Agent = summary.Counters, summary.QueryType, summary.Database, summary.ServerAgent
	for _, n := range summary.Notifications {
		a.Notifications = append(a.Notifications, fmt.Sprint(n.Code, "|", n.Title, "|", n.Description, "|", n.Severity, "|", n.Category, "|", ourPosition(n.Position)))
	}
	for _, s := range summary.GQLStatuses {
		a.Statuses = append(a.Statuses, fmt.Sprint(s.Status, "|", s.Description, "|", s.Classification, "|", s.Severity, "|", ourPosition(s.Position), "|", s.IsNotification))
	}
	a.Plan, a.Profile = summary.Plan, summary.Profile
	return a
}

func ourFailure(r *run, err error) (chain []string) {
	failure := r.failure(err)
	chain = append(chain, failure.Code)
	for ; failure != nil; failure = failure.Cause {
		chain = append(chain, failure.Message, failure.GQLStatus, failure.Description)
	}
	return chain
}

func ourPosition(p *client.Position) string {
	if p == nil {
		return "nowhere"
	}
	return fmt.Sprint(p.Offset, " ", p.Line, " ", p.Column)
}

// comparable gives values a form in which equal ones are equal: times as text, NaN as text, and without ids where they differ by nature.
func comparable(row []any, withoutIDs bool) any {
	return normal(shown(row), withoutIDs)
}

func normal(v any, withoutIDs bool) any {
	switch v := v.(type) {
	case float64:
		if math.IsNaN(v) || v == 0 {
			return fmt.Sprint("float ", v, math.Signbit(v))
		}
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = normal(v[i], withoutIDs)
		}
		return list
	case map[string]any:
		m := make(map[string]any, len(v))
		for key := range v {
			m[key] = normal(v[key], withoutIDs)
		}
		return m
	case dbtype.Node:
		v.Props, _ = normal(shown(v.Props), withoutIDs).(map[string]any)
		if withoutIDs {
			v.Id, v.ElementId = 0, ""
		}
		return v
	case dbtype.Relationship:
		v.Props, _ = normal(shown(v.Props), withoutIDs).(map[string]any)
		if withoutIDs {
			v.Id, v.ElementId, v.StartId, v.StartElementId, v.EndId, v.EndElementId = 0, "", 0, "", 0, ""
		}
		return v
	case dbtype.Path:
		var parts []any
		for _, n := range v.Nodes {
			parts = append(parts, normal(n, withoutIDs))
		}
		for _, x := range v.Relationships {
			parts = append(parts, normal(x, withoutIDs))
		}
		return parts
	case *dbtype.InvalidValue:
		return "InvalidValue"
	}
	return v
}

// printed gives an answer as text; maps print in the order of their keys.
func printed(a answer) string {
	var b strings.Builder
	fmt.Fprintf(&b, "keys %q rows %#v failure %q counters %+v type %q database %q agent %q notifications %q statuses %q", a.Keys, a.Rows, a.Failure,
		a.Counters, a.QueryType, a.Database, a.Agent, a.Notifications, a.Statuses)
	printPlan(&b, " plan ", a.Plan)
	printPlan(&b, " profile ", a.Profile)
	return b.String()
}

func printPlan(b *strings.Builder, name string, p *client.Plan) {
	if p == nil {
		return
	}
	arguments := map[string]any{}
	for key, value := range p.Arguments {
		// These differ from run to run.
		if key != "Time" && key != "string-representation" && !strings.HasPrefix(key, "PageCache") && !strings.Contains(key, "Memory") {
			arguments[key] = value
		}
	}
	fmt.Fprintf(b, "%s(%s %q %#v hits %d rows %d", name, p.Operator, p.Identifiers, arguments, p.DBHits, p.Rows)
	// Of an operator with two children neo4j-go-driver 5.28.4 gives the last one twice.
	fmt.Fprintf(b, " %d children", len(p.Children))
	if n := len(p.Children); n > 0 {
		printPlan(b, " ", p.Children[n-1])
	}
	b.WriteString(")")
}
