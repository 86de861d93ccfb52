package session

import (
	"encoding/binary"

	"github.com/webbolt/webbolt/client/wire"
)

// scanner finds where messages end in what a server sends, without copying it.
type scanner struct {
	left int  // bytes of the chunk to come
	size int  // bytes of the message so far, up to 2
	tag  byte // the second of them
}

// next skips bytes up to the end of the first answer, that is, of a message that is not a record. It returns their
// number, the answer's tag, and whether there is one. Without an answer it skips all bytes except the first half of a
// chunk's header.
func (c *scanner) next(data []byte) (n int, tag byte, answered bool) {
	for n < len(data) {
		if c.left > 0 {
			part := data[n:min(len(data), n+c.left)]
			for i := 0; i < len(part) && c.size < 2; i++ {
				c.tag = part[i]
				c.size++
			}
			c.left -= len(part)
			n += len(part)
			continue
		}
		if len(data)-n < 2 {
			break
		}
		c.left = int(binary.BigEndian.Uint16(data[n:]))
		n += 2
		if c.left == 0 && c.size > 0 { // without size it is a NOOP
			c.size = 0
			if c.tag != wire.MessageRecord {
				return n, c.tag, true
			}
		}
	}
	return n, 0, false
}
