//go:build !js

package bolt_test

//lint:file-ignore SA1019 Numeric ids are part of what a server sends, and all that Bolt before 5.0 has.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// The same queries through neo4j-go-driver and through us give the same values, summaries and errors.
func TestSameAsTheDriver(t *testing.T) {
	each(t, func(t *testing.T, version neo4jtest.Version) {
		server := neo4jtest.Need(t, version)
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
		defer cancel()
		driver, err := neo4j.NewDriverWithContext(server.BoltURI(), neo4j.BasicAuth(server.User, server.Password, ""))
		require.NoError(t, err)
		t.Cleanup(func() { _ = driver.Close(context.Background()) })
		session := driver.NewSession(ctx, neo4j.SessionConfig{})
		t.Cleanup(func() { _ = session.Close(context.Background()) })
		ours := openReal(t, version, client.Options{})
		run(t, ours, sampleGraph, nil)
		t.Cleanup(func() { run(t, ours, "MATCH (n:BoltDiff) DETACH DELETE n", nil) })

		queries := differentialQueries()
		require.GreaterOrEqual(t, len(queries), 300)
		for _, query := range queries {
			theirs, value := driverOutcome(ctx, session, query, nil)
			// Writes go to labels and names of our own, as long as the driver's, so that both find the same.
			assert.Equal(t, theirs, theirNames.Replace(ourOutcome(ctx, ours, ourNames.Replace(query), nil)), query)
			if !strings.HasPrefix(query, "RETURN ") || value == nil {
				continue
			}
			// What came back goes in again.
			parameters := map[string]any{"p": value}
			if version == neo4jtest.V4_4 && query == ambiguousTime {
				continue // with a patched 4.4 the driver's moment is an hour off; ours has the moment but not the zone's name
			}
			theirs, _ = driverOutcome(ctx, session, "RETURN $p AS x", parameters)
			assert.Equal(t, theirs, ourOutcome(ctx, ours, "RETURN $p AS x", parameters), "$p is the value of %s", query)
		}
	})
}

var (
	ourNames   = strings.NewReplacer("BoltDiffW", "BoltDiffV", "BoltDiffIndex", "BoltDiffIndeX", "bolt_diff", "bolt_difF")
	theirNames = strings.NewReplacer("BoltDiffV", "BoltDiffW", "BoltDiffIndeX", "BoltDiffIndex", "bolt_difF", "bolt_diff")
)

// driverOutcome is an outcome of the driver's as text: lines of values and of the summary, or the error. It gives the first value too.
func driverOutcome(ctx context.Context, session neo4j.SessionWithContext, query string, parameters map[string]any) (shown string, first any) {
	var b strings.Builder
	result, err := session.Run(ctx, query, parameters)
	if err == nil {
		keys, _ := result.Keys()
		fmt.Fprintln(&b, keys)
		for result.Next(ctx) {
			if first == nil {
				first = result.Record().Values[0]
			}
			fmt.Fprintln(&b, canonical(result.Record().Values))
		}
		err = result.Err()
	}
	if err != nil {
		var failure *neo4j.Neo4jError
		if !errors.As(err, &failure) {
			return err.Error(), nil
		}
		return failure.Code + " " + failure.Msg, nil
	}
	summary, err := result.Consume(ctx)
	if err != nil {
		return err.Error(), nil
	}
	c := summary.Counters()
	fmt.Fprintln(&b, c.NodesCreated(), c.NodesDeleted(), c.RelationshipsCreated(), c.RelationshipsDeleted(), c.PropertiesSet(), c.LabelsAdded(), c.LabelsRemoved(),
		c.IndexesAdded(), c.IndexesRemoved(), c.ConstraintsAdded(), c.ConstraintsRemoved(), c.SystemUpdates(), c.ContainsUpdates(), c.ContainsSystemUpdates())
	fmt.Fprintln(&b, summary.StatementType(), summary.Database().Name(), summary.Server().Agent())
	fmt.Fprintln(&b, driverPlan(summary.Plan()))
	for _, n := range summary.Notifications() {
		fmt.Fprintln(&b, n.Code(), n.Title(), n.Description(), n.RawSeverityLevel(), n.RawCategory(), driverPosition(n.Position()))
	}
	for _, s := range summary.GqlStatusObjects() {
		fmt.Fprintln(&b, s.GqlStatus(), s.StatusDescription(), s.IsNotification(), s.RawSeverity(), s.RawClassification(), canonical(s.DiagnosticRecord()))
	}
	return b.String(), first
}

func driverPosition(p neo4j.InputPosition) string {
	if p == nil {
		return "-"
	}
	return fmt.Sprint(p.Offset(), p.Line(), p.Column())
}

func driverPlan(p neo4j.Plan) string {
	if p == nil {
		return ""
	}
	children := ""
	for _, child := range p.Children() {
		children += driverPlan(child)
	}
	return p.Operator() + "(" + children + ")" // the driver gives operators beside each other the same identifiers
}

func ourOutcome(ctx context.Context, c *bolt.Connection, query string, parameters map[string]any) string {
	var b strings.Builder
	result, err := c.RunProg(ctx, "", query, parameters, false)
	if err == nil {
		keys, _ := result.Fields(ctx)
		fmt.Fprintln(&b, keys)
		for record, each := range result.Records(ctx) {
			if err = each; err != nil {
				break
			}
			values, each := record.Values()
			if err = each; err != nil {
				break
			}
			fmt.Fprintln(&b, canonical(values))
		}
	}
	if err != nil {
		var failure *client.Failure
		if !errors.As(err, &failure) {
			return err.Error()
		}
		return failure.Code + " " + failure.Message
	}
	s := result.Summary()
	n := s.Counters
	fmt.Fprintln(&b, n.NodesCreated, n.NodesDeleted, n.RelationshipsCreated, n.RelationshipsDeleted, n.PropertiesSet, n.LabelsAdded, n.LabelsRemoved,
		n.IndexesAdded, n.IndexesRemoved, n.ConstraintsAdded, n.ConstraintsRemoved, n.SystemUpdates, n.ContainsUpdates, n.ContainsSystemUpdates)
	kinds := map[string]neo4j.StatementType{"r": neo4j.StatementTypeReadOnly, "rw": neo4j.StatementTypeReadWrite, "w": neo4j.StatementTypeWriteOnly, "s": neo4j.StatementTypeSchemaWrite}
	fmt.Fprintln(&b, kinds[s.QueryType], s.Database, s.ServerAgent)
	fmt.Fprintln(&b, ourPlan(s.Plan))
	for _, n := range s.Notifications {
		fmt.Fprintln(&b, n.Code, n.Title, n.Description, n.Severity, n.Category, ourPosition(n.Position))
	}
	for _, g := range s.GQLStatuses {
		fmt.Fprintln(&b, g.Status, g.Description, g.IsNotification, g.Severity, g.Classification, canonical(g.Diagnostic))
	}
	return b.String()
}

func ourPosition(p *client.Position) string {
	if p == nil {
		return "-"
	}
	return fmt.Sprint(p.Offset, p.Line, p.Column)
}

func ourPlan(p *client.Plan) string {
	if p == nil {
		return ""
	}
	children := ""
	for _, child := range p.Children {
		children += ourPlan(child)
	}
	return p.Operator + "(" + children + ")"
}

// canonical shows a value so that equal values, and only those, look the same.
func canonical(value any) string {
	switch v := value.(type) {
	case float64:
		return fmt.Sprintf("float64 %x", math.Float64bits(v))
	case time.Time:
		return "time " + v.Format("2006-01-02T15:04:05.999999999Z07:00:00") + " " + v.Location().String()
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = canonical(v[i])
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, key+": "+canonical(v[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case neo4j.Node:
		return fmt.Sprint("node ", v.Id, v.ElementId, v.Labels, canonical(v.Props)) //nolint:staticcheck // the numeric id is compared too
	case neo4j.Relationship:
		return fmt.Sprint("relationship ", v.Id, v.ElementId, v.StartId, v.StartElementId, v.EndId, v.EndElementId, v.Type, canonical(v.Props)) //nolint:staticcheck // as above
	case int:
		return canonical(int64(v)) // the driver's own, in diagnostic records that it makes for old servers
	case neo4j.Path:
		text := "path"
		seen := map[string]bool{} // the driver leaves out a node that came before in the path; we give the walk
		for _, n := range v.Nodes {
			if node := canonical(n); !seen[node] {
				seen[node] = true
				text += " " + node
			}
		}
		for _, r := range v.Relationships {
			text += " " + canonical(r)
		}
		return text
	}
	return fmt.Sprintf("%T %v", value, value)
}
