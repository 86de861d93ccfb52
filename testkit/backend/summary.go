package main

import (
	"time"

	"github.com/webbolt/webbolt/client"
)

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func summaryMessage(s *client.Summary, parameters map[string]any) data {
	c := s.Counters
	given := data{}
	for key, value := range parameters {
		given[key] = toCypher(value)
	}
	return data{
		"serverInfo": data{"address": s.ServerAddress, "agent": s.ServerAgent, "protocolVersion": s.Protocol.String()},
		"counters": data{
			"constraintsAdded": c.ConstraintsAdded, "constraintsRemoved": c.ConstraintsRemoved,
			"containsSystemUpdates": c.ContainsSystemUpdates, "containsUpdates": c.ContainsUpdates,
			"indexesAdded": c.IndexesAdded, "indexesRemoved": c.IndexesRemoved,
			"labelsAdded": c.LabelsAdded, "labelsRemoved": c.LabelsRemoved,
			"nodesCreated": c.NodesCreated, "nodesDeleted": c.NodesDeleted, "propertiesSet": c.PropertiesSet,
			"relationshipsCreated": c.RelationshipsCreated, "relationshipsDeleted": c.RelationshipsDeleted,
			"systemUpdates": c.SystemUpdates,
		},
		"query":                data{"text": s.Query, "parameters": given},
		"queryType":            orNil(s.QueryType),
		"database":             orNil(s.Database),
		"notifications":        notificationsMessage(s.Notifications),
		"gqlStatusObjects":     statusesMessage(s.GQLStatuses),
		"plan":                 planMessage(s.Plan, false),
		"profile":              planMessage(s.Profile, true),
		"resultAvailableAfter": milliseconds(s.AvailableAfter),
		"resultConsumedAfter":  milliseconds(s.ConsumedAfter),
	}
}

func milliseconds(d time.Duration) any {
	if d < 0 {
		return nil
	}
	return d.Milliseconds()
}

func positionMessage(p *client.Position) any {
	if p == nil {
		return nil
	}
	return data{"offset": p.Offset, "line": p.Line, "column": p.Column}
}

func known(value string, values ...string) string {
	for _, v := range values {
		if v == value {
			return value
		}
	}
	return "UNKNOWN"
}

var (
	severities = []string{"WARNING", "INFORMATION"}
	categories = []string{"HINT", "UNRECOGNIZED", "UNSUPPORTED", "PERFORMANCE", "DEPRECATION", "SECURITY", "TOPOLOGY",
		"GENERIC", "SCHEMA"}
)

func notificationsMessage(list []client.Notification) any {
	if list == nil {
		return nil
	}
	messages := []data{}
	for _, n := range list {
		m := data{
			"code": n.Code, "title": n.Title, "description": n.Description, "severity": n.Severity,
			"severityLevel": known(n.Severity, severities...), "rawSeverityLevel": n.Severity,
			"category": known(n.Category, categories...), "rawCategory": n.Category,
		}
		if n.Position != nil {
			m["position"] = positionMessage(n.Position)
		}
		messages = append(messages, m)
	}
	return messages
}

func statusesMessage(list []client.GQLStatus) any {
	messages := []data{}
	for _, s := range list {
		diagnostic := data{}
		for key, value := range s.Diagnostic {
			diagnostic[key] = toCypher(value)
		}
		messages = append(messages, data{
			"gqlStatus": s.Status, "statusDescription": s.Description, "position": positionMessage(s.Position),
			"classification": known(s.Classification, categories...), "rawClassification": orNil(s.Classification),
			"severity": known(s.Severity, severities...), "rawSeverity": orNil(s.Severity),
			"diagnosticRecord": diagnostic, "isNotification": s.IsNotification,
		})
	}
	return messages
}

func planMessage(p *client.Plan, profiled bool) any {
	if p == nil {
		return nil
	}
	children := []any{}
	for _, child := range p.Children {
		children = append(children, planMessage(child, profiled))
	}
	m := data{"operatorType": p.Operator, "args": p.Arguments, "identifiers": p.Identifiers, "children": children}
	if profiled {
		m["dbHits"], m["rows"] = p.DBHits, p.Rows
		if _, told := p.Arguments["Time"]; told {
			m["time"] = p.Time.Nanoseconds()
		}
		if _, told := p.Arguments["PageCacheHits"]; told {
			m["pageCacheHits"], m["pageCacheMisses"] = p.PageCacheHits, p.PageCacheMisses
			m["pageCacheHitRatio"] = p.PageCacheHitRatio
		}
	}
	return m
}
