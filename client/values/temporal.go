package values

import (
	"math"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// temporal reads the fields of a temporal structure; known is false if tag and n belong to no such structure.
func (h *hydrator) temporal(tag byte, n int) (v any, known bool, err error) {
	switch {
	case tag == wire.StructDate && n == 1:
		v, err = h.date()
	case tag == wire.StructTime && n == 2:
		v, err = h.time()
	case tag == wire.StructLocalTime && n == 1:
		v, err = h.localTime()
	case tag == wire.StructLocalDateTime && n == 2:
		v, err = h.localDateTime()
	case tag == wire.StructDuration && n == 4:
		v, err = h.duration()
	case (tag == wire.StructDateTime || tag == wire.StructLegacyDateTime) && n == 3:
		v, err = h.dateTime(tag == wire.StructDateTime)
	case (tag == wire.StructDateTimeZoneID || tag == wire.StructLegacyDateTimeZone) && n == 3:
		v, err = h.dateTimeZoneID(tag == wire.StructDateTimeZoneID)
	default:
		return nil, false, nil
	}
	return v, true, err
}

// bounded reads an integer between bounds.
func (h *hydrator) bounded(minimum, maximum int64) (int64, error) {
	start := h.Offset()
	v, err := h.Int()
	if err == nil && (v < minimum || v > maximum) {
		err = &packstream.Error{Offset: start, Err: packstream.ErrRange}
	}
	return v, err
}

// moment reads seconds, within the limits of Neo4j's years, and nanoseconds.
func (h *hydrator) moment() (seconds, nanos int64, err error) {
	if seconds, err = h.bounded(-largestSeconds, largestSeconds); err == nil {
		nanos, err = h.bounded(0, int64(time.Second)-1)
	}
	return seconds, nanos, err
}

func (h *hydrator) date() (any, error) {
	days, err := h.bounded(-largestSeconds/secondsPerDay, largestSeconds/secondsPerDay)
	if err != nil {
		return nil, err
	}
	return dbtype.Date(time.Unix(days*secondsPerDay, 0).UTC()), nil
}

func (h *hydrator) offset() (*time.Location, error) {
	seconds, err := h.bounded(-largestOffset, largestOffset)
	if err != nil {
		return nil, err
	}
	return fixedZone(int(seconds)), nil
}

func (h *hydrator) time() (any, error) {
	nanos, err := h.nanosOfDay()
	if err != nil {
		return nil, err
	}
	zone, err := h.offset()
	if err != nil {
		return nil, err
	}
	return dbtype.Time(clock(nanos, zone)), nil
}

func (h *hydrator) localTime() (any, error) {
	nanos, err := h.nanosOfDay()
	if err != nil {
		return nil, err
	}
	return dbtype.LocalTime(clock(nanos, time.Local)), nil
}

func (h *hydrator) nanosOfDay() (int64, error) {
	return h.bounded(0, secondsPerDay*int64(time.Second)-1)
}

// clock is a time of day on the zero date.
func clock(nanos int64, zone *time.Location) time.Time {
	return time.Date(0, 0, 0, 0, 0, int(nanos/int64(time.Second)), int(nanos%int64(time.Second)), zone)
}

// localDateTime returns a time in time.Local, as neo4j-go-driver does; but in UTC if time.Local has no such clock time,
// so that it still shows the sent time.
func (h *hydrator) localDateTime() (any, error) {
	seconds, nanos, err := h.moment()
	if err != nil {
		return nil, err
	}
	t := onClock(seconds, nanos, time.Local)
	if shown(t) != seconds {
		t = time.Unix(seconds, nanos).UTC()
	}
	return dbtype.LocalDateTime(t), nil
}

func (h *hydrator) dateTime(utc bool) (any, error) {
	seconds, nanos, err := h.moment()
	if err != nil {
		return nil, err
	}
	zone, err := h.offset()
	if err != nil {
		return nil, err
	}
	if utc {
		return time.Unix(seconds, nanos).In(zone), nil
	}
	return onClock(seconds, nanos, zone), nil
}

func (h *hydrator) dateTimeZoneID(utc bool) (any, error) {
	seconds, nanos, err := h.moment()
	if err != nil {
		return nil, err
	}
	name, err := h.string()
	if err != nil {
		return nil, err
	}
	zone, err := namedZone(name)
	if err != nil { // the value is well formed, but this machine does not know the zone
		return &dbtype.InvalidValue{Message: "a date and time in a zone that is not known here: " + name, Err: err}, nil
	}
	if utc {
		return time.Unix(seconds, nanos).In(zone), nil
	}
	return onClock(seconds, nanos, zone), nil
}

func (h *hydrator) duration() (any, error) {
	var d dbtype.Duration
	for _, part := range []*int64{&d.Months, &d.Days, &d.Seconds} {
		var err error
		if *part, err = h.Int(); err != nil {
			return nil, err
		}
	}
	nanos, err := h.bounded(math.MinInt32, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	d.Nanos = int(nanos)
	return d, nil
}
