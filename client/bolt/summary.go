package bolt

import (
	"slices"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
	"github.com/webbolt/webbolt/client/packstream"
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
		Transport:      s.transport(),
	}
	describe(summary, s.runMetadata, nil)
	if s.endMetadata != nil {
		var last told
		describe(summary, s.endMetadata, &last)
		unseen := s.discards || s.dropping && s.relayed.number > 0 // rows that were dropped unseen
		last.conclude(summary, client.ConclusionOf(len(s.keys), s.received, unseen))
	}
	if s.ended {
		s.summary = summary
		summary.KeepMetadata(slices.Clone(s.runMetadata), slices.Clone(s.endMetadata))
		s.runMetadata, s.endMetadata = nil, nil // they hold an arena
	}
	return summary
}

// told is what the end of a result says of it: one of the lists, or neither.
type told struct {
	statuses      []any // Bolt 5.5 and later
	notifications []any
}

// describe reads what the answer to RUN says, and what the last PULL's says where last is given. Bolt 3 calls the times
// result_available_after and result_consumed_after. What is of another type than it should be is left out.
func describe(summary *client.Summary, metadata []byte, last *told) {
	reader := packstream.NewReader(metadata)
	n, err := reader.MapHeader()
	for ; err == nil && n > 0; n-- {
		key, failed := reader.StringBytes()
		if failed != nil {
			return
		}
		var raw []byte
		if raw, err = reader.Raw(); err != nil {
			return
		}
		value := packstream.NewReader(raw)
		switch string(key) {
		case "t_first", "result_available_after":
			readTime(&value, &summary.AvailableAfter)
		case "t_last", "result_consumed_after":
			readTime(&value, &summary.ConsumedAfter)
		case "db":
			if db := readText(&value); db != "" {
				summary.Database = db
			}
		default:
			if last != nil {
				last.read(summary, string(key), &value)
			}
		}
	}
}

// read reads what only the end of a result contains.
func (t *told) read(summary *client.Summary, key string, value *packstream.Reader) {
	switch key {
	case "type":
		summary.QueryType = readText(value)
	case "bookmark":
		summary.Bookmark = readText(value)
	case "stats":
		if stats := readMap(value); stats != nil {
			summary.Counters = facts.Counters(stats, facts.BoltCounters)
		}
	case "plan":
		summary.Plan = facts.Plan(readMap(value), facts.BoltPlan)
	case "profile":
		summary.Profile = facts.Plan(readMap(value), facts.BoltPlan)
	case "statuses":
		t.statuses = readList(value)
	case "notifications":
		t.notifications = readList(value)
	}
}

// conclude makes the statuses of notifications, or these of those: servers send one of both.
func (t *told) conclude(summary *client.Summary, conclusion client.Conclusion) {
	if t.statuses != nil {
		summary.GQLStatuses, summary.Notifications = readStatuses(t.statuses)
		return
	}
	summary.Notifications = facts.Notifications(t.notifications)
	summary.GQLStatuses = client.StatusesOf(summary.Notifications, conclusion)
}

func readTime(value *packstream.Reader, to *time.Duration) {
	if milliseconds, err := value.Int(); err == nil {
		*to = time.Duration(milliseconds) * time.Millisecond
	}
}

func readText(value *packstream.Reader) string {
	text, err := value.String()
	if err != nil {
		return ""
	}
	return text
}

func readMap(value *packstream.Reader) map[string]any {
	whole, err := value.Any()
	if err != nil {
		return nil
	}
	entries, _ := whole.(map[string]any)
	return entries
}

func readList(value *packstream.Reader) []any {
	whole, err := value.Any()
	if err != nil {
		return nil
	}
	list, _ := whole.([]any)
	return list
}
