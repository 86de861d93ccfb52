package rowblock

// Version is the version of the layout, in every block's header. A reader refuses versions it does not know.
const Version = 1

// magic is "WBLK" as bytes in a block.
const magic = 0x4B4C4257

// flagRestart says that the dictionary begins anew with this block.
const flagRestart = 1

// The header's words. Sections follow it in the order of sectionOrder in docs/rowblock.md.
const (
	headMagic = iota
	headVersion
	headLength
	headRows
	headFields
	headFloats
	headInts
	headTape
	headStrings
	headHeapBytes
	headHeapUnits
	headBytes
	headDictStrings
	headDictBytes
	headShapes
	headShapeWords
	headWords
)

// Kinds of columns: how the values of one field are stored.
const (
	columnCells   = 0 // a cell a row, on the tape
	columnInt32   = 1 // a word a row, on the tape
	columnSafeInt = 2 // a double a row, all integers of at most 53 bits
	columnInt64   = 3 // an int64 a row
	columnFloat   = 4 // a double a row
	columnEmpty   = 5 // only while writing: no value yet
)

// Tags of cells: the low four bits; the rest is the payload.
const (
	tagConstant     = 0  // 0 null, 1 false, 2 true
	tagInt          = 1  // the integer itself, signed
	tagSafeInt      = 2  // index of a double that is an integer
	tagInt64        = 3  // index of an int64
	tagFloat        = 4  // index of a double
	tagString       = 5  // index of a string of the heap
	tagElementID    = 6  // dictionary string that the identity is put behind
	tagBytes        = 7  // tape index; so are all that follow but tagWord
	tagList         = 8  //
	tagMap          = 9  //
	tagNode         = 10 //
	tagRelationship = 11 //
	tagPath         = 12 //
	tagStructure    = 13 //
	tagWord         = 14 // dictionary string
	tagFailed       = 15 // never in a block: reading failed

	tagBits    = 4
	maxPayload = 1<<28 - 1
	maxInline  = 1<<27 - 1
	minInline  = -1 << 27
)

const (
	cellNull   = 0<<tagBits | tagConstant
	cellFalse  = 1<<tagBits | tagConstant
	cellTrue   = 2<<tagBits | tagConstant
	cellFailed = tagFailed
)

// Forms of lists, in the low two bits of the list's first word; the rest is the length.
const (
	listCells  = 0 // a cell an element follows
	listInt32  = 1 // a word an element follows
	listFloats = 2 // the index of the first double follows
)

// Kinds of structures, in the low eight bits of the structure's first word. The rest is 0, but the number of fields of
// an unknown one.
const (
	structDate          = 1  // days
	structTime          = 2  // nanoseconds of the day, offset in seconds
	structLocalTime     = 3  // nanoseconds of the day
	structLocalDateTime = 4  // seconds, nanoseconds
	structDateTime      = 5  // UTC seconds, nanoseconds, offset in seconds
	structZoned         = 6  // UTC seconds, nanoseconds, zone
	structZonedLocal    = 7  // seconds of the wall clock, nanoseconds, zone
	structDuration      = 8  // months, days, seconds, nanoseconds
	structPoint2D       = 9  // srid; index of the first of two doubles
	structPoint3D       = 10 // srid; index of the first of three doubles
	structVector        = 11 // element marker, start and length in the bytes section
	structUUID          = 12 // four big-endian words
	structUnsupported   = 13 // name, least major, least minor, map
	structUnknown       = 14 // signature, then the fields
	structUnbound       = 15 // shape, identity, element id, properties
)

// maxSafe is the greatest integer that a double and all its neighbours hold exactly.
const maxSafe = 1<<53 - 1

// maxHeapUnits is the longest string that V8 makes; a block's text becomes one string.
const maxHeapUnits = 1<<29 - 24

// maxRecord is the greatest record that is tried. Its doubles, nine bytes each, can be counted in a cell.
const maxRecord = 1<<31 - 1
