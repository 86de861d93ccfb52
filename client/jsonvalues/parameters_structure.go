package jsonvalues

import (
	"strconv"

	"github.com/webbolt/webbolt/client/wire"
)

// structure writes a structure as typed JSON: points and temporal values as a text, vectors as a list of texts.
func (w *parameterWriter) structure() error {
	tag, n, err := w.StructHeader()
	switch {
	case err != nil:
		return err
	case tag == wire.StructVector && n == 2:
		return w.vector()
	case tag == wire.StructPoint2D && n == 3, tag == wire.StructPoint3D && n == 4:
		return w.point(n - 1)
	}
	for _, form := range temporalForms {
		if form.tag == tag && form.fields == n {
			return w.temporal(form)
		}
	}
	return &Error{Message: "a structure with the tag " + strconv.QuoteRune(rune(tag)) + " and " +
		strconv.Itoa(n) + " fields cannot be a parameter; nodes, relationships and paths never can"}
}

// temporalForm is how a temporal structure is written.
type temporalForm struct {
	tag    byte
	fields int
	name   string
	nanos  int   // index of the field that is a part of a second or a time of day, which must be below limit
	limit  int64 // 0 for none
	write  func(b []byte, f [4]int64) []byte
}

const nanosPerDay = secondsPerDay * nanosPerSecond

var temporalForms = []temporalForm{
	{wire.StructDate, 1, "Date", 0, 0, func(b []byte, f [4]int64) []byte { return appendDate(b, f[0]) }},
	{wire.StructLocalTime, 1, "LocalTime", 0, nanosPerDay, func(
		b []byte, f [4]int64) []byte {
		return appendClock(b, f[0])
	}},
	{wire.StructTime, 2, "Time", 0, nanosPerDay, func(b []byte,
		f [4]int64) []byte {
		return appendOffset(appendClock(b, f[0]), f[1])
	}},
	{wire.StructLocalDateTime, 2, "LocalDateTime", 1, nanosPerSecond,
		func(b []byte, f [4]int64) []byte { return appendDateTime(b, f[0], f[1]) }},
	{wire.StructDateTime, 3, "OffsetDateTime", 1, nanosPerSecond, func(b []byte, f [4]int64) []byte {
		return appendOffset(appendDateTime(b, f[0]+f[2], f[1]), f[2])
	}},
	// The server reads an instant in UTC with a zone as that instant in the zone, so no table of zones is needed here.
	{wire.StructDateTimeZoneID, 3, "ZonedDateTime", 1, nanosPerSecond,
		func(b []byte, f [4]int64) []byte { return append(appendDateTime(b, f[0], f[1]), 'Z') }},
	{wire.StructDuration, 4, "Duration", 3, nanosPerSecond, func(
		b []byte, f [4]int64) []byte {
		return appendDuration(b, f[0], f[1], f[2], f[3])
	}},
}

func (w *parameterWriter) temporal(form temporalForm) (err error) {
	var fields [4]int64
	var zone []byte
	for i := range form.fields {
		if form.tag == wire.StructDateTimeZoneID && i == 2 {
			zone, err = w.StringBytes()
		} else {
			fields[i], err = w.Int()
		}
		if err != nil {
			return err
		}
	}
	if nanos := fields[form.nanos]; form.limit > 0 && (nanos < 0 || nanos >= form.limit) {
		return &Error{Message: "the nanoseconds of a " + form.name + " are out of range"}
	}
	text := form.write(nil, fields)
	if zone != nil {
		text = append(append(append(text, '['), zone...), ']')
	}
	w.open(form.name)
	w.b = AppendString(w.b, text)
	w.close()
	return nil
}

func (w *parameterWriter) point(dimensions int) error {
	srid, err := w.Int()
	if err != nil {
		return err
	}
	w.open("Point")
	w.b = append(w.b, `"SRID=`...)
	w.b = strconv.AppendInt(w.b, srid, 10)
	w.b = append(w.b, ";POINT "...)
	if dimensions == 3 {
		w.b = append(w.b, "Z "...)
	}
	for i := range dimensions {
		coordinate, err := w.Float()
		if err != nil {
			return err
		}
		separator := byte(' ')
		if i == 0 {
			separator = '('
		}
		w.b = append(w.b, separator)
		w.b = append(w.b, floatText(coordinate, 64)...)
	}
	w.b = append(w.b, `)"`...)
	w.close()
	return nil
}

func (w *parameterWriter) vector() error {
	marker, err := w.Bytes()
	if err != nil {
		return err
	}
	data, err := w.Bytes()
	if err != nil {
		return err
	}
	for _, e := range elements {
		size := e.bits / 8
		if len(marker) != 1 || marker[0] != e.marker || len(data)%size != 0 {
			continue
		}
		w.open("Vector")
		w.b = append(w.b, `{"coordinatesType":"`...)
		w.b = append(w.b, e.name...)
		w.b = append(w.b, `","coordinates":[`...)
		for i := 0; i < len(data); i += size {
			if i > 0 {
				w.b = append(w.b, ',')
			}
			w.b = append(w.b, '"')
			w.b = append(w.b, e.coordinateText(data[i:i+size])...)
			w.b = append(w.b, '"')
		}
		w.b = append(w.b, "]}"...)
		w.close()
		return nil
	}
	return &Error{Message: "a vector whose elements are of no known kind, or whose bytes do not come out even"}
}
