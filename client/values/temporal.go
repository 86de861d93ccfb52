package values

import (
	"math"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/webbolt/webbolt/client/packstream"
)

const secondsPerDay = 24 * 60 * 60

// offsetZone names zones that are only an offset, as neo4j-go-driver does.
const offsetZone = "Offset"

// temporal reads the fields of a temporal structure; known is false when tag and n are none.
func (h *hydrator) temporal(tag byte, n int) (v any, known bool, err error) {
	switch {
	case tag == tagDate && n == 1:
		v, err = h.date()
	case tag == tagTime && n == 2:
		v, err = h.time()
	case tag == tagLocalTime && n == 1:
		v, err = h.localTime()
	case tag == tagLocalDateTime && n == 2:
		v, err = h.localDateTime()
	case tag == tagDuration && n == 4:
		v, err = h.duration()
	case n != 3:
		return nil, false, nil
	case tag == tagDateTime || tag == tagLegacyDateTime:
		v, err = h.dateTime(tag == tagDateTime)
	case tag == tagDateTimeZoneID || tag == tagLegacyZoneID:
		v, err = h.dateTimeZoneID(tag == tagDateTimeZoneID)
	default:
		return nil, false, nil
	}
	if err != nil {
		v = nil
	}
	return v, true, err
}

func (h *hydrator) ints(dest ...*int64) error {
	for _, d := range dest {
		var err error
		if *d, err = h.Int(); err != nil {
			return err
		}
	}
	return nil
}

func (h *hydrator) date() (any, error) {
	days, err := h.Int()
	if err != nil {
		return nil, err
	}
	if days > math.MaxInt64/secondsPerDay || days < math.MinInt64/secondsPerDay {
		return nil, h.malformed(packstream.ErrRange)
	}
	return dbtype.Date(time.Unix(days*secondsPerDay, 0).UTC()), nil
}

func (h *hydrator) offset(seconds int64) (*time.Location, error) {
	if seconds < -secondsPerDay || seconds > secondsPerDay {
		return nil, h.malformed(packstream.ErrRange)
	}
	return time.FixedZone(offsetZone, int(seconds)), nil
}

func (h *hydrator) time() (any, error) {
	var nanos, seconds int64
	if err := h.ints(&nanos, &seconds); err != nil {
		return nil, err
	}
	zone, err := h.offset(seconds)
	return dbtype.Time(clock(nanos, zone)), err
}

func (h *hydrator) localTime() (any, error) {
	nanos, err := h.Int()
	return dbtype.LocalTime(clock(nanos, time.Local)), err
}

// clock is a time of day on the zero date.
func clock(nanos int64, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	return time.Date(0, 0, 0, 0, 0, int(nanos/int64(time.Second)), int(nanos%int64(time.Second)), zone)
}

func (h *hydrator) localDateTime() (any, error) {
	var seconds, nanos int64
	err := h.ints(&seconds, &nanos)
	return dbtype.LocalDateTime(onClock(seconds, nanos, time.Local)), err
}

// onClock is the moment at which a clock in the zone shows what a clock in UTC shows so many seconds after 1970.
func onClock(seconds, nanos int64, zone *time.Location) time.Time {
	t := time.Unix(seconds, nanos).UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
}

func (h *hydrator) dateTime(utc bool) (any, error) {
	var seconds, nanos, offset int64
	if err := h.ints(&seconds, &nanos, &offset); err != nil {
		return nil, err
	}
	zone, err := h.offset(offset)
	if err != nil {
		return nil, err
	}
	if utc {
		return time.Unix(seconds, nanos).In(zone), nil
	}
	return onClock(seconds, nanos, zone), nil
}

func (h *hydrator) dateTimeZoneID(utc bool) (any, error) {
	var seconds, nanos int64
	if err := h.ints(&seconds, &nanos); err != nil {
		return nil, err
	}
	name, err := h.string()
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(name)
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
	var nanos int64
	err := h.ints(&d.Months, &d.Days, &d.Seconds, &nanos)
	d.Nanos = int(nanos)
	return d, err
}
