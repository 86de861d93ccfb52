package rowblock

import "github.com/webbolt/webbolt/client/wire"

// path reads a Path's fields - distinct nodes, distinct unbound relationships, and the walk over them as indices - and
// writes the walk: its nodes, and its relationships with their ends.
func (w *Writer) path(depth int) uint32 {
	if depth+1 >= maxDepth {
		return w.fail(w.malformed("values are nested too deeply"))
	}
	base := len(w.scratch)
	nodes, ok := w.pathEntities(wire.StructNode, depth)
	if !ok {
		return cellFailed
	}
	if nodes == 0 {
		return w.fail(w.malformed("a Path has at least one node"))
	}
	rels, ok := w.pathEntities(wire.StructUnboundRelationship, depth)
	if !ok {
		return cellFailed
	}
	n, ok := w.listLength()
	if !ok {
		return cellFailed
	}
	if n%2 != 0 {
		return w.fail(w.malformed("a Path's indices come in pairs"))
	}
	length := n / 2
	at := len(w.tape)
	w.tape = append(w.tape, uint32(length)<<1)
	w.reserve(2*length + 1)
	if length+1 != nodes || length != rels {
		w.tape[at] |= 1 // a node or relationship occurs twice
	}
	here := w.scratch[base]
	w.tape[at+1] = here
	for i := range length {
		rel, node, ok := w.pathStep(base, nodes, rels)
		if !ok {
			return cellFailed
		}
		there := w.scratch[base+node]
		w.tape[at+2+i] = there
		w.tape[at+2+length+i] = w.bind(base+nodes, rel, here, there)
		here = there
	}
	w.scratch = w.scratch[:base] // after a failure nothing more is written
	return uint32(at)<<tagBits | tagPath
}

// pathEntities reads a list of nodes or of unbound relationships; their cells go to the scratch.
func (w *Writer) pathEntities(signature byte, depth int) (int, bool) {
	n, ok := w.listLength()
	if !ok {
		return 0, false
	}
	for range n {
		fields, got, ok := w.structHeader()
		if !ok {
			return 0, false
		}
		if got != signature || fields != 3 && fields != 4 {
			return 0, w.malformed("a Path is made of nodes and unbound relationships")
		}
		var cell uint32
		if signature == wire.StructNode {
			cell = w.node(fields, depth+1)
		} else {
			cell = w.unbound(fields, depth+1, true)
		}
		if cell == cellFailed {
			return 0, false
		}
		w.scratch = append(w.scratch, cell)
	}
	return n, true
}

// pathStep reads a pair of indices: of a relationship from 1, negative if it is traversed against its direction, and of
// the node it leads to, from 0.
func (w *Writer) pathStep(base, nodes, rels int) (rel, node int, ok bool) {
	var index [2]int64
	for i := range index {
		if w.pos >= len(w.data) {
			return 0, 0, w.truncated()
		}
		if index[i], ok = w.int(); !ok {
			return 0, 0, false
		}
	}
	if index[0] == 0 || index[0] > int64(rels) || index[0] < -int64(rels) || index[1] < 0 || index[1] >= int64(nodes) {
		return 0, 0, w.malformed("a Path's index points outside its nodes or relationships")
	}
	return int(index[0]), int(index[1]), true
}

// bind returns the cell of a relationship, with its ends filled in.
func (w *Writer) bind(rels, rel int, from, to uint32) uint32 {
	if rel < 0 {
		rel, from, to = -rel, to, from
	}
	cell := w.scratch[rels+rel-1]
	ends := w.tape[cell>>tagBits+3:]
	start, end := from>>tagBits, to>>tagBits
	ends[0], ends[1] = w.tape[start+1], w.tape[start+2]
	ends[2], ends[3] = w.tape[end+1], w.tape[end+2]
	return cell
}
