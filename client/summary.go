package client

import "time"

// Summary is what is known about a query's execution. It is final once the result is complete.
type Summary struct {
	Complete bool // nothing more will come

	Query          string
	QueryType      string // "r", "w", "rw", "s", or "" while unknown
	Counters       Counters
	Plan           *Plan // for EXPLAIN
	Profile        *Plan `js:",profiled"` // for PROFILE
	Notifications  []Notification
	GQLStatuses    []GQLStatus
	AvailableAfter time.Duration `js:",unknown"` // until the first record was ready on the server; -1 while unknown
	ConsumedAfter  time.Duration `js:",unknown"` // until the last record was consumed on the server; -1 while unknown
	ServerAddress  string        `js:"server.address"`
	ServerAgent    string        `js:"server.agent"` // such as "Neo4j/5.26.30"
	Protocol       Version       `js:"server.protocolVersion"`
	Database       string
	Transport      Transport // how the rows came
	Bookmark       string    // of an auto-commit query, once complete

	metadata [2][]byte `js:"-"`
}

// Transport is how the rows of a result came. Where they came in several ways, it is the last in this order.
type Transport string

const (
	TransportUnknown   Transport = ""          // of a query that did not run
	TransportTCP       Transport = "tcp"       // Bolt over TCP, with or without TLS
	TransportWebSocket Transport = "websocket" // records of Bolt over a WebSocket
	TransportBlocks    Transport = "blocks"    // row blocks from a relay, over a WebSocket
	TransportLane      Transport = "lane"      // row blocks from a relay, bulk ones over an HTTP response of their own
	TransportHTTP      Transport = "http"      // an HTTP API of the server
)

// Metadata returns the server's metadata from its answer to RUN and from the end of the result, each a PackStream map.
// Both are nil over HTTP, and until the result is complete.
func (s *Summary) Metadata() (run, end []byte) { return s.metadata[0], s.metadata[1] }

// KeepMetadata is for implementations of [Connection].
func (s *Summary) KeepMetadata(run, end []byte) { s.metadata = [2][]byte{run, end} }

// Counters say what a query changed.
type Counters struct {
	NodesCreated, NodesDeleted                 int64
	RelationshipsCreated, RelationshipsDeleted int64
	PropertiesSet                              int64
	LabelsAdded, LabelsRemoved                 int64
	IndexesAdded, IndexesRemoved               int64
	ConstraintsAdded, ConstraintsRemoved       int64
	SystemUpdates                              int64
	ContainsUpdates, ContainsSystemUpdates     bool
}

// Plan is one operator of a query plan, with its children. Only PROFILE gives the figures.
type Plan struct {
	Operator          string
	Identifiers       []string
	Arguments         map[string]any
	Children          []*Plan
	DBHits            int64         `js:",profiled,large"`
	Rows              int64         `js:",profiled,large"`
	PageCacheHits     int64         `js:",profiled,large"`
	PageCacheMisses   int64         `js:",profiled,large"`
	PageCacheHitRatio float64       `js:",profiled"`
	Time              time.Duration `js:",profiled"`
}

// Notification is a hint from the server about the query.
type Notification struct {
	Code        string
	Title       string
	Description string
	Severity    string
	Category    string
	Position    *Position
}

// Position is a place in a query's text: Line and Column from 1, Offset from 0.
type Position struct {
	Offset, Line, Column int
}
