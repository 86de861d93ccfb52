package rowblock

import (
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// DefaultLimit is the size in bytes at which a block is full when the caller does not say: large enough that the cost
// of a transfer does not matter, small enough that one block is decoded within a frame.
const DefaultLimit = 128 << 10

// maxLimit is the largest limit: no index overflows in a block that is not full.
const maxLimit = 32 << 20

// maxDepth is how deeply lists, maps and structures may be nested in one value.
const maxDepth = packstream.MaxDepth

// Writer writes the records of one result into blocks, one block after the other. It keeps the dictionary of property
// keys, labels and relationship types over all of them, so its blocks must be read in order by one reader.
//
// Only one goroutine at a time may use a Writer.
type Writer struct {
	limit   int
	rows    int
	columns []column
	tape    []uint32
	floats  []float64
	ints    []int64
	ends    []uint32 // of each string in the heap, in UTF-16 units; the first is 0
	heap    []byte   // valid UTF-8
	units   int      // of the heap, in UTF-16
	bytes   []byte
	dict    dictionary
	nodes   prefix // of element ids
	rels    prefix
	recent  recent
	scratch []uint32 // cells of the path being read

	room   int    // how many bytes can be added before the size must be checked
	data   []byte // the record being read
	pos    int
	broken string // why the record cannot be read
	failed error
}

// NewWriter makes a writer for records with this number of fields. A block is full at limit bytes; 0 means
// [DefaultLimit], and more than 32 MiB means 32 MiB.
func NewWriter(fields, limit int) *Writer {
	if limit <= 0 {
		limit = DefaultLimit
	}
	w := &Writer{limit: min(limit, maxLimit), columns: make([]column, fields)}
	w.dict.restart()
	w.clear()
	return w
}

// Rows is the number of rows in the block being written.
func (w *Writer) Rows() int { return w.rows }

// Size is the size in bytes that the block being written would have now.
func (w *Writer) Size() int {
	size := 4*headWords + 8*len(w.columns) + w.shared() + w.dict.size()
	for i := range w.columns {
		size += w.columns[i].size()
	}
	return align(size)
}

// Append writes records of the batch from index from on until the block is full, and returns their number. If that is
// less than the rest and there is no error, [Writer.Flush] the block and continue from there. A block always takes at
// least one record; a record larger than the limit gets a block of its own.
//
// The batch is not kept. After an error (*[MalformedError] or *[TooLargeError]) the rows before it are still in the
// block and can be flushed, and every further Append gives the same error.
func (w *Writer) Append(b client.Batch, from int) (n int, err error) {
	if w.failed != nil {
		return 0, w.failed
	}
	for i := from; i < len(b.Records); i++ {
		span := b.Records[i]
		if span.Start > span.End || uint64(span.End) > uint64(len(b.Data)) {
			w.failed = &MalformedError{Record: i, Message: "the span lies outside the data"}
			return n, w.failed
		}
		w.data, w.pos = b.Data[span.Start:span.End], 0
		if w.full() {
			break
		}
		if len(w.data) > maxRecord {
			w.giveUp(&TooLargeError{Record: i, Bytes: len(w.data)})
		} else if !w.record() {
			w.giveUp(&MalformedError{Record: i, Offset: w.pos, Message: w.broken})
		} else if len(w.data) > w.limit && w.overflows() {
			w.giveUp(&TooLargeError{Record: i, Bytes: len(w.data)})
		}
		if w.failed != nil {
			break
		}
		w.rows++
		n++
	}
	w.data = nil
	return n, w.failed
}

// full reports whether the current record should begin the next block. The size is only computed when it may matter: a
// byte of a record becomes at most a few words.
func (w *Writer) full() bool {
	growth := 16 * (len(w.data) + len(w.columns))
	w.room -= growth
	if w.room >= 0 {
		return false
	}
	size := w.estimate()
	w.room = w.limit - size - growth
	return w.rows > 0 && size+len(w.data) > w.limit
}

// record reads one record into the columns. The usual values of columns are read here, without a call: in WebAssembly
// calls are expensive.
func (w *Writer) record() bool {
	data := w.data
	n, ok := w.listLength()
	if !ok {
		return false
	}
	if n != len(w.columns) {
		return w.malformed("the record has another number of values than the result has fields")
	}
	for i := range w.columns {
		c := &w.columns[i]
		at := data[w.pos:]
		switch {
		case len(at) == 0:
			return w.truncated()
		case c.kind == columnInt32:
			switch m := at[0]; {
			case m < tinyString || m >= tinyNegative:
				c.words = append(c.words, uint32(int8(m)))
				w.pos++
				continue
			case m == markerInt16 && len(at) >= 3:
				c.words = append(c.words, uint32(int16(uint16(at[2])|uint16(at[1])<<8)))
				w.pos += 3
				continue
			case m == markerInt32 && len(at) >= 5:
				c.words = append(c.words, uint32BE(at[1:]))
				w.pos += 5
				continue
			}
		case c.kind == columnFloat && at[0] == markerFloat && len(at) >= 9:
			c.floats = append(c.floats, canonical(uint64BE(at[1:])))
			w.pos += 9
			continue
		case c.kind == columnCells:
			cell := w.cell(0)
			if cell == cellFailed {
				return false
			}
			c.words = append(c.words, cell)
			continue
		}
		if !w.field(c) {
			return false
		}
	}
	if w.pos != len(data) {
		return w.malformed("there are bytes behind the last value")
	}
	return true
}

// shared is the size of what does not belong to one column.
func (w *Writer) shared() int {
	return 4*len(w.tape) + 8*len(w.floats) + 8*len(w.ints) + 4*len(w.ends) + len(w.heap) + len(w.bytes)
}

// estimate is an upper bound of the size, without a look at each column.
func (w *Writer) estimate() int {
	return w.shared() + 8*(w.rows+1)*len(w.columns) + w.dict.size()
}

// overflows reports, after a record that is alone in its block, whether an index no longer fits into a cell, the heap
// into one string, or the block into 32 bits.
func (w *Writer) overflows() bool {
	return len(w.tape) > maxPayload || len(w.ends) > maxPayload ||
		w.units > maxHeapUnits || int64(w.estimate())+8*headWords > 1<<32-1
}

// giveUp removes an incomplete row and ends the writing. Its data in the shared sections stays there unreferenced,
// unless it is huge.
func (w *Writer) giveUp(err error) {
	w.failed = err
	for i := range w.columns {
		w.columns[i].truncate(w.rows)
	}
	if len(w.data) > w.limit { // then it was alone in its block
		w.dict.restart()
		w.clear()
	}
}

// clear begins the next block. It keeps the memory, unless one huge row made it huge.
func (w *Writer) clear() {
	keep := 4 * w.limit
	w.rows, w.units, w.room = 0, 0, 0
	w.recent.forget()
	w.tape = emptied(w.tape, keep/4)
	w.floats = emptied(w.floats, keep/8)
	w.ints = emptied(w.ints, keep/8)
	w.ends = append(emptied(w.ends, keep/4), 0)
	w.heap = emptied(w.heap, keep)
	w.bytes = emptied(w.bytes, keep)
	w.scratch = emptied(w.scratch, keep/4)
	for i := range w.columns {
		w.columns[i].clear(keep / 8)
	}
}

func emptied[T any](s []T, keep int) []T {
	if cap(s) > keep {
		return nil
	}
	return s[:0]
}

func align(n int) int { return (n + 7) &^ 7 }
