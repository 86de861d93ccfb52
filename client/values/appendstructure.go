package values

import (
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// appendStructure appends what is a structure or a UUID; known is false when v is neither.
func appendStructure(b []byte, v any, d Dialect) (out []byte, known bool, err error) {
	switch v := v.(type) {
	case time.Time:
		b = appendDateTime(b, v, d)
	case time.Duration:
		b = appendInts(b, wire.StructDuration, 0, 0, int64(v/time.Second), int64(v%time.Second))
	case dbtype.Duration:
		b = appendInts(b, wire.StructDuration, v.Months, v.Days, v.Seconds, int64(v.Nanos))
	case dbtype.Date:
		b = appendInts(b, wire.StructDate, floorDays(shown(time.Time(v))))
	case dbtype.Time:
		_, offset := time.Time(v).Zone()
		b = appendInts(b, wire.StructTime, nanosOfDay(time.Time(v)), int64(offset))
	case dbtype.LocalTime:
		b = appendInts(b, wire.StructLocalTime, nanosOfDay(time.Time(v)))
	case dbtype.LocalDateTime:
		b = appendInts(b, wire.StructLocalDateTime, shown(time.Time(v)), int64(time.Time(v).Nanosecond()))
	case dbtype.Point2D:
		b = appendPoint(b, wire.StructPoint2D, v.SpatialRefId, v.X, v.Y)
	case dbtype.Point3D:
		b = appendPoint(b, wire.StructPoint3D, v.SpatialRefId, v.X, v.Y, v.Z)
	case Vector:
		b, err = appendVector(b, v, d)
	case UUID:
		if !d.UUID {
			return nil, true, &Error{Message: uuidsUnknown}
		}
		b = packstream.AppendUUID(b, v)
	case dbtype.Node, dbtype.Relationship, dbtype.Path:
		err = &Error{Message: "Neo4j takes no nodes, relationships and paths; send the element id or the properties"}
	case dbtype.InvalidValue, Unsupported, Unknown:
		err = &Error{Message: "it stands for a value that could not be read; leave it out"}
	default:
		return nil, false, nil
	}
	return b, true, err
}

// appendInts appends a structure of integers.
func appendInts(b []byte, tag byte, fields ...int64) []byte {
	b = packstream.AppendStructHeader(b, tag, len(fields))
	for _, i := range fields {
		b = packstream.AppendInt(b, i)
	}
	return b
}

func appendPoint(b []byte, tag byte, srid uint32, coordinates ...float64) []byte {
	b = packstream.AppendStructHeader(b, tag, 1+len(coordinates))
	b = packstream.AppendInt(b, int64(srid))
	for _, c := range coordinates {
		b = packstream.AppendFloat(b, c)
	}
	return b
}

// appendDateTime sends the zone's name if a server can know it and it determines the moment, else the offset.
func appendDateTime(b []byte, t time.Time, d Dialect) []byte {
	_, offset := t.Zone()
	name, named := sentName(t)
	if !d.UTC || d.Patched {
		named = named && instant(shown(t), t.Location()) == t.Unix()
	}
	seconds, byName, byOffset := t.Unix(), byte(wire.StructDateTimeZoneID), byte(wire.StructDateTime)
	if !d.UTC {
		seconds, byName, byOffset = shown(t), wire.StructLegacyDateTimeZone, wire.StructLegacyDateTime
	}
	if !named {
		return appendInts(b, byOffset, seconds, int64(t.Nanosecond()), int64(offset))
	}
	b = packstream.AppendStructHeader(b, byName, 3)
	b = packstream.AppendInt(packstream.AppendInt(b, seconds), int64(t.Nanosecond()))
	return packstream.AppendString(b, name)
}

// shown is how many seconds after 1970 a clock in UTC shows what t shows in its zone.
func shown(t time.Time) int64 {
	_, offset := t.Zone()
	return t.Unix() + int64(offset)
}

func floorDays(seconds int64) int64 {
	days := seconds / secondsPerDay
	if seconds%secondsPerDay < 0 {
		days--
	}
	return days
}

func nanosOfDay(t time.Time) int64 {
	hour, minute, second := t.Clock()
	return int64(hour*3600+minute*60+second)*int64(time.Second) + int64(t.Nanosecond())
}
