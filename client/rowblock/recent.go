package rowblock

import "bytes"

const (
	recentSlots = 512
	// recentBytes is how many bytes of records are kept for comparison; small enough for a processor's cache.
	recentBytes = 64 << 10
	// recentDepth is how deep a node may be nested to be looked up: at a greater depth, its contents could be nested
	// too deeply.
	recentDepth = 8
)

// recent finds nodes that the block has already, so that a node in many rows is written once. It compares their bytes:
// the same node may have other properties in another row.
type recent struct {
	slots []recentNode
	kept  []byte
	block uint32 // counts blocks, so that slots of earlier ones do not fit
}

type recentNode struct {
	block      uint32
	fields     int // of the structure; a Node without an element id begins as the same one with it
	cell       uint32
	start, end uint32 // in kept
}

// slot is the place of a node whose fields are at the beginning of data.
func (r *recent) slot(data []byte) *recentNode {
	if r.slots == nil {
		r.slots = make([]recentNode, recentSlots)
		r.block = 1
	}
	hash := uint64LE(data) * 0x9E3779B97F4A7C15 // the identity and the beginning of what follows
	return &r.slots[hash>>(64-9)]
}

// find returns the cell of the node in a slot, and the length of its fields, if data begins with these fields.
func (r *recent) find(slot *recentNode, fields int, data []byte) (cell uint32, length int, ok bool) {
	if slot.block != r.block || slot.fields != fields {
		return 0, 0, false
	}
	kept := r.kept[slot.start:slot.end]
	return slot.cell, len(kept), bytes.HasPrefix(data, kept)
}

// keep remembers a node.
func (r *recent) keep(slot *recentNode, fields int, data []byte, cell uint32) {
	if len(r.kept)+len(data) > recentBytes {
		r.forget()
		if len(data) > recentBytes {
			return
		}
	}
	start := len(r.kept)
	r.kept = append(r.kept, data...)
	*slot = recentNode{block: r.block, fields: fields, cell: cell, start: uint32(start), end: uint32(len(r.kept))}
}

// forget empties the list: cells belong to one block.
func (r *recent) forget() {
	r.kept = r.kept[:0]
	r.block++
}
