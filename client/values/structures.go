package values

import "github.com/webbolt/webbolt/client/packstream"

// Dialect is what a connection's protocol version can carry. The zero Dialect is that of Bolt 3.0 to 4.2.
type Dialect struct {
	UTC bool // dates and times with a zone go as UTC: Bolt 5.0 and later, or patch_bolt "utc" on 4.3 and 4.4
	// UTC comes from patch_bolt; then Neo4j 4.4 only uses the clock time of a moment in a named zone
	Patched bool
	Vector  bool // Bolt 6.0 and later
	UUID    bool // Bolt 6.1 and later
}

// UUID is a universally unique identifier (Bolt 6.1 and later).
type UUID = packstream.UUID

// Unsupported stands for a value that the connection's protocol version cannot carry (Bolt 6.0 and later send it;
// earlier versions send a map with the keys originalType and reason).
type Unsupported struct {
	Name         string // of the type, such as UUID
	MinimumBolt  string // the first version that can carry it, such as 6.1
	ExtraMessage string // the server's explanation; often empty
}

// Unknown is a structure that this package does not know, or not with this number of fields.
type Unknown struct {
	Tag    byte
	Fields []any // hydrated
}

// Error is a Go value that cannot be sent.
type Error struct {
	Path    string // where the value is, such as $people[3].born; empty for the whole argument of Append
	Message string // what is wrong, and what to do
}

func (e *Error) Error() string {
	if e.Path == "" {
		return "the value cannot be sent: " + e.Message
	}
	return e.Path + " cannot be sent: " + e.Message
}
