//go:build js && wasm

package bridge

import (
	"time"

	"github.com/webbolt/webbolt/client"
)

func describeSummary(s *client.Summary) any {
	if s == nil {
		return nil
	}
	return object{
		"complete": s.Complete, "query": s.Query, "queryType": s.QueryType, "counters": describeCounters(s.Counters),
		"plan": describePlan(s.Plan, false), "profile": describePlan(s.Profile, true),
		"notifications": list(s.Notifications, describeNotification), "gqlStatuses": list(s.GQLStatuses, describeStatus),
		"availableAfter": passed(s.AvailableAfter), "consumedAfter": passed(s.ConsumedAfter),
		"server":   object{"address": s.ServerAddress, "agent": s.ServerAgent, "protocolVersion": s.Protocol.String()},
		"database": s.Database, "bookmark": s.Bookmark,
	}
}

// passed is a time span in milliseconds, or null while it is unknown.
func passed(d time.Duration) any {
	if d < 0 {
		return nil
	}
	return milliseconds(d)
}

func describeCounters(c client.Counters) object {
	return object{
		"nodesCreated": c.NodesCreated, "nodesDeleted": c.NodesDeleted,
		"relationshipsCreated": c.RelationshipsCreated, "relationshipsDeleted": c.RelationshipsDeleted,
		"propertiesSet": c.PropertiesSet, "labelsAdded": c.LabelsAdded, "labelsRemoved": c.LabelsRemoved,
		"indexesAdded": c.IndexesAdded, "indexesRemoved": c.IndexesRemoved,
		"constraintsAdded": c.ConstraintsAdded, "constraintsRemoved": c.ConstraintsRemoved,
		"systemUpdates": c.SystemUpdates, "containsUpdates": c.ContainsUpdates, "containsSystemUpdates": c.ContainsSystemUpdates,
	}
}

func describePlan(p *client.Plan, measured bool) any {
	if p == nil {
		return nil
	}
	described := object{
		"operator": p.Operator, "identifiers": p.Identifiers, "arguments": p.Arguments,
		"children": list(p.Children, func(child *client.Plan) any { return describePlan(child, measured) }),
	}
	if measured {
		described["dbHits"], described["rows"] = p.DBHits, p.Rows
		described["pageCacheHits"], described["pageCacheMisses"] = p.PageCacheHits, p.PageCacheMisses
		described["pageCacheHitRatio"], described["time"] = p.PageCacheHitRatio, milliseconds(p.Time)
	}
	return described
}

func describeNotification(n client.Notification) any {
	return object{
		"code": n.Code, "title": n.Title, "description": n.Description, "severity": n.Severity, "category": n.Category,
		"position": describePosition(n.Position),
	}
}

func describeStatus(s client.GQLStatus) any {
	return object{
		"status": s.Status, "description": s.Description, "diagnostic": s.Diagnostic, "classification": s.Classification,
		"severity": s.Severity, "position": describePosition(s.Position), "isNotification": s.IsNotification,
	}
}

func describePosition(p *client.Position) any {
	if p == nil {
		return nil
	}
	return object{"offset": p.Offset, "line": p.Line, "column": p.Column}
}

func describeStatistics(s client.Statistics) object {
	return object{"queries": float64(s.Queries), "bytesIn": float64(s.BytesIn), "bytesOut": float64(s.BytesOut)}
}
