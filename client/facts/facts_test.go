package facts

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// Each protocol's spelling of the counters, as servers send them.
func TestCounters(t *testing.T) {
	want := client.Counters{NodesCreated: 1, RelationshipsDeleted: 2, SystemUpdates: 3, ContainsUpdates: true,
		ContainsSystemUpdates: true}
	require.Equal(t, want, Counters(map[string]any{"nodes-created": int64(1), "relationships-deleted": int64(2),
		"system-updates": int64(3)}, BoltCounters))
	require.Equal(t, want, Counters(map[string]any{"nodesCreated": int64(1), "relationshipsDeleted": int64(2),
		"systemUpdates":   int64(3),
		"containsUpdates": true, "containsSystemUpdates": true}, QueryCounters))
	require.Equal(t, want, Counters(map[string]any{"nodes_created": int64(1), "relationship_deleted": int64(2),
		"system_updates":   int64(3),
		"contains_updates": true, "contains_system_updates": true}, JoltCounters))
	require.Zero(t, Counters(map[string]any{"nodes-created": "1"}, BoltCounters))
}

func TestPlans(t *testing.T) {
	child := map[string]any{"operatorType": "AllNodesScan"}
	bolt := map[string]any{"operatorType": "ProduceResults", "identifiers": []any{"n"},
		"args": map[string]any{"x": int64(1)}, "dbHits": int64(2),
		"rows": int64(3), "pageCacheHits": int64(3), "pageCacheMisses": int64(1), "time": int64(5),
		"children": []any{child, "x"}}
	want := &client.Plan{Operator: "ProduceResults", Identifiers: []string{"n"},
		Arguments: map[string]any{"x": int64(1)}, DBHits: 2, Rows: 3,
		PageCacheHits: 3, PageCacheMisses: 1, PageCacheHitRatio: 0.75, Time: 5,
		Children: []*client.Plan{{Operator: "AllNodesScan"}}}
	require.Equal(t, want, Plan(bolt, BoltPlan))
	jolt := map[string]any{"operatorType": "P", "DbHits": int64(2), "EstimatedRows": 1.5}
	require.Equal(t, &client.Plan{Operator: "P", DBHits: 2, Arguments: map[string]any{
		"DbHits": int64(2), "EstimatedRows": 1.5}}, Plan(jolt, JoltPlan))
	require.Nil(t, Plan(nil, QueryPlan))
	deep := map[string]any{}
	for range 2 * packstream.MaxDepth {
		deep = map[string]any{"children": []any{deep}}
	}
	require.NotNil(t, Plan(deep, BoltPlan))
}

func TestNotifications(t *testing.T) {
	list := []any{map[string]any{"code": "c", "severity": "WARNING",
		"position": map[string]any{"offset": int64(1), "line": int64(2), "column": int64(3)}}, 1,
		map[string]any{"position": map[string]any{}}}
	require.Equal(t, []client.Notification{{Code: "c", Severity: "WARNING",
		Position: &client.Position{Offset: 1, Line: 2, Column: 3}}, {}}, Notifications(list))
}

func TestDecode(t *testing.T) {
	require.Equal(t, map[string]any{"a": int64(1)}, Decode([]byte("\xA1\x81a\x01")))
	require.Nil(t, Decode(nil))
	require.Nil(t, Decode([]byte("\xA1\x81")))
	require.Nil(t, Decode([]byte("\x01")))
}
