package blocks

import (
	"encoding/binary"

	"github.com/webbolt/webbolt/client/wire"
)

const (
	chunkHead  = 2             // bytes before a chunk: its size
	recordHead = chunkHead + 2 // bytes before a record's list, which the message RECORD has in its only field
	maxChunk   = 0xFFFF
)

// walker finds where messages begin and end in a stream of chunks (Bolt specification, "Message chunking"), without
// keeping them.
type walker struct {
	header [chunkHead]byte
	got    int     // bytes of header
	left   int     // bytes of the chunk to come
	size   int     // bytes of the message so far, up to two
	start  [2]byte // the first bytes of the message: the structure's marker and its signature
}

// next passes over bytes until the first two of a message are known (begun), or a message ends (ended). A message
// without bytes, by which a side shows that it is still there, ends without having begun. It returns how many bytes it
// passed over.
func (w *walker) next(data []byte) (n int, begun, ended bool) {
	for n < len(data) {
		if w.left > 0 {
			part := data[n:min(len(data), n+w.left)]
			if w.size < len(w.start) {
				part = part[:min(len(part), len(w.start)-w.size)]
				w.size += copy(w.start[w.size:], part)
				begun = w.size == len(w.start)
			}
			w.left -= len(part)
			n += len(part)
			if begun {
				return n, true, false
			}
			continue
		}
		w.header[w.got] = data[n]
		n++
		if w.got++; w.got < chunkHead {
			continue
		}
		w.got = 0
		w.left = int(binary.BigEndian.Uint16(w.header[:]))
		if w.left == 0 {
			w.size = 0
			return n, false, true
		}
	}
	return n, false, false
}

// between reports whether the next byte begins a message.
func (w *walker) between() bool { return w.size == 0 && w.left == 0 && w.got == 0 }

// tag is the signature of the message that has begun.
func (w *walker) tag() byte { return w.start[1] }

// recordSize is the size of the first chunk of data if it is a complete RECORD with its end, else 0.
func recordSize(data []byte) int {
	if len(data) < recordHead+chunkHead+1 || data[2] != 0xB1 || data[3] != wire.MessageRecord {
		return 0
	}
	size := int(data[0])<<8 | int(data[1])
	if size < 3 || len(data) < size+2*chunkHead || data[size+2]|data[size+3] != 0 {
		return 0
	}
	return size
}

// assembly puts a message together from its chunks.
type assembly struct {
	header [chunkHead]byte
	got    int // bytes of header
	left   int // bytes of the chunk to come
	body   []byte
}

// next takes bytes up to the end of the message at most, and returns how many. A message without bytes has an empty
// body.
func (a *assembly) next(data []byte) (n int, ended bool) {
	for n < len(data) {
		if a.left > 0 {
			part := data[n:min(len(data), n+a.left)]
			a.body = append(a.body, part...)
			a.left -= len(part)
			n += len(part)
			continue
		}
		a.header[a.got] = data[n]
		n++
		if a.got++; a.got < chunkHead {
			continue
		}
		a.got = 0
		if a.left = int(binary.BigEndian.Uint16(a.header[:])); a.left == 0 {
			return n, true
		}
	}
	return n, false
}

// between reports whether the next byte begins a message.
func (a *assembly) between() bool { return a.got == 0 && a.left == 0 && len(a.body) == 0 }

// release appends the bytes of an incomplete message in chunks, and returns a walker for its remaining bytes.
func (a *assembly) release(b []byte) ([]byte, walker) {
	w := walker{header: a.header, got: a.got, left: a.left}
	w.size = copy(w.start[:], a.body)
	b = appendChunks(b, a.body)
	switch {
	case a.left > 0:
		b = binary.BigEndian.AppendUint16(b, uint16(a.left))
	case a.got > 0:
		b = append(b, a.header[0])
	}
	*a = assembly{}
	return b, w
}

// appendMessage appends a message in chunks, with its end.
func appendMessage(b, body []byte) []byte { return append(appendChunks(b, body), 0, 0) }

func appendChunks(b, body []byte) []byte {
	for len(body) > 0 {
		n := min(len(body), maxChunk)
		b = binary.BigEndian.AppendUint16(b, uint16(n))
		b = append(b, body[:n]...)
		body = body[n:]
	}
	return b
}
