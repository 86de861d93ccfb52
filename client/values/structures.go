package values

import (
	"strconv"

	"github.com/webbolt/webbolt/client/packstream"
)

// Tags of structures.
const (
	tagNode                = 'N'
	tagRelationship        = 'R'
	tagUnboundRelationship = 'r'
	tagPath                = 'P'
	tagPoint2D             = 'X'
	tagPoint3D             = 'Y'
	tagDate                = 'D'
	tagTime                = 'T'
	tagLocalTime           = 't'
	tagLocalDateTime       = 'd'
	tagDateTime            = 'I' // seconds since 1970 UTC
	tagDateTimeZoneID      = 'i'
	tagLegacyDateTime      = 'F' // seconds since 1970 on the local clock
	tagLegacyZoneID        = 'f'
	tagDuration            = 'E'
	tagVector              = 'V'
	tagUnsupported         = '?'
)

// Dialect is what a connection's protocol version can carry.
type Dialect struct {
	UTC    bool // dates and times with a zone as UTC: Bolt 5.0 and later, or patch_bolt "utc" on 4.3 and 4.4
	Vector bool // Bolt 6.0 and later
	UUID   bool // Bolt 6.1 and later
}

// UUID is a universally unique identifier (Bolt 6.1 and later).
type UUID = packstream.UUID

// Vector is a vector of numbers (Bolt 6.0 and later). Elements is one of []int8, []int16, []int32, []int64, []float32, []float64.
type Vector struct {
	Elements any
}

// Unsupported stands for a value that this protocol version cannot carry (Bolt 6.0 and later).
type Unsupported struct {
	Name         string // of the type
	MinimumBolt  string // the first version that can carry it, such as "6.1"
	ExtraMessage string
}

// Unknown is a structure that this package does not know.
type Unknown struct {
	Tag    byte
	Fields []any
}

// Error: a Go value that cannot be sent, and where it lies.
type Error struct {
	Path    string // such as $people[3].born
	Message string
}

func (e *Error) Error() string {
	if e.Path == "" {
		return e.Message
	}
	return strconv.Quote(e.Path) + ": " + e.Message
}
