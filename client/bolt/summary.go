package bolt

import (
	"slices"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
)

// Summary is what is known now. It is decoded on demand.
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
	s.describe(summary, facts.Decode(s.runMetadata))
	if s.endMetadata != nil {
		end := facts.Decode(s.endMetadata)
		s.describe(summary, end)
		unseen := s.discards || s.dropping && s.relayed.number > 0 // rows that were dropped unseen
		conclude(summary, end, client.ConclusionOf(len(s.keys), s.received, unseen))
	}
	if s.ended {
		s.summary = summary
		summary.KeepMetadata(slices.Clone(s.runMetadata), slices.Clone(s.endMetadata))
		s.runMetadata, s.endMetadata = nil, nil // they hold an arena
	}
	return summary
}

// describe reads what the answers to RUN and to the last PULL may both contain. Bolt 3 calls the times
// result_available_after and result_consumed_after.
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
	if db := facts.Text(m, "db"); db != "" {
		summary.Database = db
	}
}

// conclude reads what only the end of a result contains.
func conclude(summary *client.Summary, m map[string]any, conclusion client.Conclusion) {
	summary.QueryType = facts.Text(m, "type")
	summary.Bookmark = facts.Text(m, "bookmark")
	if stats, ok := m["stats"].(map[string]any); ok {
		summary.Counters = facts.Counters(stats, facts.BoltCounters)
	}
	if plan, ok := m["plan"].(map[string]any); ok {
		summary.Plan = facts.Plan(plan, facts.BoltPlan)
	}
	if profile, ok := m["profile"].(map[string]any); ok {
		summary.Profile = facts.Plan(profile, facts.BoltPlan)
	}
	if statuses, ok := m["statuses"].([]any); ok {
		summary.GQLStatuses, summary.Notifications = readStatuses(statuses)
		return
	}
	notifications, _ := m["notifications"].([]any)
	summary.Notifications = facts.Notifications(notifications)
	summary.GQLStatuses = client.StatusesOf(summary.Notifications, conclusion)
}
