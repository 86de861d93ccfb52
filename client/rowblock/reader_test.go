package rowblock

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
)

// blockReader reads blocks back into PackStream, so that they can be compared with what they were made of.
type blockReader struct {
	strings []string
	shapes  []shape
}

type shape struct{ labels, keys []string }

// readBlock is one block, taken apart.
type readBlock struct {
	*blockReader
	head      []uint32
	floats    []float64
	ints      []int64
	directory []uint32
	tape      []uint32
	ends      []uint32
	heap      []rune16
	bytes     []byte
}

// rune16 is text in UTF-16 units, each with the bytes that begin at it.
type rune16 struct{ text string }

func words(data []byte, n uint32) ([]uint32, []byte) {
	out := make([]uint32, n)
	for i := range out {
		out[i] = binary.LittleEndian.Uint32(data[4*i:])
	}
	return out, data[4*n:]
}

// read takes a block apart and checks that its parts make up the whole.
func (r *blockReader) read(t testing.TB, block []byte) readBlock {
	b := readBlock{blockReader: r}
	data := block
	b.head, data = words(data, headWords)
	require.EqualValues(t, magic, b.head[headMagic])
	require.EqualValues(t, Version, b.head[headVersion]&0xFFFF)
	require.EqualValues(t, len(block), b.head[headLength])
	if b.head[headVersion]>>16&flagRestart != 0 {
		*r = blockReader{}
	}
	for range b.head[headFloats] {
		b.floats = append(b.floats, math.Float64frombits(binary.LittleEndian.Uint64(data)))
		data = data[8:]
	}
	for range b.head[headInts] {
		b.ints = append(b.ints, int64(binary.LittleEndian.Uint64(data)))
		data = data[8:]
	}
	var dictEnds, shapeWords []uint32
	b.directory, data = words(data, 2*b.head[headFields])
	b.tape, data = words(data, b.head[headTape])
	b.ends, data = words(data, b.head[headStrings]+1)
	dictEnds, data = words(data, b.head[headDictStrings])
	shapeWords, data = words(data, b.head[headShapeWords])
	b.heap = units16(string(data[:b.head[headHeapBytes]]))
	require.Len(t, b.heap, int(b.head[headHeapUnits]))
	data = data[b.head[headHeapBytes]:]
	r.extend(units16(string(data[:b.head[headDictBytes]])), dictEnds, shapeWords)
	data = data[b.head[headDictBytes]:]
	b.bytes, data = data[:b.head[headBytes]], data[b.head[headBytes]:]
	require.Less(t, len(data), 8)
	require.Zero(t, len(block)%8)
	return b
}

func units16(text string) (units []rune16) {
	for _, r := range text {
		units = append(units, rune16{string(r)})
		if r > 0xFFFF {
			units = append(units, rune16{})
		}
	}
	return units
}

func text16(units []rune16) (text string) {
	for _, u := range units {
		text += u.text
	}
	return text
}

func (r *blockReader) extend(text []rune16, ends, shapeWords []uint32) {
	start := uint32(0)
	for _, end := range ends {
		r.strings = append(r.strings, text16(text[start:end]))
		start = end
	}
	for len(shapeWords) > 0 {
		labels, keys := shapeWords[0], shapeWords[1]
		var all []string
		for _, id := range shapeWords[2 : 2+labels+keys] {
			all = append(all, r.strings[id])
		}
		r.shapes = append(r.shapes, shape{all[:labels], all[labels:]})
		shapeWords = shapeWords[2+labels+keys:]
	}
}

// rows returns the block's rows, each a PackStream list.
func (b readBlock) rows() (rows [][]byte) {
	for row := range int(b.head[headRows]) {
		record := packstream.AppendListHeader(nil, len(b.directory)/2)
		for i := 0; i < len(b.directory); i += 2 {
			at := int(b.directory[i+1]) + row
			switch b.directory[i] {
			case columnCells:
				record = b.value(record, b.tape[at])
			case columnInt32:
				record = packstream.AppendInt(record, int64(int32(b.tape[at])))
			case columnSafeInt:
				record = packstream.AppendInt(record, int64(b.floats[at]))
			case columnInt64:
				record = packstream.AppendInt(record, b.ints[at])
			case columnFloat:
				record = packstream.AppendFloat(record, b.floats[at])
			}
		}
		rows = append(rows, record)
	}
	return rows
}

func (b readBlock) value(out []byte, cell uint32) []byte {
	at := int(cell >> tagBits)
	switch cell & 15 {
	case tagConstant:
		if at == 0 {
			return packstream.AppendNull(out)
		}
		return packstream.AppendBool(out, at == 2)
	case tagInt, tagSafeInt, tagInt64:
		return packstream.AppendInt(out, b.int(cell))
	case tagFloat:
		return packstream.AppendFloat(out, b.floats[at])
	case tagString:
		return packstream.AppendString(out, text16(b.heap[b.ends[at]:b.ends[at+1]]))
	case tagBytes:
		return packstream.AppendBytes(out, b.bytes[b.tape[at]:][:b.tape[at+1]])
	case tagList:
		return b.list(out, at)
	case tagMap:
		return b.mapping(out, b.shapes[b.tape[at]].keys, at+1)
	case tagNode:
		return b.node(out, at)
	case tagRelationship:
		return b.relationship(out, at)
	case tagPath:
		return b.path(out, at)
	case tagStructure:
		return b.structure(out, at)
	case tagWord:
		return packstream.AppendString(out, b.strings[at])
	}
	panic("unknown tag")
}

func (b readBlock) int(cell uint32) int64 {
	switch cell & 15 {
	case tagInt:
		return int64(int32(cell) >> tagBits)
	case tagSafeInt:
		return int64(b.floats[cell>>tagBits])
	case tagInt64:
		return b.ints[cell>>tagBits]
	}
	panic("no integer")
}

func (b readBlock) list(out []byte, at int) []byte {
	n := int(b.tape[at] >> 2)
	out = packstream.AppendListHeader(out, n)
	for i := range n {
		switch b.tape[at] & 3 {
		case listCells:
			out = b.value(out, b.tape[at+1+i])
		case listInt32:
			out = packstream.AppendInt(out, int64(int32(b.tape[at+1+i])))
		case listFloats:
			out = packstream.AppendFloat(out, b.floats[int(b.tape[at+1])+i])
		}
	}
	return out
}

func (b readBlock) mapping(out []byte, keys []string, at int) []byte {
	out = packstream.AppendMapHeader(out, len(keys))
	for i, key := range keys {
		out = b.value(packstream.AppendString(out, key), b.tape[at+i])
	}
	return out
}

func (b readBlock) elementID(out []byte, identity, cell uint32) []byte {
	if cell&15 == tagElementID {
		prefix := b.strings[cell>>tagBits]
		return packstream.AppendString(out, prefix+decimal(b.int(identity)))
	}
	return b.value(out, cell)
}

func decimal(v int64) string { return strconv.FormatInt(v, 10) }

func (b readBlock) node(out []byte, at int) []byte {
	s := b.shapes[b.tape[at]]
	fields := 3
	if b.tape[at+2] != cellNull {
		fields = 4
	}
	out = b.value(packstream.AppendStructHeader(out, 'N', fields), b.tape[at+1])
	out = packstream.AppendListHeader(out, len(s.labels))
	for _, label := range s.labels {
		out = packstream.AppendString(out, label)
	}
	out = b.mapping(out, s.keys, at+3)
	if fields == 4 {
		out = b.elementID(out, b.tape[at+1], b.tape[at+2])
	}
	return out
}

func (b readBlock) relationship(out []byte, at int) []byte {
	s := b.shapes[b.tape[at]]
	fields := 5
	if b.tape[at+2] != cellNull {
		fields = 8
	}
	out = packstream.AppendStructHeader(out, 'R', fields)
	for i := range 3 {
		out = b.value(out, b.tape[at+1+2*i])
	}
	out = b.mapping(packstream.AppendString(out, s.labels[0]), s.keys, at+7)
	for i := 0; i < 3 && fields == 8; i++ {
		out = b.elementID(out, b.tape[at+1+2*i], b.tape[at+2+2*i])
	}
	return out
}

// unbound writes a relationship or unbound relationship from its shape on.
func (b readBlock) unbound(out []byte, at, properties int) []byte {
	s := b.shapes[b.tape[at]]
	fields := 3
	if b.tape[at+2] != cellNull {
		fields = 4
	}
	out = b.value(packstream.AppendStructHeader(out, 'r', fields), b.tape[at+1])
	out = b.mapping(packstream.AppendString(out, s.labels[0]), s.keys, properties)
	if fields == 4 {
		out = b.elementID(out, b.tape[at+1], b.tape[at+2])
	}
	return out
}

func (b readBlock) path(out []byte, at int) []byte {
	n := int(b.tape[at] >> 1)
	nodes, rels := b.tape[at+1:at+2+n], b.tape[at+2+n:at+2+2*n]
	out = packstream.AppendListHeader(packstream.AppendStructHeader(out, 'P', 3), len(nodes))
	for _, cell := range nodes {
		out = b.node(out, int(cell>>tagBits))
	}
	out = packstream.AppendListHeader(out, n)
	for _, cell := range rels {
		out = b.unbound(out, int(cell>>tagBits), int(cell>>tagBits)+7)
	}
	out = packstream.AppendListHeader(out, 2*n)
	for i, cell := range rels {
		index := int64(i + 1)
		start, here := b.tape[cell>>tagBits+3], b.tape[nodes[i]>>tagBits+1]
		if string(b.value(nil, start)) != string(b.value(nil, here)) {
			index = -index // it is passed against its direction
		}
		out = packstream.AppendInt(packstream.AppendInt(out, index), int64(i+1))
	}
	return out
}

func (b readBlock) structure(out []byte, at int) []byte {
	kind := b.tape[at] & 255
	cells := func(tag byte, from, n int) []byte {
		out = packstream.AppendStructHeader(out, tag, n)
		for i := range n {
			out = b.value(out, b.tape[at+from+i])
		}
		return out
	}
	switch kind {
	case structDate, structTime, structLocalTime, structLocalDateTime, structDateTime, structZoned, structZonedLocal,
		structDuration:
		tags, lengths := "?DTtdIifE", []int{0, 1, 2, 1, 2, 3, 3, 3, 4}
		return cells(tags[kind], 1, lengths[kind])
	case structPoint2D, structPoint3D:
		n := int(kind) - structPoint2D + 2
		out = b.value(packstream.AppendStructHeader(out, "XY"[kind-structPoint2D], n+1), b.tape[at+1])
		for _, v := range b.floats[b.tape[at+2]:][:n] {
			out = packstream.AppendFloat(out, v)
		}
		return out
	case structVector:
		elements := slices.Clone(b.bytes[b.tape[at+2]:][:b.tape[at+3]])
		width := elementWidth(byte(b.tape[at+1]))
		for i := 0; i < len(elements); i += width {
			slices.Reverse(elements[i : i+width])
		}
		out = packstream.AppendBytes(packstream.AppendStructHeader(out, 'V', 2), []byte{byte(b.tape[at+1])})
		return packstream.AppendBytes(out, elements)
	case structUUID:
		out = append(out, markerUUID)
		for _, word := range b.tape[at+1 : at+5] {
			out = binary.BigEndian.AppendUint32(out, word)
		}
		return out
	case structUnsupported:
		return cells('?', 1, 4)
	case structUnknown:
		return cells(byte(b.tape[at+1]), 2, int(b.tape[at]>>8))
	case structUnbound:
		return b.unbound(out, at+1, at+4)
	}
	panic("unknown structure")
}
