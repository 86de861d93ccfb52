package rowblock

import (
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// DefaultLimit is the size in bytes at which a block is full when the caller does not say: large enough that the cost of a crossing does not
// matter, small enough that one block is decoded within a frame.
const DefaultLimit = 256 << 10

// maxDepth is how deeply lists, maps and structures may be nested in one value.
const maxDepth = packstream.MaxDepth

// Writer writes the records of one result into blocks, one block after the other. It keeps the dictionary of property keys, labels and
// relationship types over all of them, so its blocks must be read in order by one reader.
//
// A Writer is for one goroutine at a time.
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
	scratch []uint32 // cells of the path being read

	data   []byte // the record being read
	pos    int
	broken string // why the record cannot be read
	failed error
}

// NewWriter makes a writer for records with so many fields. A block is full at limit bytes; 0 means [DefaultLimit].
func NewWriter(fields, limit int) *Writer {
	if limit <= 0 {
		limit = DefaultLimit
	}
	w := &Writer{limit: limit, columns: make([]column, fields)}
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

// Append writes records of the batch from index from on until the block is full, and tells how many. When fewer than remained were
// taken and there is no error, [Writer.Flush] the block and go on from there. A block always takes at least one record;
// one that is larger than the limit gets a block of its own.
//
// The batch is not kept. After an error (*[MalformedError] or *[TooLargeError]) the rows before it are still in the block and can be
// flushed, and every further Append gives the same error.
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
		if w.rows > 0 && w.estimate()+len(w.data) > w.limit {
			break
		}
		before := w.mark()
		if len(w.data) > maxRecord {
			w.failed = &TooLargeError{Record: i, Bytes: len(w.data)}
		} else if !w.record() {
			w.failed = &MalformedError{Record: i, Offset: w.pos, Message: w.broken}
		} else if w.overflows() {
			w.failed = &TooLargeError{Record: i, Bytes: len(w.data)}
		}
		if w.failed != nil {
			w.truncate(before)
			break
		}
		w.rows++
		n++
	}
	w.data = nil
	return n, w.failed
}

// record reads one record into the columns.
func (w *Writer) record() bool {
	n, ok := w.listLength()
	if !ok {
		return false
	}
	if n != len(w.columns) {
		return w.malformed("the record has another number of values than the result has fields")
	}
	for i := range w.columns {
		if !w.field(&w.columns[i]) {
			return false
		}
	}
	if w.pos != len(w.data) {
		return w.malformed("there are bytes behind the last value")
	}
	return true
}

// shared is the size of what does not belong to one column.
func (w *Writer) shared() int {
	return 4*len(w.tape) + 8*len(w.floats) + 8*len(w.ints) + 4*len(w.ends) + len(w.heap) + len(w.bytes)
}

// estimate is the size without looking at each column: not less than the size but for the dictionary.
func (w *Writer) estimate() int {
	return w.shared() + 8*(w.rows+1)*len(w.columns) + w.dict.size()
}

// overflows reports, after a record of at most maxRecord bytes, whether an index no longer fits into a cell, the heap into one string, or the block into 32 bits.
func (w *Writer) overflows() bool {
	return len(w.tape) > maxPayload || len(w.ends) > maxPayload ||
		w.units > maxHeapUnits || int64(w.estimate())+8*headWords > 1<<32-1
}

// mark is how far the sections reach before a record, so that an incomplete row can be taken away again.
type mark struct{ tape, ends, heap, bytes, units int }

func (w *Writer) mark() mark {
	return mark{len(w.tape), len(w.ends), len(w.heap), len(w.bytes), w.units}
}

// truncate takes an incomplete row away. Numbers stay, unreferenced: a column that changed its kind in this row may have moved its own there.
func (w *Writer) truncate(m mark) {
	for i := range w.columns {
		w.columns[i].truncate(w.rows)
	}
	w.tape, w.ends, w.heap, w.bytes, w.units = w.tape[:m.tape], w.ends[:m.ends], w.heap[:m.heap], w.bytes[:m.bytes], m.units
}

// clear begins the next block. Memory is kept, unless one huge row made it huge.
func (w *Writer) clear() {
	keep := 4 * w.limit
	w.rows, w.units = 0, 0
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
