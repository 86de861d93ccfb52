package facts

import (
	"strings"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// CounterNames are the keys of a protocol's counters.
type CounterNames struct {
	nodesCreated, nodesDeleted, relationshipsCreated, relationshipsDeleted, propertiesSet, labelsAdded, labelsRemoved,
	indexesAdded, indexesRemoved, constraintsAdded, constraintsRemoved, systemUpdates, containsUpdates,
	containsSystemUpdates string
}

// counterWords are the names with blanks between the words.
var counterWords = CounterNames{"nodes created", "nodes deleted", "relationships created", "relationships deleted",
	"properties set",
	"labels added", "labels removed", "indexes added", "indexes removed", "constraints added", "constraints removed",
	"system updates", "contains updates", "contains system updates"}

func (n CounterNames) spelled(spell func(words string) string) CounterNames {
	for _, name := range []*string{&n.nodesCreated, &n.nodesDeleted, &n.relationshipsCreated, &n.relationshipsDeleted,
		&n.propertiesSet,
		&n.labelsAdded, &n.labelsRemoved, &n.indexesAdded, &n.indexesRemoved, &n.constraintsAdded,
		&n.constraintsRemoved,
		&n.systemUpdates, &n.containsUpdates, &n.containsSystemUpdates} {
		*name = spell(*name)
	}
	return n
}

// The protocols' spellings.
var (
	BoltCounters  = counterWords.spelled(func(words string) string { return strings.ReplaceAll(words, " ", "-") })
	QueryCounters = counterWords.spelled(camel) // of the Query API
	JoltCounters  = joltCounters()              // of the transaction API
)

func camel(words string) string {
	first, rest, _ := strings.Cut(words, " ")
	for word := range strings.SplitSeq(rest, " ") {
		first += strings.ToUpper(word[:1]) + word[1:]
	}
	return first
}

func joltCounters() CounterNames {
	n := counterWords.spelled(func(words string) string { return strings.ReplaceAll(words, " ", "_") })
	n.relationshipsDeleted = "relationship_deleted" // the server's own spelling
	return n
}

// Counters reads counters. If a server does not say whether there were updates (Bolt 3), the counters decide.
func Counters(m map[string]any, n CounterNames) client.Counters {
	c := client.Counters{
		NodesCreated:         Integer(m, n.nodesCreated),
		NodesDeleted:         Integer(m, n.nodesDeleted),
		RelationshipsCreated: Integer(m, n.relationshipsCreated),
		RelationshipsDeleted: Integer(m, n.relationshipsDeleted),
		PropertiesSet:        Integer(m, n.propertiesSet),
		LabelsAdded:          Integer(m, n.labelsAdded),
		LabelsRemoved:        Integer(m, n.labelsRemoved),
		IndexesAdded:         Integer(m, n.indexesAdded),
		IndexesRemoved:       Integer(m, n.indexesRemoved),
		ConstraintsAdded:     Integer(m, n.constraintsAdded),
		ConstraintsRemoved:   Integer(m, n.constraintsRemoved),
		SystemUpdates:        Integer(m, n.systemUpdates),
	}
	var told bool
	if c.ContainsUpdates, told = m[n.containsUpdates].(bool); !told {
		c.ContainsUpdates = c.NodesCreated|c.NodesDeleted|c.RelationshipsCreated|c.RelationshipsDeleted|c.PropertiesSet|
			c.LabelsAdded|c.LabelsRemoved|c.IndexesAdded|c.IndexesRemoved|c.ConstraintsAdded|c.ConstraintsRemoved != 0
	}
	if c.ContainsSystemUpdates, told = m[n.containsSystemUpdates].(bool); !told {
		c.ContainsSystemUpdates = c.SystemUpdates != 0
	}
	return c
}

// PlanNames are the keys of a protocol's plans.
type PlanNames struct {
	// "" if arguments are among the other entries
	arguments                                                             string
	dbHits, rows, pageCacheHits, pageCacheMisses, pageCacheHitRatio, time string
}

// The protocols' names.
var (
	BoltPlan  = PlanNames{"args", "dbHits", "rows", "pageCacheHits", "pageCacheMisses", "pageCacheHitRatio", "time"}
	QueryPlan = PlanNames{"arguments", "dbHits", "records", "pageCacheHits", "pageCacheMisses", "pageCacheHitRatio",
		"time"}
	JoltPlan = PlanNames{"", "DbHits", "Rows", "PageCacheHits", "PageCacheMisses", "PageCacheHitRatio", "Time"}
)

// Plan reads a plan or profile, which have the same form; a profile has figures, too.
func Plan(m map[string]any, n PlanNames) *client.Plan { return plan(m, n, 0) }

func plan(m map[string]any, n PlanNames, depth int) *client.Plan {
	if m == nil || depth > packstream.MaxDepth {
		return nil
	}
	p := &client.Plan{
		Operator:          Text(m, "operatorType"),
		Identifiers:       Texts(m, "identifiers"),
		Arguments:         Map(m, n.arguments),
		DBHits:            Integer(m, n.dbHits),
		Rows:              Integer(m, n.rows),
		PageCacheHits:     Integer(m, n.pageCacheHits),
		PageCacheMisses:   Integer(m, n.pageCacheMisses),
		PageCacheHitRatio: Number(m, n.pageCacheHitRatio),
		Time:              time.Duration(Integer(m, n.time)),
	}
	if accesses := p.PageCacheHits + p.PageCacheMisses; accesses > 0 && p.PageCacheHitRatio == 0 {
		p.PageCacheHitRatio = float64(p.PageCacheHits) / float64(accesses)
	}
	if n.arguments == "" {
		p.Arguments = map[string]any{}
		for key, value := range m {
			switch key {
			case "operatorType", "identifiers", "children":
			default:
				p.Arguments[key] = value
			}
		}
	}
	for _, child := range List(m, "children") {
		inner, _ := child.(map[string]any)
		if read := plan(inner, n, depth+1); read != nil {
			p.Children = append(p.Children, read)
		}
	}
	return p
}

// Notifications reads a list of notifications; it returns nil only if list is nil.
func Notifications(list []any) (all []client.Notification) {
	if list != nil {
		all = make([]client.Notification, 0, len(list))
	}
	for _, entry := range list {
		if m, ok := entry.(map[string]any); ok {
			all = append(all, client.Notification{
				Code:        Text(m, "code"),
				Title:       Text(m, "title"),
				Description: Text(m, "description"),
				Severity:    Text(m, "severity"),
				Category:    Text(m, "category"),
				Position:    Position(m["position"]),
			})
		}
	}
	return all
}

// Position reads a place in a query's text, or returns nil.
func Position(value any) *client.Position {
	m, ok := value.(map[string]any)
	if !ok || len(m) == 0 {
		return nil
	}
	return &client.Position{Offset: int(Integer(m, "offset")), Line: int(Integer(m, "line")),
		Column: int(Integer(m, "column"))}
}
