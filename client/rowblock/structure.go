package rowblock

import "github.com/webbolt/webbolt/client/wire"

// structHeader reads the number of fields and the signature of a structure.
func (w *Writer) structHeader() (fields int, signature byte, ok bool) {
	data := w.data[w.pos:]
	header := 2
	switch {
	case len(data) == 0:
		return 0, 0, w.truncated()
	case data[0]&0xF0 == tinyStruct:
		fields = int(data[0] & 15)
	case data[0] == markerStruct8 && len(data) >= 3:
		fields, header = int(data[1]), 3
	case data[0] == markerStruct16 && len(data) >= 4:
		fields, header = int(data[1])<<8|int(data[2]), 4
	case data[0] == markerStruct8 || data[0] == markerStruct16:
		return 0, 0, w.truncated()
	default:
		return 0, 0, w.malformed("a structure is expected")
	}
	if fields > len(data)-header {
		return 0, 0, w.truncated()
	}
	w.pos += header
	return fields, data[header-1], true
}

// structure reads a structure.
func (w *Writer) structure(depth int) uint32 {
	fields, signature, ok := w.structHeader()
	if !ok {
		return cellFailed
	}
	switch {
	case signature == wire.StructNode && (fields == 3 || fields == 4):
		return w.node(fields, depth)
	case signature == wire.StructRelationship && (fields == 5 || fields == 8):
		return w.relationship(fields, depth)
	case signature == wire.StructUnboundRelationship && (fields == 3 || fields == 4):
		return w.unbound(fields, depth, false)
	case signature == wire.StructPath && fields == 3:
		return w.path(depth)
	case signature == wire.StructDate && fields == 1:
		return w.numbers(structDate, fields)
	case signature == wire.StructTime && fields == 2:
		return w.numbers(structTime, fields)
	case signature == wire.StructLocalTime && fields == 1:
		return w.numbers(structLocalTime, fields)
	case signature == wire.StructLocalDateTime && fields == 2:
		return w.numbers(structLocalDateTime, fields)
	case signature == wire.StructDateTime && fields == 3:
		return w.numbers(structDateTime, fields)
	case signature == wire.StructLegacyDateTime && fields == 3:
		return w.legacyDateTime()
	case signature == wire.StructDateTimeZoneID && fields == 3:
		return w.zoned(structZoned)
	case signature == wire.StructLegacyDateTimeZone && fields == 3:
		return w.zoned(structZonedLocal)
	case signature == wire.StructDuration && fields == 4:
		return w.numbers(structDuration, fields)
	case signature == wire.StructPoint2D && fields == 3:
		return w.point(structPoint2D, 2)
	case signature == wire.StructPoint3D && fields == 4:
		return w.point(structPoint3D, 3)
	case signature == wire.StructVector && fields == 2:
		return w.vector()
	case signature == wire.StructUnsupported && fields == 4:
		return w.unsupported(depth)
	}
	return w.unknown(signature, fields, depth)
}

// open begins a structure of n words on the tape.
func (w *Writer) open(kind, n int) (at int) {
	at = len(w.tape)
	w.tape = append(w.tape, uint32(kind))
	w.reserve(n)
	return at
}

func structureCell(at int) uint32 { return uint32(at)<<tagBits | tagStructure }

// integer reads an integer field.
func (w *Writer) integer() (int64, bool) {
	if w.pos >= len(w.data) {
		return 0, w.truncated()
	}
	return w.int()
}

// numbers reads a structure that has integers only.
func (w *Writer) numbers(kind, fields int) uint32 {
	at := w.open(kind, fields)
	for i := range fields {
		v, ok := w.integer()
		if !ok {
			return cellFailed
		}
		w.tape[at+1+i] = w.intCell(v)
	}
	return structureCell(at)
}

// legacyDateTime reads a DateTime as it was before Bolt 5: seconds of the wall clock, which its offset turns into UTC.
func (w *Writer) legacyDateTime() uint32 {
	var v [3]int64
	for i := range v {
		var ok bool
		if v[i], ok = w.integer(); !ok {
			return cellFailed
		}
	}
	at := w.open(structDateTime, len(v))
	v[0] -= v[2]
	for i := range v {
		w.tape[at+1+i] = w.intCell(v[i])
	}
	return structureCell(at)
}

// zoned reads a date and time with a named zone. The reader, which knows the zones, handles the difference between
// seconds in UTC and on the wall clock.
func (w *Writer) zoned(kind int) uint32 {
	seconds, ok := w.integer()
	if !ok {
		return cellFailed
	}
	nanoseconds, ok := w.integer()
	if !ok {
		return cellFailed
	}
	zone, ok := w.text()
	if !ok {
		return cellFailed
	}
	at := w.open(kind, 3)
	w.tape[at+1], w.tape[at+2] = w.intCell(seconds), w.intCell(nanoseconds)
	w.tape[at+3] = w.dict.id(zone)<<tagBits | tagWord
	return structureCell(at)
}

// point reads a point with this number of coordinates.
func (w *Writer) point(kind, coordinates int) uint32 {
	srid, ok := w.integer()
	if !ok {
		return cellFailed
	}
	at := w.open(kind, 2)
	w.tape[at+1] = w.intCell(srid)
	w.tape[at+2] = uint32(len(w.floats)) // after the srid, in case that is a double too
	for range coordinates {
		if w.pos >= len(w.data) {
			return w.fail(w.truncated())
		}
		if w.data[w.pos] != markerFloat {
			return w.fail(w.malformed("a coordinate is a float"))
		}
		v, ok := w.float()
		if !ok {
			return cellFailed
		}
		w.floats = append(w.floats, v)
	}
	return structureCell(at)
}

// vector reads a Vector: the marker of its elements' type as one byte, and their big-endian bytes, whose order is
// reversed.
func (w *Writer) vector() uint32 {
	kind, ok := w.readBytes()
	if !ok {
		return cellFailed
	}
	elements, ok := w.readBytes()
	if !ok {
		return cellFailed
	}
	width := 0
	if len(kind) == 1 {
		width = elementWidth(kind[0])
	}
	if width == 0 {
		return w.fail(w.malformed("a Vector's elements have an unknown type"))
	}
	if len(elements)%width != 0 {
		return w.fail(w.malformed("a Vector's last element is incomplete"))
	}
	at := w.open(structVector, 3)
	start := len(w.bytes)
	w.tape[at+1], w.tape[at+2], w.tape[at+3] = uint32(kind[0]), uint32(start), uint32(len(elements))
	w.bytes = append(w.bytes, elements...)
	turned := w.bytes[start:]
	for ; width > 1 && len(turned) > 0; turned = turned[width:] {
		for i, j := 0, width-1; i < j; i, j = i+1, j-1 {
			turned[i], turned[j] = turned[j], turned[i]
		}
	}
	return structureCell(at)
}

func elementWidth(marker byte) int {
	switch marker {
	case markerInt8:
		return 1
	case markerInt16:
		return 2
	case markerInt32, wire.VectorFloat32:
		return 4
	case markerInt64, markerFloat:
		return 8
	}
	return 0
}

// uuid reads a UUID: 16 bytes after its own marker.
func (w *Writer) uuid() uint32 {
	w.pos++
	b, ok := w.readN(16)
	if !ok {
		return cellFailed
	}
	at := w.open(structUUID, 4)
	for i := range 4 {
		w.tape[at+1+i] = uint32BE(b[4*i:])
	}
	return structureCell(at)
}

// unsupported reads what a server sends instead of a value that this Bolt version cannot carry: the type's name, the
// minimum version that can, and a map.
func (w *Writer) unsupported(depth int) uint32 {
	at := w.open(structUnsupported, 4)
	name, ok := w.text()
	if !ok {
		return cellFailed
	}
	w.tape[at+1] = w.dict.id(name)<<tagBits | tagWord
	for i := range 2 {
		v, ok := w.integer()
		if !ok {
			return cellFailed
		}
		w.tape[at+2+i] = w.intCell(v)
	}
	if w.pos < len(w.data) && w.data[w.pos]&0xF0 != tinyMap && w.data[w.pos]&0xFC != markerMap8 {
		return w.fail(w.malformed("a map is expected"))
	}
	more := w.cell(depth + 1)
	if more == cellFailed {
		return cellFailed
	}
	w.tape[at+4] = more
	return structureCell(at)
}

// unknown reads a structure that this package does not know yet.
func (w *Writer) unknown(signature byte, fields, depth int) uint32 {
	at := len(w.tape)
	cell := w.cells(structUnknown, 1, fields, depth)
	w.tape[at] |= uint32(fields) << 8
	w.tape[at+1] = uint32(signature)
	return cell
}

// cells writes a structure of extra words, which stay 0, and one cell for each field.
func (w *Writer) cells(kind, extra, fields, depth int) uint32 {
	at := w.open(kind, extra+fields)
	for i := range fields {
		cell := w.cell(depth + 1)
		if cell == cellFailed {
			return cellFailed
		}
		w.tape[at+1+extra+i] = cell
	}
	return structureCell(at)
}
