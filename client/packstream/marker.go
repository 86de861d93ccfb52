package packstream

// Markers (PackStream specification, "Values"). Tiny forms hold a size or a value in their low four bits; of a wide
// form, the marker for 8 bits of size is named, and those for 16 and 32 bits follow it.
const (
	tinyString = 0x80
	tinyList   = 0x90
	tinyMap    = 0xA0
	tinyStruct = 0xB0

	markNull    = 0xC0
	markFloat64 = 0xC1
	markFalse   = 0xC2
	markTrue    = 0xC3
	markInt8    = 0xC8
	markInt16   = 0xC9
	markInt32   = 0xCA
	markInt64   = 0xCB
	markBytes8  = 0xCC
	markString8 = 0xD0
	markList8   = 0xD4
	markMap8    = 0xD8
	markStruct8 = 0xDC // and 16 bits; version 1 of the specification dropped both, and no server sends them any more
	markUUID    = 0xE0 // version 2
)

// MaxDepth is how deep lists, maps and structures may be nested. Deeper values are refused wherever this module
// recurses, so that no message can exhaust the stack. Neo4j itself nests far less.
const MaxDepth = 256

// MaxFields is how many fields a structure can have.
const MaxFields = 15

// Kind is the type of a value, independent of its size.
type Kind uint8

// The kinds.
const (
	KindInvalid Kind = iota // an unknown marker
	KindEnd                 // no bytes are left
	KindNull
	KindBool
	KindInt
	KindFloat
	KindString
	KindBytes
	KindList
	KindMap
	KindStruct
	KindUUID // Bolt 6.1 and later
)

// kinds is the kind of every marker.
var kinds = func() (table [256]Kind) {
	fill := func(from, to int, kind Kind) {
		for i := from; i <= to; i++ {
			table[i] = kind
		}
	}
	fill(0x00, 0x7F, KindInt)
	fill(0xF0, 0xFF, KindInt)
	fill(markInt8, markInt64, KindInt)
	fill(tinyString, tinyString|15, KindString)
	fill(tinyList, tinyList|15, KindList)
	fill(tinyMap, tinyMap|15, KindMap)
	fill(tinyStruct, tinyStruct|15, KindStruct)
	fill(markNull, markNull, KindNull)
	fill(markFloat64, markFloat64, KindFloat)
	fill(markFalse, markTrue, KindBool)
	fill(markBytes8, markBytes8+2, KindBytes)
	fill(markString8, markString8+2, KindString)
	fill(markList8, markList8+2, KindList)
	fill(markMap8, markMap8+2, KindMap)
	fill(markStruct8, markStruct8+1, KindStruct)
	fill(markUUID, markUUID, KindUUID)
	return table
}()
