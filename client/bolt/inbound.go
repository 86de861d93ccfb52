package bolt

import (
	"encoding/binary"
	"math"
	"runtime"
	"strconv"

	"github.com/webbolt/webbolt/client"
)

const (
	smallestArena = 4 << 10
	largestArena  = 256 << 10
	largeMessage  = 64 << 10  // messages from here on count for the arena's size
	smallestRead  = 512       // a read gets room for at least this many bytes
	largestRead   = 512 << 10 // of large messages: what is read is joined while it is in the processor's cache
	// maxMessage is the size of the largest message that can be received: spans have 32 bits.
	maxMessage = math.MaxInt32
	// maxMessagePage is the default limit in a browser, where a tab has little memory.
	maxMessagePage = 256 << 20
)

// messageLimit is the limit that an option sets, 0 for the default.
func messageLimit(option int) int {
	switch {
	case option > 0:
		return option
	case runtime.GOOS == "js":
		return maxMessagePage
	}
	return maxMessage
}

// inbound splits the stream into messages. Bytes are read into an arena and stay there; only the later chunks of a
// message are moved down over their headers, so that it is contiguous. Records keep their arena; when it is full, a new
// one is allocated. Arenas grow by what arrived, never by what a header announces.
type inbound struct {
	arena  []byte
	filled int // arena[:filled] has arrived
	parsed int // arena[parsed:filled] has not been looked at
	// The message under way has arena[start:end] so far, and chunk bytes of its present chunk are still to come.
	inMessage  bool
	start, end int
	chunk      int

	held  bool // something refers to the arena: what has arrived must not be overwritten
	size  int  // of the next arena
	reads int  // into this arena
	large int  // size of a large message lately
	limit int
}

// next returns the next complete message. It stays valid if held is set, else until the next call of room.
func (in *inbound) next() (message []byte, ok bool, err error) {
	for {
		if in.chunk > 0 {
			n := min(in.chunk, in.filled-in.parsed)
			if in.end != in.parsed {
				copy(in.arena[in.end:], in.arena[in.parsed:in.parsed+n])
			}
			in.end += n
			in.parsed += n
			in.chunk -= n
			if in.chunk > 0 {
				return nil, false, nil
			}
		}
		if in.filled-in.parsed < 2 {
			return nil, false, nil
		}
		size := int(binary.BigEndian.Uint16(in.arena[in.parsed:]))
		in.parsed += 2
		switch {
		case size > 0:
			if !in.inMessage {
				in.inMessage, in.start, in.end = true, in.parsed, in.parsed
			}
			in.chunk = size
			if in.end-in.start > in.limit-size {
				return nil, false, &client.ProtocolError{Message: "the server sent a message of more than " +
					strconv.Itoa(in.limit) + " bytes; the option MaxMessage (maxMessage) sets that limit"}
			}
		case in.inMessage:
			in.inMessage = false
			if in.end-in.start >= largeMessage {
				in.large = in.end - in.start
			}
			return in.arena[in.start:in.end], true, nil
		}
	}
}

// room returns the free part of the arena to read into.
func (in *inbound) room() []byte {
	if !in.held && !in.inMessage && in.parsed == in.filled {
		in.parsed, in.filled = 0, 0
	}
	if free := len(in.arena) - in.filled; free < smallestRead ||
		free < in.chunk && in.filled > 0 && in.chunk < len(in.arena)/4 {
		in.renew()
	}
	end := len(in.arena)
	if end > largestArena {
		end = min(end, in.filled+largestRead)
	}
	return in.arena[in.filled:end]
}

// arrived notes that n bytes were read into room.
func (in *inbound) arrived(n int) {
	in.filled += n
	in.reads++
}

// renew allocates a new arena and copies what is incomplete.
func (in *inbound) renew() {
	switch {
	case in.reads <= 2:
		in.size = min(2*in.size, largestArena)
	case in.reads >= 32:
		in.size = in.size / 2
	}
	in.size = max(in.size, smallestArena)
	payload := 0
	if in.inMessage {
		payload = in.end - in.start
	}
	raw := in.filled - in.parsed
	size := max(in.size, 2*(payload+raw))
	if in.large > 0 {
		// Large messages come: make room for several, so that few are copied at an arena's end.
		size = max(size, min(4*in.large, 16*largestArena)+largeMessage, payload+in.large+largeMessage)
		in.large -= in.large / 4
		if in.large < largeMessage {
			in.large = 0
		}
	}
	size = min(size, in.limit+2*largeMessage)
	arena := newArena(size)
	copy(arena, in.arena[in.start:in.start+payload])
	copy(arena[payload:], in.arena[in.parsed:in.filled])
	in.arena = arena
	in.start, in.end, in.parsed, in.filled = 0, payload, payload, payload+raw
	in.held, in.reads = false, 0
}
