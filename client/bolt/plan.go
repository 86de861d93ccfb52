package bolt

import (
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// planOf reads the metadata entries plan and profile, which have the same form; profile has figures too.
func planOf(m map[string]any, depth int) *client.Plan {
	p := &client.Plan{
		Operator:          text(m, "operatorType"),
		DBHits:            integer(m, "dbHits"),
		Rows:              integer(m, "rows"),
		PageCacheHits:     integer(m, "pageCacheHits"),
		PageCacheMisses:   integer(m, "pageCacheMisses"),
		PageCacheHitRatio: number(m, "pageCacheHitRatio"),
		Time:              time.Duration(integer(m, "time")),
	}
	p.Arguments, _ = m["args"].(map[string]any)
	identifiers, _ := m["identifiers"].([]any)
	for _, identifier := range identifiers {
		if s, ok := identifier.(string); ok {
			p.Identifiers = append(p.Identifiers, s)
		}
	}
	children, _ := m["children"].([]any)
	for _, child := range children {
		if c, ok := child.(map[string]any); ok && depth < packstream.MaxDepth {
			p.Children = append(p.Children, planOf(c, depth+1))
		}
	}
	return p
}

func number(m map[string]any, key string) float64 {
	switch v := m[key].(type) {
	case float64:
		return v
	case int64:
		return float64(v)
	}
	return 0
}
