package blocks

import (
	"errors"
	"io"
	"sync"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/lane"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/rowblock"
	"github.com/webbolt/webbolt/client/wire"
)

const (
	// maxRecord is the size in bytes from which on a record goes to the page unchanged, so that the relay never holds a
	// large one.
	maxRecord = 8 << 20
	// lingering is how long rows wait in a block that is not full. The first rows of a result do not wait.
	lingering = 10 * time.Millisecond
	// blockLimit is the size in bytes at which a block is full: large enough that the cost of a block beside its rows
	// does not matter, and small enough that a page reads one within a frame.
	blockLimit = 512 << 10
	// maxFrame is the number of bytes that are collected for one frame to the page.
	maxFrame = 256 << 10
)

// Inner passes the bytes of the connection on: it takes the bytes from the page, and writes the bytes for the page to
// the Converter.
type Inner interface {
	FromPage(data []byte) error
}

// Stats receives a Converter's counts. Its function may be nil, and several goroutines may call it.
type Stats struct {
	// Block is called for each block with its rows, its size in bytes, the size of the messages that it replaces, and
	// whether a lane carries it.
	Block func(rows, size, replaced int, lane bool)
}

// Converter makes row blocks for one connection. One goroutine may call FromPage, several may call Write, Due and
// Flush.
type Converter struct {
	page  io.Writer
	inner Inner
	stats Stats

	requests requests
	incoming incoming // of FromPage

	mu      sync.Mutex // guards the fields below
	walk    walker
	passing byte     // the signature of the message that is passing, or 0
	partial assembly // a message that came in pieces and does not pass unchanged
	out     []byte   // for the page
	block   []byte   // a block and its header in the message
	spans   []client.Span
	results map[int64]*result
	due     time.Time // when rows that wait in a block must be sent

	lanes lanes
}

// NewConverter makes a Converter. Connect must be called before it is used.
func NewConverter(page io.Writer, stats Stats) *Converter {
	return &Converter{page: page, stats: stats, results: map[int64]*result{}}
}

// Connect sets inner, which passes the bytes on. It writes the bytes for the page to the Converter.
func (c *Converter) Connect(inner Inner) { c.inner = inner }

// FromPage handles bytes from the page.
func (c *Converter) FromPage(data []byte) error {
	out, err := c.incoming.read(data, &c.requests)
	if err != nil {
		return err
	}
	return c.inner.FromPage(out)
}

// Write handles bytes for the page.
func (c *Converter) Write(data []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.convert(data)
	if err == nil {
		err = c.goOn()
	}
	if err == nil {
		err = c.send()
	}
	return len(data), err
}

// WhileDue calls sign, which may write to the page, if the page waits for an answer and nothing is being written to it.
func (c *Converter) WhileDue(sign func()) {
	if !c.mu.TryLock() {
		return
	}
	defer c.mu.Unlock()
	if c.requests.waiting() {
		sign()
	}
}

// convert handles bytes for the page.
func (c *Converter) convert(data []byte) error {
	for len(data) > 0 {
		if len(c.out) >= maxFrame {
			if err := c.send(); err != nil {
				return err
			}
		}
		if r := c.wanted(); r != nil {
			n, err := c.take(r, data)
			if err != nil {
				return err
			}
			data = data[n:]
			continue
		}
		n, begun, ended := c.walk.next(data)
		c.out = append(c.out, data[:n]...)
		data = data[n:]
		switch {
		case begun:
			c.passing = c.walk.tag()
		case ended && c.passing != 0:
			if c.passing != wire.MessageRecord {
				if err := c.answered(); err != nil {
					return err
				}
			}
			c.passing = 0
		}
	}
	return nil
}

// wanted is the result whose records come next and become blocks, or nil if the next bytes pass unchanged.
func (c *Converter) wanted() *result {
	q := c.requests.first()
	if q.kind != kindPull || !c.walk.between() {
		return nil
	}
	r := c.results[q.result]
	if r == nil {
		if len(c.results) >= maxResults {
			return nil
		}
		r = &result{number: q.result}
		c.results[q.result] = r
	}
	if r.failed {
		return nil
	}
	return r
}

// answered notes that an answer has passed.
func (c *Converter) answered() error {
	q, ok := c.requests.pop()
	if !ok {
		return errors.New("the server answers what nobody asked")
	}
	switch q.kind {
	case kindPull, kindDiscard: // the records of a PULL have passed, too
		c.forget(q.result)
	case kindClear:
		clear(c.results)
		c.lanes.endAll()
	}
	return nil
}

// take reads messages that answer a PULL, and returns how many bytes it read. If the result's failed is set, the other
// messages pass unchanged.
func (c *Converter) take(r *result, data []byte) (n int, err error) {
	if c.partial.between() {
		c.spans = c.spans[:0]
		for {
			size := recordSize(data[n:])
			if size == 0 {
				break
			}
			c.spans = append(c.spans, client.Span{Start: uint32(n + recordHead), End: uint32(n + chunkHead + size)})
			n += size + 2*chunkHead
		}
		if taken, err := c.add(r, client.Batch{Data: data, Records: c.spans}); err != nil || r.failed {
			if taken < len(c.spans) {
				n = int(c.spans[taken].Start) - recordHead
			}
			return n, err
		}
	}
	taken, ended := c.partial.next(data[n:])
	n += taken
	switch {
	case ended:
		return n, c.whole(r)
	case len(c.partial.body) > maxRecord:
		err := c.giveUp(r)
		c.passing = c.partial.body[1]
		c.out, c.walk = c.partial.release(c.out)
		return n, err
	}
	return n, nil
}

// whole handles an assembled message.
func (c *Converter) whole(r *result) (err error) {
	body := c.partial.body
	switch {
	case len(body) == 0:
		c.out = append(c.out, 0, 0)
	case len(body) > 2 && body[0] == 0xB1 && body[1] == wire.MessageRecord:
		_, err = c.add(r, client.Batch{Data: body, Records: []client.Span{{Start: 2, End: uint32(len(body))}}})
		if r.failed {
			c.out = appendMessage(c.out, body)
		}
	default:
		err = c.ended(r, body)
	}
	c.partial.body = c.partial.body[:0]
	return err
}

// add puts records into blocks, and returns their number. If that is not all, the result's failed is set.
func (c *Converter) add(r *result, batch client.Batch) (n int, err error) {
	for n < len(batch.Records) {
		if r.writer == nil {
			span := batch.Records[n]
			in := packstream.NewReader(batch.Data[span.Start:span.End])
			fields, err := in.ListHeader()
			if err != nil {
				return n, c.giveUp(r)
			}
			r.writer = rowblock.NewWriter(fields, blockLimit)
		}
		taken, err := r.writer.Append(batch, n)
		for _, span := range batch.Records[n : n+taken] {
			r.replaced += int(span.End-span.Start) + recordHead + chunkHead
		}
		n += taken
		if err != nil {
			return n, c.giveUp(r)
		}
		if n < len(batch.Records) {
			if err := c.flush(r); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// giveUp lets the result's records pass unchanged from now on: the page handles a record that cannot be read.
func (c *Converter) giveUp(r *result) error {
	err := c.flush(r)
	r.failed = true
	c.endLane(r)
	return err
}

// ended handles the end of the answer to a PULL.
func (c *Converter) ended(r *result, body []byte) error {
	if err := c.flush(r); err != nil {
		return err
	}
	c.endLane(r)
	c.letGo()
	c.out = appendMessage(c.out, body)
	q, _ := c.requests.pop()
	more := false
	if len(body) > 2 && body[1] == wire.MessageSuccess {
		more, _ = packstream.BoolEntry(body[2:], "has_more") // the page refuses it if it cannot be read
	}
	if !more {
		c.forget(q.result)
	}
	return nil
}

// takeLane sends the result's rows over its lane from here to the end of the PULL, if the page allows it.
func (c *Converter) takeLane(r *result) error {
	if r.lane != nil {
		return nil
	}
	if r.lane = c.lanes.of(r.number); r.lane == nil {
		return nil
	}
	r.carried = 0
	c.out = appendMessage(c.out, laneMark)
	return c.send() // the page must get it before the lane is written
}

// laneMark is the message that takes the place of the rows that go over a lane.
var laneMark = []byte{0xB0, lane.TagLane}

// endLane tells the page on the lane that it has all rows of the PULL.
func (c *Converter) endLane(r *result) {
	if r.lane != nil {
		r.lane.send(lane.AppendFrameHead(nil, 0, r.carried), nil)
		r.lane = nil
	}
}

// goOn decides about rows that wait in a block: the first rows of a result are sent at once, others when they have
// waited long enough.
func (c *Converter) goOn() error {
	r := c.waiting()
	switch {
	case r == nil:
		c.due = time.Time{}
	case !r.sent:
		return c.flush(r)
	case c.due.IsZero():
		c.due = time.Now().Add(lingering)
	}
	return nil
}

// waiting is the result that has rows in a block that is not full.
func (c *Converter) waiting() *result {
	first := c.requests.first()
	if first.kind != kindPull {
		return nil
	}
	if r := c.results[first.result]; r != nil && r.writer != nil && r.writer.Rows() > 0 {
		return r
	}
	return nil
}

// Due is the time at which [Converter.Flush] should be called if nothing else comes from the server; the zero Time
// means never.
func (c *Converter) Due() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.due
}

// Flush sends rows that wait for more to fill their block.
func (c *Converter) Flush() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.due = time.Time{}
	r := c.waiting()
	if r == nil {
		return nil
	}
	if err := c.flush(r); err != nil {
		return err
	}
	return c.send()
}

// blockHead is the header of a block's message: a structure with one field, a byte array whose size has four bytes.
var blockHead = []byte{0xB1, lane.TagBlock, 0xCE, 0, 0, 0, 0}

// flush sends the result's block, if it has rows.
func (c *Converter) flush(r *result) error {
	if r.writer == nil || r.writer.Rows() == 0 {
		return nil
	}
	if err := c.takeLane(r); err != nil {
		return err
	}
	rows := r.writer.Rows()
	c.block = r.writer.Flush(append(c.block[:0], blockHead...))
	block := c.block[len(blockHead):]
	size := len(block)
	c.block[3], c.block[4], c.block[5], c.block[6] = byte(size>>24), byte(size>>16), byte(size>>8), byte(size)
	r.sent, c.due = true, time.Time{}
	if c.stats.Block != nil {
		c.stats.Block(rows, size, r.replaced, r.lane != nil)
	}
	r.replaced = 0
	if r.lane != nil {
		r.carried += rows
		r.lane.send(lane.AppendFrameHead(nil, size, rows), block)
	} else {
		c.out = appendMessage(c.out, c.block)
	}
	return nil
}

// letGo frees the memory for large records and blocks when there are no more.
func (c *Converter) letGo() {
	c.partial = assembly{}
	if cap(c.block) > 2*blockLimit {
		c.block = nil
	}
}

// send writes the collected bytes to the page.
func (c *Converter) send() error {
	if len(c.out) == 0 {
		return nil
	}
	_, err := c.page.Write(c.out)
	if c.out = c.out[:0]; cap(c.out) > 2*maxFrame {
		c.out = nil
	}
	return err
}

// forget drops the state of a result.
func (c *Converter) forget(number int64) {
	delete(c.results, number)
	c.lanes.end(number)
}

// Close ends the lanes, and a running write to a lane. Any goroutine may call it.
func (c *Converter) Close() { c.lanes.close() }
