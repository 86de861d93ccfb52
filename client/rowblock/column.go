package rowblock

import "math"

// column holds one field's values in the block being written. It begins as the narrowest kind for its first value and
// widens when necessary; values that no numeric kind can hold become cells.
type column struct {
	kind   int
	words  []uint32 // cells or int32
	floats []float64
	ints   []int64
	offset int // in the section that the kind uses; set by Flush
}

// field reads one field's value into its column.
func (w *Writer) field(c *column) bool {
	if w.pos >= len(w.data) {
		return w.truncated()
	}
	marker := w.data[w.pos]
	if c.kind == columnEmpty {
		c.kind = firstKind(marker)
	}
	switch {
	case c.kind == columnCells:
	case isInt(marker):
		if c.kind != columnFloat {
			v, ok := w.int()
			return ok && c.addInt(v)
		}
		w.intoCells(c)
	case marker == markerFloat && c.kind == columnFloat:
		v, ok := w.float()
		c.floats = append(c.floats, v)
		return ok
	default:
		w.intoCells(c)
	}
	cell := w.cell(0)
	c.words = append(c.words, cell)
	return cell != cellFailed
}

func firstKind(marker byte) int {
	switch {
	case isInt(marker):
		return columnInt32
	case marker == markerFloat:
		return columnFloat
	}
	return columnCells
}

// addInt adds an integer to a column of integers, widening it as needed.
func (c *column) addInt(v int64) bool {
	switch c.kind {
	case columnInt32:
		if int64(int32(v)) == v {
			c.words = append(c.words, uint32(v))
			return true
		}
		c.widenInt32(v)
	case columnSafeInt:
		if v >= -maxSafe && v <= maxSafe {
			c.floats = append(c.floats, float64(v))
			return true
		}
		c.kind = columnInt64
		for _, f := range c.floats {
			c.ints = append(c.ints, int64(f))
		}
		c.floats = c.floats[:0]
	}
	if c.kind == columnSafeInt {
		c.floats = append(c.floats, float64(v))
	} else {
		c.ints = append(c.ints, v)
	}
	return true
}

func (c *column) widenInt32(v int64) {
	if v >= -maxSafe && v <= maxSafe {
		c.kind = columnSafeInt
		for _, u := range c.words {
			c.floats = append(c.floats, float64(int32(u)))
		}
	} else {
		c.kind = columnInt64
		for _, u := range c.words {
			c.ints = append(c.ints, int64(int32(u)))
		}
	}
	c.words = c.words[:0]
}

// intoCells turns the column's values into cells.
func (w *Writer) intoCells(c *column) {
	switch c.kind {
	case columnInt32:
		for i, u := range c.words {
			c.words[i] = w.intCell(int64(int32(u)))
		}
	case columnSafeInt:
		for _, f := range c.floats {
			c.words = append(c.words, w.intCell(int64(f)))
		}
	case columnInt64:
		for _, v := range c.ints {
			c.words = append(c.words, w.intCell(v))
		}
	case columnFloat:
		first := len(w.floats)
		w.floats = append(w.floats, c.floats...)
		for i := range c.floats {
			c.words = append(c.words, uint32(first+i)<<tagBits|tagFloat)
		}
	}
	c.kind = columnCells
	c.floats, c.ints = c.floats[:0], c.ints[:0]
}

// intCell is the cell of an integer.
func (w *Writer) intCell(v int64) uint32 {
	switch {
	case v >= minInline && v <= maxInline:
		return uint32(v)<<tagBits | tagInt
	case v >= -maxSafe && v <= maxSafe:
		w.floats = append(w.floats, float64(v))
		return uint32(len(w.floats)-1)<<tagBits | tagSafeInt
	}
	w.ints = append(w.ints, v)
	return uint32(len(w.ints)-1)<<tagBits | tagInt64
}

func (c *column) size() int { return 4*len(c.words) + 8*len(c.floats) + 8*len(c.ints) }

func (c *column) truncate(rows int) {
	c.words = c.words[:min(rows, len(c.words))]
	c.floats = c.floats[:min(rows, len(c.floats))]
	c.ints = c.ints[:min(rows, len(c.ints))]
}

func (c *column) clear(keep int) {
	c.kind = columnEmpty
	c.words, c.floats, c.ints = emptied(c.words, keep), emptied(c.floats, keep), emptied(c.ints, keep)
}

// canonical returns the same NaN for all: JavaScript does not keep others, and so a block has the same bytes on every
// machine.
func canonical(bits uint64) float64 {
	f := math.Float64frombits(bits)
	if f != f {
		return math.NaN()
	}
	return f
}
