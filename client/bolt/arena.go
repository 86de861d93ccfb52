package bolt

import (
	"strings"
	"unsafe"
)

// newArena allocates an arena without clearing it: only bytes that a read has overwritten are ever looked at. Clearing
// a megabyte takes longer than checking that it is UTF-8. In the standard library only [strings.Builder] allocates such
// memory.
func newArena(size int) []byte {
	var b strings.Builder
	b.Grow(size)
	b.WriteByte(0)
	return unsafe.Slice(unsafe.StringData(b.String()), size)
}
