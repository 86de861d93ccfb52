package jsonvalues

import "strconv"

// The forms in which temporal values are sent: ISO 8601, as Java reads it.

func appendTwo(b []byte, n int64) []byte { return append(b, '0'+byte(n/10), '0'+byte(n%10)) }

// appendDate appends the date that is this many days after 1970-01-01.
func appendDate(b []byte, days int64) []byte {
	// Years start in March here, so that a leap day comes last.
	century, day := floorDiv(days+719468, 146097)
	year := (day - day/1460 + day/36524 - day/146096) / 365
	day -= year*365 + year/4 - year/100
	month := (5*day + 2) / 153
	day -= (153*month+2)/5 - 1
	month += 3
	year += century * 400
	if month > 12 {
		month -= 12
		year++
	}
	switch {
	case year < 0:
		b = append(b, '-')
		year = -year
	case year > 9999:
		b = append(b, '+')
	}
	for limit := int64(1000); year < limit && limit > 1; limit /= 10 {
		b = append(b, '0')
	}
	b = strconv.AppendInt(b, year, 10)
	b = appendTwo(append(b, '-'), month)
	return appendTwo(append(b, '-'), day)
}

// appendClock appends a time of day.
func appendClock(b []byte, nanos int64) []byte {
	seconds := nanos / nanosPerSecond
	b = appendTwo(b, seconds/3600)
	b = appendTwo(append(b, ':'), seconds/60%60)
	b = appendTwo(append(b, ':'), seconds%60)
	return appendFraction(b, nanos%nanosPerSecond)
}

// appendFraction appends nanoseconds as a fraction of a second, or nothing for none.
func appendFraction(b []byte, nanos int64) []byte {
	if nanos == 0 {
		return b
	}
	b = append(b, '.')
	for limit := int64(nanosPerSecond / 10); nanos > 0; limit /= 10 {
		b = append(b, '0'+byte(nanos/limit))
		nanos %= limit
	}
	return b
}

// appendOffset appends seconds east of Greenwich.
func appendOffset(b []byte, offset int64) []byte {
	if offset == 0 {
		return append(b, 'Z')
	}
	sign := byte('+')
	if offset < 0 {
		sign, offset = '-', -offset
	}
	b = appendTwo(append(b, sign), offset/3600)
	b = appendTwo(append(b, ':'), offset/60%60)
	if offset%60 != 0 {
		b = appendTwo(append(b, ':'), offset%60)
	}
	return b
}

// appendDateTime appends a local date and time, given in seconds since the epoch as if it were UTC.
func appendDateTime(b []byte, seconds, nanos int64) []byte {
	days, second := floorDiv(seconds, secondsPerDay)
	b = append(appendDate(b, days), 'T')
	return appendClock(b, second*nanosPerSecond+nanos)
}

// appendDuration appends a duration; nanos is between 0 and 999,999,999.
func appendDuration(b []byte, months, days, seconds, nanos int64) []byte {
	b = strconv.AppendInt(append(b, 'P'), months, 10)
	b = strconv.AppendInt(append(b, 'M'), days, 10)
	b = append(b, 'D', 'T')
	if seconds < 0 && nanos > 0 {
		seconds, nanos = seconds+1, nanosPerSecond-nanos
		if seconds == 0 {
			b = append(b, '-')
		}
	}
	b = strconv.AppendInt(b, seconds, 10)
	return append(appendFraction(b, nanos), 'S')
}
