package bolt

import (
	"encoding/binary"
)

const (
	maxChunk   = 65535   // payload bytes that a chunk can have
	keepBuffer = 1 << 20 // an out buffer larger than this is not kept
)

// outbound holds chunked messages that are not written yet.
type outbound struct {
	buf     []byte
	written int // buf[:written] has left
	start   int // where the unfinished message starts
}

// begin starts a message and returns the buffer to append its fields to. end must get that buffer.
func (o *outbound) begin(tag byte, fields int) []byte {
	o.start = len(o.buf)
	return append(o.buf, 0, 0, 0xB0|byte(fields), tag)
}

// end finishes the message: it fills in the chunk's header, or cuts the message into several chunks.
func (o *outbound) end(buf []byte) {
	size := len(buf) - o.start - 2
	if size <= maxChunk {
		binary.BigEndian.PutUint16(buf[o.start:], uint16(size))
		o.buf = append(buf, 0, 0)
		return
	}
	// All chunks but the last are full. Starting with the last, each is moved up to make room for its header.
	chunks := (size + maxChunk - 1) / maxChunk
	for range chunks - 1 {
		buf = append(buf, 0, 0)
	}
	for i := chunks - 1; i >= 0; i-- {
		from := o.start + 2 + i*maxChunk
		length := min(maxChunk, size-i*maxChunk)
		header := o.start + i*(maxChunk+2)
		copy(buf[header+2:], buf[from:from+length])
		binary.BigEndian.PutUint16(buf[header:], uint16(length))
	}
	o.buf = append(buf, 0, 0)
}

// mark returns the present length, for truncate.
func (o *outbound) mark() int { return len(o.buf) }

// truncate drops the messages that were appended after mark.
func (o *outbound) truncate(mark int) { o.buf = o.buf[:mark] }

// rest is what is not written yet.
func (o *outbound) rest() []byte { return o.buf[o.written:] }

// advance notes that n bytes of rest were written.
func (o *outbound) advance(n int) {
	o.written += n
	if o.written < len(o.buf) {
		return
	}
	o.buf, o.written = o.buf[:0], 0
	if cap(o.buf) > keepBuffer {
		o.buf = nil
	}
}
