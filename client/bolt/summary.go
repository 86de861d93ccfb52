package bolt

import (
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// Summary is what is known now. It is decoded when it is asked for.
func (s *source) Summary() *client.Summary {
	c := s.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.summary != nil {
		return s.summary
	}
	summary := &client.Summary{
		Complete:       s.ended,
		Query:          s.query,
		AvailableAfter: -1,
		ConsumedAfter:  -1,
		ServerAddress:  c.profile.Address(),
		ServerAgent:    c.agent,
		Protocol:       c.version,
		Database:       s.graph,
	}
	s.describe(summary, decodeMap(s.runMetadata))
	if s.endMetadata != nil {
		end := decodeMap(s.endMetadata)
		s.describe(summary, end)
		conclude(summary, end, client.ConclusionOf(len(s.keys), s.received, s.dropping))
	}
	if s.ended {
		s.summary = summary
		s.runMetadata, s.endMetadata = nil, nil // they hold an arena
	}
	return summary
}

// decodeMap decodes metadata that was found to be a map when it came; what cannot be decoded after all is left out.
func decodeMap(raw []byte) map[string]any {
	if raw == nil {
		return nil
	}
	r := packstream.NewReader(raw)
	value, err := r.Any()
	if err != nil {
		return nil
	}
	m, _ := value.(map[string]any)
	return m
}

// describe takes what both RUN and the last PULL may tell. Bolt 3 calls the times result_available_after and result_consumed_after.
func (s *source) describe(summary *client.Summary, m map[string]any) {
	for _, key := range []string{"t_first", "result_available_after"} {
		if t, ok := m[key].(int64); ok {
			summary.AvailableAfter = time.Duration(t) * time.Millisecond
		}
	}
	for _, key := range []string{"t_last", "result_consumed_after"} {
		if t, ok := m[key].(int64); ok {
			summary.ConsumedAfter = time.Duration(t) * time.Millisecond
		}
	}
	if db := text(m, "db"); db != "" {
		summary.Database = db
	}
}

// conclude takes what only the end of a result tells.
func conclude(summary *client.Summary, m map[string]any, conclusion client.Conclusion) {
	summary.QueryType = text(m, "type")
	summary.Bookmark = text(m, "bookmark")
	if stats, ok := m["stats"].(map[string]any); ok {
		summary.Counters = countersOf(stats)
	}
	if plan, ok := m["plan"].(map[string]any); ok {
		summary.Plan = planOf(plan, 0)
	}
	if profile, ok := m["profile"].(map[string]any); ok {
		summary.Profile = planOf(profile, 0)
	}
	if statuses, ok := m["statuses"].([]any); ok {
		summary.GQLStatuses, summary.Notifications = readStatuses(statuses)
		return
	}
	notifications, _ := m["notifications"].([]any)
	summary.Notifications = readNotifications(notifications)
	summary.GQLStatuses = client.StatusesOf(summary.Notifications, conclusion)
}

// countersOf reads the counters. A server before 4.0 does not say whether there were updates; it is what the counters say.
func countersOf(m map[string]any) client.Counters {
	c := client.Counters{
		NodesCreated:         integer(m, "nodes-created"),
		NodesDeleted:         integer(m, "nodes-deleted"),
		RelationshipsCreated: integer(m, "relationships-created"),
		RelationshipsDeleted: integer(m, "relationships-deleted"),
		PropertiesSet:        integer(m, "properties-set"),
		LabelsAdded:          integer(m, "labels-added"),
		LabelsRemoved:        integer(m, "labels-removed"),
		IndexesAdded:         integer(m, "indexes-added"),
		IndexesRemoved:       integer(m, "indexes-removed"),
		ConstraintsAdded:     integer(m, "constraints-added"),
		ConstraintsRemoved:   integer(m, "constraints-removed"),
		SystemUpdates:        integer(m, "system-updates"),
	}
	var told bool
	if c.ContainsUpdates, told = m["contains-updates"].(bool); !told {
		c.ContainsUpdates = c.NodesCreated|c.NodesDeleted|c.RelationshipsCreated|c.RelationshipsDeleted|c.PropertiesSet|
			c.LabelsAdded|c.LabelsRemoved|c.IndexesAdded|c.IndexesRemoved|c.ConstraintsAdded|c.ConstraintsRemoved != 0
	}
	if c.ContainsSystemUpdates, told = m["contains-system-updates"].(bool); !told {
		c.ContainsSystemUpdates = c.SystemUpdates != 0
	}
	return c
}
