package values

import (
	"errors"
	"strconv"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/webbolt/webbolt/client/packstream"
)

// Append appends a Go value: what packstream.Append takes, time.Time (its zone's name is sent unless it is only an offset), time.Duration,
// dbtype's temporal and spatial types, Vector, pointers, and slices and maps of other element types. Nodes, relationships
// and paths cannot be sent. It returns an [*Error] for what cannot be sent.
func Append(b []byte, v any, d Dialect) ([]byte, error) { return appendValue(b, v, d, 0) }

// AppendMap appends a map of parameters. Paths in errors begin with the parameter's name, as in $people[3].born.
func AppendMap(b []byte, m map[string]any, d Dialect) ([]byte, error) {
	b = packstream.AppendMapHeader(b, len(m))
	for key, value := range m {
		var err error
		if b, err = appendValue(packstream.AppendString(b, key), value, d, 1); err != nil {
			return nil, within("$"+key, err)
		}
	}
	return b, nil
}

func within(step string, err error) error {
	inner, is := errors.AsType[*Error](err)
	if !is {
		inner = &Error{Message: err.Error()}
	}
	return &Error{Path: step + inner.Path, Message: inner.Message}
}

func appendValue(b []byte, v any, d Dialect, depth int) ([]byte, error) {
	if depth > packstream.MaxDepth {
		return nil, &Error{Message: "the value is nested too deep, or contains itself"}
	}
	switch v := v.(type) {
	case nil:
		return packstream.AppendNull(b), nil
	case bool:
		return packstream.AppendBool(b, v), nil
	case int:
		return packstream.AppendInt(b, int64(v)), nil
	case int64:
		return packstream.AppendInt(b, v), nil
	case float64:
		return packstream.AppendFloat(b, v), nil
	case string:
		return packstream.AppendString(b, v), nil
	case []byte:
		return packstream.AppendBytes(b, v), nil
	case packstream.Raw:
		return append(b, v...), nil
	case packstream.Structure:
		return packstream.Append(b, v)
	case []any:
		b = packstream.AppendListHeader(b, len(v))
		for i, item := range v {
			var err error
			if b, err = appendValue(b, item, d, depth+1); err != nil {
				return nil, within("["+strconv.Itoa(i)+"]", err)
			}
		}
		return b, nil
	case map[string]any:
		b = packstream.AppendMapHeader(b, len(v))
		for key, item := range v {
			var err error
			if b, err = appendValue(packstream.AppendString(b, key), item, d, depth+1); err != nil {
				return nil, within("."+key, err)
			}
		}
		return b, nil
	}
	if out, known, err := appendStructure(b, v, d); known {
		return out, err
	}
	return appendReflected(b, v, d, depth)
}

func appendStructure(b []byte, v any, d Dialect) (out []byte, known bool, err error) {
	switch v := v.(type) {
	case time.Time:
		b, err = appendDateTime(b, v, d)
	case time.Duration:
		b = appendInts(packstream.AppendStructHeader(b, tagDuration, 4), 0, 0, int64(v/time.Second), int64(v%time.Second))
	case dbtype.Duration:
		b = appendInts(packstream.AppendStructHeader(b, tagDuration, 4), v.Months, v.Days, v.Seconds, int64(v.Nanos))
	case dbtype.Date:
		b = appendInts(packstream.AppendStructHeader(b, tagDate, 1), floorDays(shown(time.Time(v))))
	case dbtype.Time:
		_, offset := time.Time(v).Zone()
		b = appendInts(packstream.AppendStructHeader(b, tagTime, 2), nanosOfDay(time.Time(v)), int64(offset))
	case dbtype.LocalTime:
		b = appendInts(packstream.AppendStructHeader(b, tagLocalTime, 1), nanosOfDay(time.Time(v)))
	case dbtype.LocalDateTime:
		b = appendInts(packstream.AppendStructHeader(b, tagLocalDateTime, 2), shown(time.Time(v)), int64(time.Time(v).Nanosecond()))
	case dbtype.Point2D:
		b = appendInts(packstream.AppendStructHeader(b, tagPoint2D, 3), int64(v.SpatialRefId))
		b = packstream.AppendFloat(packstream.AppendFloat(b, v.X), v.Y)
	case dbtype.Point3D:
		b = appendInts(packstream.AppendStructHeader(b, tagPoint3D, 4), int64(v.SpatialRefId))
		b = packstream.AppendFloat(packstream.AppendFloat(packstream.AppendFloat(b, v.X), v.Y), v.Z)
	case Vector:
		b, err = appendVector(b, v, d)
	case UUID:
		if !d.UUID {
			return nil, true, &Error{Message: "this connection cannot carry UUIDs: they need Bolt 6.1; send the text of it"}
		}
		b = packstream.AppendUUID(b, v)
	case dbtype.Node, dbtype.Relationship, dbtype.Path:
		err = &Error{Message: "nodes, relationships and paths cannot be sent; send an element id, or properties"}
	case dbtype.InvalidValue, Unsupported, Unknown:
		err = &Error{Message: "a value that could not be read cannot be sent"}
	default:
		return nil, false, nil
	}
	return b, true, err
}

func appendInts(b []byte, ints ...int64) []byte {
	for _, i := range ints {
		b = packstream.AppendInt(b, i)
	}
	return b
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
	return (int64(t.Hour())*3600+int64(t.Minute())*60+int64(t.Second()))*int64(time.Second) + int64(t.Nanosecond())
}

// appendDateTime sends the zone's name where it has one that a server can know, else its offset.
func appendDateTime(b []byte, t time.Time, d Dialect) ([]byte, error) {
	_, offset := t.Zone()
	zone := t.Location().String()
	seconds, named, numbered := t.Unix(), byte(tagDateTimeZoneID), byte(tagDateTime)
	if !d.UTC {
		seconds, named, numbered = shown(t), tagLegacyZoneID, tagLegacyDateTime
	}
	if zone == offsetZone || zone == "" || zone == "Local" {
		return appendInts(packstream.AppendStructHeader(b, numbered, 3), seconds, int64(t.Nanosecond()), int64(offset)), nil
	}
	b = appendInts(packstream.AppendStructHeader(b, named, 3), seconds, int64(t.Nanosecond()))
	return packstream.AppendString(b, zone), nil
}
