package packstream

// Markers (PackStream specification, "Values"). Tiny forms hold a size or a value in their low four bits.
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
	markBytes16 = 0xCD
	markBytes32 = 0xCE
	markString8 = 0xD0
	markList8   = 0xD4
	markMap8    = 0xD8
	markStruct8 = 0xDC
	markUUID    = 0xE0 // from Bolt 6.1 on
)

// MaxDepth is how deep lists, maps and structures may lie in each other. The reader refuses what goes deeper, so that
// no message can exhaust the stack.
const MaxDepth = 256
