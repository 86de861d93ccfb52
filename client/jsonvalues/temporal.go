package jsonvalues

import (
	"math/bits"
	"strconv"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

const (
	secondsPerDay  = 86400
	nanosPerSecond = 1_000_000_000
)

// temporal writes the value of an ISO 8601 text, whose form shows its type. The text is in the input before the cursor.
func (c *cursor) temporal(text []byte) error {
	t := isoText{rest: text}
	if t.peek() == 'P' || t.peek() == '-' && len(text) > 1 && text[1] == 'P' {
		out, ok := t.duration(c.out)
		if !ok {
			return c.notTemporal()
		}
		c.out = out
		return nil
	}
	out, ok := t.instant(c.out)
	if !ok || len(t.rest) > 0 {
		return c.notTemporal()
	}
	c.out = out
	return nil
}

func (c *cursor) notTemporal() error {
	return &syntaxError{offset: c.at, wanted: "a date, time or duration of ISO 8601 before"}
}

// isoText parses an ISO 8601 text.
type isoText struct{ rest []byte }

func (t *isoText) peek() byte {
	if len(t.rest) == 0 {
		return 0
	}
	return t.rest[0]
}

func (t *isoText) accept(b byte) bool {
	if t.peek() != b {
		return false
	}
	t.rest = t.rest[1:]
	return true
}

// digits parses at least atLeast and at most atMost decimal digits.
func (t *isoText) digits(atLeast, atMost int) (n int64, ok bool) {
	i := 0
	for i < len(t.rest) && i < atMost && t.rest[i]-'0' <= 9 {
		n = n*10 + int64(t.rest[i]-'0')
		i++
	}
	t.rest = t.rest[i:]
	return n, i >= atLeast
}

// instant parses anything but a duration.
func (t *isoText) instant(out []byte) ([]byte, bool) {
	if len(t.rest) > 2 && t.rest[2] == ':' {
		nanos, ok := t.clock()
		if !ok {
			return out, false
		}
		if len(t.rest) == 0 {
			out = packstream.AppendStructHeader(out, wire.StructLocalTime, 1)
			return packstream.AppendInt(out, nanos), true
		}
		offset, ok := t.offset()
		out = packstream.AppendStructHeader(out, wire.StructTime, 2)
		out = packstream.AppendInt(out, nanos)
		return packstream.AppendInt(out, offset), ok
	}
	days, ok := t.date()
	if !ok {
		return out, false
	}
	if len(t.rest) == 0 {
		out = packstream.AppendStructHeader(out, wire.StructDate, 1)
		return packstream.AppendInt(out, days), true
	}
	if !t.accept('T') {
		return out, false
	}
	nanos, ok := t.clock()
	if !ok {
		return out, false
	}
	return t.dateTime(out, days*secondsPerDay+nanos/nanosPerSecond, nanos%nanosPerSecond)
}

// dateTime parses the part after the time of day; seconds are local.
func (t *isoText) dateTime(out []byte, seconds, nanos int64) ([]byte, bool) {
	if len(t.rest) == 0 {
		out = packstream.AppendStructHeader(out, wire.StructLocalDateTime, 2)
		out = packstream.AppendInt(out, seconds)
		return packstream.AppendInt(out, nanos), true
	}
	offset, ok := t.offset()
	if !ok {
		return out, false
	}
	if !t.accept('[') {
		out = packstream.AppendStructHeader(out, wire.StructDateTime, 3)
		out = packstream.AppendInt(out, seconds-offset)
		out = packstream.AppendInt(out, nanos)
		return packstream.AppendInt(out, offset), true
	}
	n := len(t.rest) - 1
	if n < 1 || t.rest[n] != ']' {
		return out, false
	}
	zone := t.rest[:n]
	t.rest = nil
	out = packstream.AppendStructHeader(out, wire.StructDateTimeZoneID, 3)
	out = packstream.AppendInt(out, seconds-offset)
	out = packstream.AppendInt(out, nanos)
	return appendText(out, zone), true
}

// date parses a date and returns the days since 1970-01-01.
func (t *isoText) date() (int64, bool) {
	negative := t.accept('-')
	if !negative {
		t.accept('+')
	}
	year, ok1 := t.digits(4, 10)
	sep1 := t.accept('-')
	month, ok2 := t.digits(2, 2)
	sep2 := t.accept('-')
	day, ok3 := t.digits(2, 2)
	if !ok1 || !ok2 || !ok3 || !sep1 || !sep2 || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	if negative {
		year = -year
	}
	return epochDay(year, month, day), true
}

// epochDay counts days in the proleptic Gregorian calendar. Years start in March here, so that a leap day comes last.
func epochDay(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	century, yearOf := floorDiv(year, 400)
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	return century*146097 + yearOf*365 + yearOf/4 - yearOf/100 + dayOfYear - 719468
}

func floorDiv(a, b int64) (quotient, remainder int64) {
	quotient, remainder = a/b, a%b
	if remainder < 0 {
		quotient, remainder = quotient-1, remainder+b
	}
	return quotient, remainder
}

// clock parses a time of day and returns its nanoseconds.
func (t *isoText) clock() (int64, bool) {
	hour, ok1 := t.digits(2, 2)
	colon := t.accept(':')
	minute, ok2 := t.digits(2, 2)
	if !ok1 || !ok2 || !colon || hour > 23 || minute > 59 {
		return 0, false
	}
	var second, nanos int64
	if t.accept(':') {
		var ok bool
		if second, ok = t.digits(2, 2); !ok || second > 59 {
			return 0, false
		}
		if nanos, ok = t.fraction(); !ok {
			return 0, false
		}
	}
	return ((hour*60+minute)*60+second)*nanosPerSecond + nanos, true
}

// fraction parses an optional fraction of a second and returns it in nanoseconds.
func (t *isoText) fraction() (int64, bool) {
	if !t.accept('.') {
		return 0, true
	}
	before := len(t.rest)
	nanos, ok := t.digits(1, 9)
	for i := before - len(t.rest); i < 9; i++ {
		nanos *= 10
	}
	return nanos, ok
}

// offset parses Z or ±HH:MM, with or without :SS, and returns seconds east of Greenwich.
func (t *isoText) offset() (int64, bool) {
	if t.accept('Z') {
		return 0, true
	}
	negative := t.accept('-')
	if !negative && !t.accept('+') {
		return 0, false
	}
	nanos, ok := t.clock()
	if !ok || nanos%nanosPerSecond != 0 {
		return 0, false
	}
	if negative {
		nanos = -nanos
	}
	return nanos / nanosPerSecond, true
}

// duration parses P…Y…M…W…DT…H…M…S, each part with its own sign, and writes a Duration.
func (t *isoText) duration(out []byte) ([]byte, bool) {
	var d amounts
	all := t.accept('-')
	t.accept('P')
	if len(t.rest) == 0 {
		return out, false
	}
	inTime := false
	for len(t.rest) > 0 {
		if !inTime && t.accept('T') {
			inTime = true
			if len(t.rest) == 0 {
				return out, false
			}
		}
		negative := t.accept('-') != all
		start := t.rest
		for t.peek()-'0' <= 9 {
			t.rest = t.rest[1:]
		}
		whole := start[:len(start)-len(t.rest)]
		nanos, ok := t.fraction()
		if !ok || len(t.rest) == 0 || !d.add(t.rest[0], inTime, negative, whole, nanos) {
			return out, false
		}
		t.rest = t.rest[1:]
	}
	if d.nanos < 0 {
		if d.seconds == -1<<63 {
			return out, false
		}
		d.seconds--
		d.nanos += nanosPerSecond
	}
	out = packstream.AppendStructHeader(out, wire.StructDuration, 4)
	out = packstream.AppendInt(out, d.months)
	out = packstream.AppendInt(out, d.days)
	out = packstream.AppendInt(out, d.seconds)
	return packstream.AppendInt(out, d.nanos), true
}

// amounts are the parts of a duration; nanos has the sign of what was read.
type amounts struct{ months, days, seconds, nanos int64 }

// add adds one part, such as 15M, with its fraction in billionths. It reports whether the part is valid and fits.
func (d *amounts) add(unit byte, inTime, negative bool, whole []byte, nanos int64) bool {
	n, err := strconv.ParseUint(string(whole), 10, 64)
	if err != nil {
		return false
	}
	if unit != 'S' && nanos != 0 {
		return false
	}
	switch {
	case !inTime && unit == 'Y':
		return addTimes(&d.months, n, 12, negative)
	case !inTime && unit == 'M':
		return addTimes(&d.months, n, 1, negative)
	case !inTime && unit == 'W':
		return addTimes(&d.days, n, 7, negative)
	case !inTime && unit == 'D':
		return addTimes(&d.days, n, 1, negative)
	case inTime && unit == 'H':
		return addTimes(&d.seconds, n, 3600, negative)
	case inTime && unit == 'M':
		return addTimes(&d.seconds, n, 60, negative)
	case inTime && unit == 'S':
		d.nanos = nanos
		if negative {
			d.nanos = -nanos
		}
		return addTimes(&d.seconds, n, 1, negative)
	}
	return false
}

// addTimes adds n times factor to sum, and reports whether the result fits.
func addTimes(sum *int64, n, factor uint64, negative bool) bool {
	high, product := bits.Mul64(n, factor)
	if high != 0 || product > 1<<63 || product == 1<<63 && !negative {
		return false
	}
	amount := int64(product)
	if negative {
		amount = -amount
	}
	result := *sum + amount
	if (result < *sum) != (amount < 0) && amount != 0 {
		return false
	}
	*sum = result
	return true
}
