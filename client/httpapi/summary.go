package httpapi

import (
	"slices"
	"strings"
	"time"

	"github.com/webbolt/webbolt/client"
)

// counterNames are the names under which an API tells what a query changed.
type counterNames struct {
	nodesCreated, nodesDeleted, relationshipsCreated, relationshipsDeleted, propertiesSet, labelsAdded, labelsRemoved,
	indexesAdded, indexesRemoved, constraintsAdded, constraintsRemoved, systemUpdates, containsUpdates, containsSystemUpdates string
}

var queryCounters = counterNames{"nodesCreated", "nodesDeleted", "relationshipsCreated", "relationshipsDeleted", "propertiesSet", "labelsAdded", "labelsRemoved",
	"indexesAdded", "indexesRemoved", "constraintsAdded", "constraintsRemoved", "systemUpdates", "containsUpdates", "containsSystemUpdates"}

// The transaction API's own spelling of relationship_deleted.
var joltCounters = counterNames{"nodes_created", "nodes_deleted", "relationships_created", "relationship_deleted", "properties_set", "labels_added", "labels_removed",
	"indexes_added", "indexes_removed", "constraints_added", "constraints_removed", "system_updates", "contains_updates", "contains_system_updates"}

func (n counterNames) of(m map[string]any) client.Counters {
	updates, _ := m[n.containsUpdates].(bool)
	systemUpdates, _ := m[n.containsSystemUpdates].(bool)
	return client.Counters{
		NodesCreated: integer(m, n.nodesCreated), NodesDeleted: integer(m, n.nodesDeleted),
		RelationshipsCreated: integer(m, n.relationshipsCreated), RelationshipsDeleted: integer(m, n.relationshipsDeleted),
		PropertiesSet: integer(m, n.propertiesSet),
		LabelsAdded:   integer(m, n.labelsAdded), LabelsRemoved: integer(m, n.labelsRemoved),
		IndexesAdded: integer(m, n.indexesAdded), IndexesRemoved: integer(m, n.indexesRemoved),
		ConstraintsAdded: integer(m, n.constraintsAdded), ConstraintsRemoved: integer(m, n.constraintsRemoved),
		SystemUpdates: integer(m, n.systemUpdates), ContainsUpdates: updates, ContainsSystemUpdates: systemUpdates,
	}
}

// queryPlan reads a plan of the Query API, in which the figures stand beside the arguments.
func queryPlan(v any) *client.Plan {
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	plan := &client.Plan{
		Operator:      text(m, "operatorType"),
		Identifiers:   texts(m["identifiers"]),
		DBHits:        integer(m, "dbHits"),
		Rows:          integer(m, "records"),
		PageCacheHits: integer(m, "pageCacheHits"), PageCacheMisses: integer(m, "pageCacheMisses"),
		Time: time.Duration(integer(m, "time")),
	}
	plan.PageCacheHitRatio, _ = m["pageCacheHitRatio"].(float64)
	plan.Arguments, _ = m["arguments"].(map[string]any)
	children, _ := m["children"].([]any)
	for _, child := range children {
		if p := queryPlan(child); p != nil {
			plan.Children = append(plan.Children, p)
		}
	}
	return plan
}

// joltPlan reads a plan of the transaction API, in which the arguments are members like all others.
func joltPlan(m map[string]any) *client.Plan {
	plan := &client.Plan{
		Operator:      text(m, "operatorType"),
		Identifiers:   texts(m["identifiers"]),
		Arguments:     map[string]any{},
		DBHits:        integer(m, "DbHits"),
		Rows:          integer(m, "Rows"),
		PageCacheHits: integer(m, "PageCacheHits"), PageCacheMisses: integer(m, "PageCacheMisses"),
		Time: time.Duration(integer(m, "Time")),
	}
	if accesses := plan.PageCacheHits + plan.PageCacheMisses; accesses > 0 {
		plan.PageCacheHitRatio = float64(plan.PageCacheHits) / float64(accesses)
	}
	for key, value := range m {
		switch key {
		case "operatorType", "identifiers", "children":
		default:
			plan.Arguments[key] = value
		}
	}
	children, _ := m["children"].([]any)
	for _, child := range children {
		if inner, ok := child.(map[string]any); ok {
			plan.Children = append(plan.Children, joltPlan(inner))
		}
	}
	return plan
}

func texts(v any) []string {
	list, _ := v.([]any)
	all := make([]string, 0, len(list))
	for _, item := range list {
		if s, ok := item.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// aboutRequest begins the codes of notifications about the API that carried the query, which says nothing to who wrote the query.
const aboutRequest = "Neo.ClientNotification.Request."

func notificationsOf(v any) []client.Notification {
	list, _ := v.([]any)
	var all []client.Notification
	for _, item := range list {
		m, _ := item.(map[string]any)
		n := client.Notification{Code: text(m, "code"), Title: text(m, "title"), Description: text(m, "description"),
			Severity: text(m, "severity"), Category: text(m, "category")}
		if strings.HasPrefix(n.Code, aboutRequest) {
			continue
		}
		if p, ok := m["position"].(map[string]any); ok {
			n.Position = &client.Position{Offset: int(integer(p, "offset")), Line: int(integer(p, "line")), Column: int(integer(p, "column"))}
		}
		all = append(all, n)
	}
	return all
}

// filtered leaves out what a filter does not want. HTTP has no such filter in 5.26 and before, so it is done here for all.
func filtered(all []client.Notification, f client.NotificationFilter) []client.Notification {
	if f.IsZero() {
		return all
	}
	return slices.DeleteFunc(all, func(n client.Notification) bool {
		return f.MinimumSeverity == "OFF" || f.MinimumSeverity == "WARNING" && n.Severity != "WARNING" || slices.Contains(f.DisabledCategories, n.Category)
	})
}
