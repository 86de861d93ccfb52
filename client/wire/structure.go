package wire

// Tags of structures (Bolt, "Structure semantics"). A UUID has none: PackStream has a marker for it.
const (
	StructNode                byte = 'N'
	StructRelationship        byte = 'R'
	StructUnboundRelationship byte = 'r' // in a path
	StructPath                byte = 'P'
	StructPoint2D             byte = 'X'
	StructPoint3D             byte = 'Y'
	StructDate                byte = 'D'
	StructTime                byte = 'T'
	StructLocalTime           byte = 't'
	StructLocalDateTime       byte = 'd'
	StructDateTime            byte = 'I' // seconds since 1970 in UTC
	StructDateTimeZoneID      byte = 'i'
	StructLegacyDateTime      byte = 'F' // seconds since 1970 on the local clock
	StructLegacyDateTimeZone  byte = 'f'
	StructDuration            byte = 'E'
	StructVector              byte = 'V'
	StructUnsupported         byte = '?'
)

// The kinds of coordinates of a Vector: each is the PackStream marker of such a value, and FLOAT32's is one that
// PackStream does not use elsewhere.
const (
	VectorFloat64 byte = 0xC1
	VectorFloat32 byte = 0xC6
	VectorInt8    byte = 0xC8
	VectorInt16   byte = 0xC9
	VectorInt32   byte = 0xCA
	VectorInt64   byte = 0xCB
)
