//go:build !js

package conformance

//lint:file-ignore SA1019 Numeric ids are part of what a server sends, and all that Bolt before 5.0 has.

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/webbolt/webbolt/client"
)

// question is a query that all clients ask.
type question struct {
	cypher     string
	parameters map[string]any
	writes     bool // it is rolled back, and what it makes has other ids at each run
}

// answer is what a client made of a query, in one form for all.
type answer struct {
	Keys          []string
	Rows          [][]any
	Failure       []fault // and its causes
	Counters      client.Counters
	QueryType     string
	Database      string
	Agent         string
	Bookmark      bool // there is one
	Notifications []client.Notification
	Statuses      []client.GQLStatus
	Plan, Profile *client.Plan
}

// fault is a failure, or one of its causes.
type fault struct {
	Code, Message, GQLStatus, Description string
}

// view says what of values is compared.
type view struct {
	ids        bool // element ids
	numericIDs bool
	walks      bool // a path's nodes as they are passed, not only which there are
}

// printed returns an answer as lines of text. Answers that are equal, and only those, give equal lines.
func printed(a answer, v view) string {
	var b strings.Builder
	fmt.Fprintf(&b, "keys %q failure %+q\n", a.Keys, a.Failure)
	for _, row := range a.Rows {
		b.WriteString(v.canonical(row) + "\n")
	}
	fmt.Fprintf(&b, "counters %+v\ntype %q database %q agent %q bookmark %v\n", a.Counters, a.QueryType, a.Database,
		a.Agent, a.Bookmark)
	for _, n := range a.Notifications {
		fmt.Fprintf(&b, "notification %q %q %q %q %q %s\n", n.Code, n.Title, n.Description, n.Severity, n.Category,
			placed(n.Position))
	}
	for _, s := range a.Statuses {
		fmt.Fprintf(&b, "status %q %q %q %q %v %s %s\n", s.Status, s.Description, s.Classification, s.Severity,
			s.IsNotification, placed(s.Position), v.canonical(s.Diagnostic))
	}
	v.printPlan(&b, "plan", a.Plan)
	v.printPlan(&b, "profile", a.Profile)
	return b.String()
}

func placed(p *client.Position) string {
	if p == nil {
		return "nowhere"
	}
	return fmt.Sprint(p.Offset, " ", p.Line, " ", p.Column)
}

func (v view) printPlan(b *strings.Builder, name string, p *client.Plan) {
	if p == nil {
		return
	}
	arguments := maps.Clone(p.Arguments)
	maps.DeleteFunc(arguments, func(key string, _ any) bool {
		// These differ from run to run.
		return key == "Time" || key == "string-representation" || strings.HasPrefix(key, "PageCache") ||
			strings.Contains(key, "Memory")
	})
	// The identifiers are a set, in no order.
	fmt.Fprintf(b, "%s %s %q %s hits %d rows %d children %d\n", name, p.Operator,
		slices.Sorted(slices.Values(p.Identifiers)), v.canonical(arguments), p.DBHits, p.Rows, len(p.Children))
	for _, child := range p.Children {
		v.printPlan(b, name+" >", child)
	}
}

// canonical shows a value so that equal values look the same, and others do not.
func (v view) canonical(value any) string {
	switch x := shown(value).(type) {
	case float64:
		if math.IsNaN(x) {
			return "NaN"
		}
		return fmt.Sprintf("float64 %g", x)
	case []any:
		parts := make([]string, len(x))
		for i := range x {
			parts[i] = v.canonical(x[i])
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(x)) {
			parts = append(parts, fmt.Sprintf("%q: %s", key, v.canonical(x[key])))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case int:
		return v.canonical(int64(x)) // the driver's own, in diagnostic records that it makes for old servers
	case dbtype.Node:
		return fmt.Sprintf("node%s %q %s", v.id(x.Id, x.ElementId), x.Labels, v.canonical(x.Props))
	case dbtype.Relationship:
		return fmt.Sprintf("relationship%s from%s to%s %q %s", v.id(x.Id, x.ElementId),
			v.id(x.StartId, x.StartElementId), v.id(x.EndId, x.EndElementId), x.Type, v.canonical(x.Props))
	case dbtype.Path:
		return "path " + v.path(x)
	case *dbtype.InvalidValue:
		return "invalid"
	default:
		return fmt.Sprintf("%T %q", x, fmt.Sprint(x))
	}
}

func (v view) id(numeric int64, element string) (text string) {
	if v.numericIDs {
		text = fmt.Sprint(" ", numeric)
	}
	if v.ids {
		text += " " + element
	}
	return text
}

func (v view) path(p dbtype.Path) string {
	var parts []string
	for _, n := range p.Nodes {
		parts = append(parts, v.canonical(n))
	}
	if !v.walks {
		slices.Sort(parts)
		parts = slices.Compact(parts)
	}
	for _, r := range p.Relationships {
		parts = append(parts, v.canonical(r))
	}
	return strings.Join(parts, ", ")
}

// askUs asks by a connection of ours.
func askUs(r *run, cx client.Connection, q question) (a answer, err error) {
	var result *client.Result
	if q.writes {
		tx := r.begin(cx, false)
		defer func() { _, _ = cx.Rollback(r.ctx, tx) }()
		result, err = cx.RunQuery(r.ctx, tx, q.cypher, q.parameters)
	} else {
		result, err = cx.RunProg(r.ctx, "", q.cypher, q.parameters, false)
	}
	if err != nil {
		return a, err
	}
	if a.Keys, err = result.Fields(r.ctx); err != nil {
		return a, err
	}
	for record, err := range result.Records(r.ctx) {
		if err != nil {
			return a, err
		}
		values, err := record.Values()
		if err != nil {
			return a, err
		}
		a.Rows = append(a.Rows, values)
	}
	s := result.Summary()
	if !s.Complete {
		return a, fmt.Errorf("the summary is not complete at the end of %s", q.cypher)
	}
	a.Counters, a.QueryType, a.Database, a.Agent, a.Bookmark = s.Counters, s.QueryType, s.Database, s.ServerAgent,
		s.Bookmark != ""
	a.Notifications, a.Statuses, a.Plan, a.Profile = s.Notifications, s.GQLStatuses, s.Plan, s.Profile
	return a, nil
}

func ourFaults(failure *client.Failure) (faults []fault) {
	for ; failure != nil; failure = failure.Cause {
		faults = append(faults, fault{failure.Code, failure.Message, failure.GQLStatus, failure.Description})
	}
	return faults
}
