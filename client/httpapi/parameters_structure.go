package httpapi

import (
	"strconv"

	"github.com/webbolt/webbolt/client"
)

// structure writes a structure as typed JSON: points and temporal values as a text, vectors as a list of texts.
func (w *parameterWriter) structure() error {
	tag, n, err := w.StructHeader()
	if err != nil {
		return err
	}
	switch {
	case tag == tagVector && n == 2:
		return w.vector()
	case tag == tagPoint2D && n == 3, tag == tagPoint3D && n == 4:
		return w.point(n - 1)
	}
	name := ""
	var fields [4]int64
	var zone []byte
	for i := range min(n, len(fields)) {
		if tag == tagDateTimeZone && i == 2 {
			zone, err = w.StringBytes()
		} else if isTemporal(tag) {
			fields[i], err = w.Int()
		}
		if err != nil {
			return err
		}
	}
	start := len(w.b)
	switch {
	case tag == tagDate && n == 1:
		name = "Date"
		w.b = appendDate(w.b, fields[0])
	case tag == tagLocalTime && n == 1:
		name = "LocalTime"
		w.b = appendClock(w.b, fields[0])
	case tag == tagTime && n == 2:
		name = "Time"
		w.b = appendOffset(appendClock(w.b, fields[0]), fields[1])
	case tag == tagLocalDateTime && n == 2:
		name = "LocalDateTime"
		w.b = appendDateTime(w.b, fields[0], fields[1])
	case tag == tagDateTime && n == 3:
		name = "OffsetDateTime"
		w.b = appendOffset(appendDateTime(w.b, fields[0]+fields[2], fields[1]), fields[2])
	case tag == tagDateTimeZone && n == 3:
		// The instant in UTC with a zone is read as that instant in the zone, so that no table of zones is needed here.
		name = "ZonedDateTime"
		w.b = append(appendDateTime(w.b, fields[0], fields[1]), 'Z')
	case tag == tagDuration && n == 4:
		name = "Duration"
		w.b = appendDuration(w.b, fields[0], fields[1], fields[2], fields[3])
	default:
		return &client.ArgumentError{Argument: "parameters", Message: "a structure with the tag " + strconv.QuoteRune(rune(tag)) + " and " +
			strconv.Itoa(n) + " fields cannot be a parameter; nodes, relationships and paths never can"}
	}
	text := string(w.b[start:])
	w.b = w.b[:start]
	w.open(name)
	if zone != nil {
		text += "[" + string(zone) + "]"
	}
	w.b = appendQuoted(w.b, []byte(text))
	w.close()
	return nil
}

func isTemporal(tag byte) bool {
	switch tag {
	case tagDate, tagTime, tagLocalTime, tagDateTime, tagDateTimeZone, tagLocalDateTime, tagDuration:
		return true
	}
	return false
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
	return &client.ArgumentError{Argument: "parameters", Message: "a vector whose elements are of no known kind, or whose bytes do not come out even"}
}
