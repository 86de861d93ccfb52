package rowblock

// prefix is the beginning of the last element id of nodes, or of relationships.
type prefix struct {
	text []byte
	id   uint32
}

// node reads a Node's fields. A node that the block has already is not written again.
func (w *Writer) node(fields, depth int) uint32 {
	data := w.data[w.pos:]
	if len(data) < 8 || depth > recentDepth {
		return w.newNode(fields, depth)
	}
	slot := w.recent.slot(data)
	if cell, length, ok := w.recent.find(slot, fields, data); ok {
		w.pos += length
		return cell
	}
	start := w.pos
	cell := w.newNode(fields, depth)
	if cell != cellFailed {
		w.recent.keep(slot, fields, w.data[start:w.pos], cell)
	}
	return cell
}

// newNode reads a Node's fields: identity, labels, properties and, from Bolt 5 on, the element id.
func (w *Writer) newNode(fields, depth int) uint32 {
	at := len(w.tape)
	w.tape = append(w.tape, 0, 0, cellNull)
	identity, ok := w.identity()
	if !ok {
		return cellFailed
	}
	step, ok := w.labels()
	if !ok {
		return cellFailed
	}
	keys := w.dict.steps[step].keys
	if keys == 0 {
		keys = w.dict.behindLabels(step)
	}
	shape, ok := w.properties(keys, depth)
	if !ok {
		return cellFailed
	}
	elementID := uint32(cellNull)
	if fields == 4 {
		if elementID, ok = w.elementID(&w.nodes, identity); !ok {
			return cellFailed
		}
	}
	w.tape[at], w.tape[at+1], w.tape[at+2] = shape, identity, elementID
	return uint32(at)<<tagBits | tagNode
}

// labels follows a list of labels.
func (w *Writer) labels() (step uint32, ok bool) {
	if at := w.data[w.pos:]; len(at) > 0 && at[0] == tinyList|1 {
		w.pos++
		return w.key(rootNode)
	}
	n, ok := w.listLength()
	if !ok {
		return 0, false
	}
	step = rootNode
	for range n {
		if step, ok = w.key(step); !ok {
			return 0, false
		}
	}
	return step, true
}

// relationship reads a Relationship's fields: identity, start, end, type, properties and, from Bolt 5 on, three element
// ids.
func (w *Writer) relationship(fields, depth int) uint32 {
	at := len(w.tape)
	w.tape = append(w.tape, 0, 0, cellNull, 0, cellNull, 0, cellNull)
	var ids, elementIDs [3]uint32 // of the relationship, its start and its end
	for i := range ids {
		var ok bool
		if ids[i], ok = w.identity(); !ok {
			return cellFailed
		}
	}
	shape, ok := w.typed(depth)
	if !ok {
		return cellFailed
	}
	for i := range elementIDs {
		elementIDs[i] = cellNull
		if fields == 8 {
			last := &w.nodes
			if i == 0 {
				last = &w.rels
			}
			if elementIDs[i], ok = w.elementID(last, ids[i]); !ok {
				return cellFailed
			}
		}
		w.tape[at+1+2*i], w.tape[at+2+2*i] = ids[i], elementIDs[i]
	}
	w.tape[at] = shape
	return uint32(at)<<tagBits | tagRelationship
}

// typed reads a relationship's type and properties.
func (w *Writer) typed(depth int) (shape uint32, ok bool) {
	step, ok := w.key(rootRelationship)
	if !ok {
		return 0, false
	}
	return w.properties(w.dict.behindLabels(step), depth)
}

// unbound reads an UnboundRelationship's fields: identity, type, properties and, from Bolt 5 on, the element id. In a
// path (bound) it is written as a Relationship, whose ends the path fills in.
func (w *Writer) unbound(fields, depth int, bound bool) uint32 {
	at := len(w.tape)
	first, tag := at, uint32(tagRelationship)
	if bound {
		w.tape = append(w.tape, 0, 0, cellNull, cellNull, cellNull, cellNull, cellNull)
	} else {
		first, tag = at+1, tagStructure
		w.tape = append(w.tape, structUnbound, 0, 0, cellNull)
	}
	identity, ok := w.identity()
	if !ok {
		return cellFailed
	}
	shape, ok := w.typed(depth)
	if !ok {
		return cellFailed
	}
	elementID := uint32(cellNull)
	if fields == 4 {
		if elementID, ok = w.elementID(&w.rels, identity); !ok {
			return cellFailed
		}
	}
	w.tape[first], w.tape[first+1], w.tape[first+2] = shape, identity, elementID
	return uint32(at)<<tagBits | tag
}

// identity reads the number of a node or relationship, or null if the protocol sends none.
func (w *Writer) identity() (uint32, bool) {
	at := w.data[w.pos:]
	if len(at) == 0 {
		return 0, w.truncated()
	}
	switch m := at[0]; {
	case m < tinyString || m >= tinyNegative:
		w.pos++
		return uint32(int8(m))<<tagBits | tagInt, true
	case m == markerInt16 && len(at) >= 3:
		w.pos += 3
		return uint32(int16(uint16(at[2])|uint16(at[1])<<8))<<tagBits | tagInt, true
	case m == markerNull:
		w.pos++
		return cellNull, true
	}
	v, ok := w.int()
	if !ok {
		return 0, false
	}
	if v >= minInline && v <= maxInline {
		return uint32(v)<<tagBits | tagInt, true
	}
	return w.intCell(v), true
}

// elementID reads an element id. Servers make it from a prefix, which all nodes (or all relationships) of a database
// share, and the identity; then only the prefix is stored, once.
func (w *Writer) elementID(last *prefix, identity uint32) (uint32, bool) {
	at := w.data[w.pos:]
	n := len(last.text)
	if n < 8 || len(at) < 2 || at[0] != markerString8 || int(at[1]) <= n || len(at)-2 < int(at[1]) {
		return w.otherElementID(last, identity)
	}
	text := at[2 : 2+int(at[1])]
	for i := 0; i <= n-8; i += 8 {
		if uint64LE(text[i:]) != uint64LE(last.text[i:]) {
			return w.otherElementID(last, identity)
		}
	}
	if uint64LE(text[n-8:]) != uint64LE(last.text[n-8:]) || !w.spells(text[n:], identity) {
		return w.otherElementID(last, identity)
	}
	w.pos += 2 + len(text)
	return last.id<<tagBits | tagElementID, true
}

// otherElementID is elementID for an id that has another prefix than the last one, or does not end with the identity.
func (w *Writer) otherElementID(last *prefix, identity uint32) (uint32, bool) {
	start := w.pos
	if start < len(w.data) && w.data[start] == markerNull {
		w.pos++
		return cellNull, true
	}
	text, ok := w.text()
	if !ok {
		return 0, false
	}
	for i := len(text) - 1; i >= 0 && len(text)-i <= 20 && i <= 200; i-- {
		if text[i] == ':' {
			if !w.spells(text[i+1:], identity) {
				break
			}
			last.text = append(last.text[:0], text[:i+1]...)
			last.id = w.dict.id(last.text)
			return last.id<<tagBits | tagElementID, true
		}
	}
	w.pos = start
	cell := w.cell(0)
	return cell, cell != cellFailed
}

// spells reports whether digits are the decimal form of the identity, if it is a natural number.
func (w *Writer) spells(digits []byte, identity uint32) bool {
	if len(digits) == 0 || len(digits) > 16 || digits[0] == '0' && len(digits) > 1 {
		return false
	}
	var n int64
	for _, c := range digits {
		if c < '0' || c > '9' {
			return false
		}
		n = n*10 + int64(c-'0')
	}
	switch identity & (1<<tagBits - 1) {
	case tagInt:
		return n == int64(int32(identity)>>tagBits)
	case tagSafeInt:
		return float64(n) == w.floats[identity>>tagBits]
	}
	return false
}
