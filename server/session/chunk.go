package session

import "encoding/binary"

const maxChunk = 0xFFFF

// assembler assembles messages from their chunks.
type assembler struct {
	header  [2]byte
	got     int // bytes of header
	left    int // bytes of the chunk to come
	message []byte
}

// next reads bytes up to the end of a message at most. It returns the unread bytes and whether a message is complete;
// it is in a.message until next is called again. A message over the limit is reported early.
func (a *assembler) next(data []byte, limit int) (rest []byte, complete, tooLarge bool) {
	for len(data) > 0 {
		if a.left > 0 {
			n := min(a.left, len(data))
			a.message = append(a.message, data[:n]...)
			a.left -= n
			data = data[n:]
			continue
		}
		a.header[a.got] = data[0]
		data = data[1:]
		if a.got++; a.got < len(a.header) {
			continue
		}
		a.got = 0
		a.left = int(binary.BigEndian.Uint16(a.header[:]))
		if len(a.message)+a.left > limit {
			return data, false, true
		}
		if a.left == 0 && len(a.message) > 0 {
			return data, true, false
		} // an empty message is a NOOP
	}
	return nil, false, false
}

// clear prepares for the next message. Large messages are rare, so their memory is not kept.
func (a *assembler) clear() {
	if cap(a.message) > maxChunk {
		a.message = nil
	}
	a.message = a.message[:0]
}

// appendChunks appends a message in chunks, with its end marker.
func appendChunks(b, message []byte) []byte {
	for len(message) > 0 {
		n := min(len(message), maxChunk)
		b = appendChunk(b, message[:n])
		message = message[n:]
	}
	return append(b, 0, 0)
}

// appendChunk appends one chunk, of up to maxChunk bytes.
func appendChunk(b, chunk []byte) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(chunk))), chunk...)
}
