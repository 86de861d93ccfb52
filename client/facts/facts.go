// Package facts reads what servers send besides rows: counters, plans, notifications, routing tables. The protocols
// send them as maps with different keys; keys that only one protocol has are in its package. Entries that are absent or
// of another type are left out.
package facts

import (
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// Text returns a text, or "".
func Text(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}

// Integer returns an integer, or 0.
func Integer(m map[string]any, key string) int64 {
	n, _ := m[key].(int64)
	return n
}

// Number returns a float or an integer as a float, or 0.
func Number(m map[string]any, key string) float64 {
	switch v := m[key].(type) {
	case float64:
		return v
	case int64:
		return float64(v)
	}
	return 0
}

// Map returns a map, or nil.
func Map(m map[string]any, key string) map[string]any {
	inner, _ := m[key].(map[string]any)
	return inner
}

// List returns a list, or nil.
func List(m map[string]any, key string) []any {
	list, _ := m[key].([]any)
	return list
}

// Texts returns the texts of a list, or nil.
func Texts(m map[string]any, key string) []string {
	var all []string
	for _, item := range List(m, key) {
		if s, ok := item.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// Decode decodes a map in PackStream. It returns nil if that fails.
func Decode(raw []byte) map[string]any {
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

// Fields returns a record's values by name. Structures are not decoded: Record.AsMap would link all types of values
// into the program for browser pages.
func Fields(record *client.Record) (map[string]any, error) {
	reader := packstream.NewReader(record.Raw())
	value, err := reader.Any()
	if err != nil {
		return nil, &client.ProtocolError{Message: "the server sent a record that cannot be decoded", Err: err}
	}
	list, _ := value.([]any)
	fields := make(map[string]any, len(list))
	for i, key := range record.Keys() {
		if i < len(list) {
			fields[key] = list[i]
		}
	}
	return fields, nil
}
