// Package lane is the protocol between a client and a webbolt relay beyond Bolt: row blocks instead of records, and
// lanes, which are HTTP responses that carry row blocks outside the WebSocket. docs/lanes.md describes the protocol.
package lane

import (
	"encoding/binary"
	"strconv"
	"strings"
)

const (
	// Parameter in the query of the WebSocket's address, with the value Version, asks the relay for row blocks. A relay
	// that does not know the parameter ignores it; one that does sends a [Greeting] first.
	Parameter = "blocks"
	// Version of this agreement.
	Version = "2"
	// Affinity is the parameter that the WebSocket and its lanes share, so that a load balancer can send both to one
	// relay.
	Affinity = "c"
	// Path, below that of the relay's WebSockets, is where lanes are opened, by POST with the connection's key and the
	// result's number as the body.
	Path = "lane"
)

const (
	// PullKey in the metadata of PULL asks for row blocks. Its value is a map.
	PullKey = "webbolt"
	// ResultKey in that map is the number that the client gave the result: an integer. It is the same in all PULLs of a
	// result.
	ResultKey = "result"
	// TagBlock is the signature of the message that carries a row block instead of RECORDs. Its field is a byte array.
	TagBlock = 0x57
	// TagLane is the signature of a message without fields. It takes the place of the rows that come on the result's
	// lane: all rows up to the lane's next end frame.
	TagLane = 0x58
)

const greetingPrefix = "webbolt " + Version + " "

// Greeting is the text frame that a relay sends first to a client that asked for row blocks. The key opens lanes; only
// this client knows it.
func Greeting(key string) string { return greetingPrefix + key }

// ReadGreeting returns the key in a greeting; ok is false for other text.
func ReadGreeting(text string) (key string, ok bool) {
	key, ok = strings.CutPrefix(text, greetingPrefix)
	return key, ok && key != "" && len(key) <= maxKey && !strings.ContainsAny(key, " \r\n")
}

const (
	maxKey    = 64
	maxNumber = 20 // digits

	// MaxRequest is the length in bytes of the longest body that opens a lane: the key, a space and the result's
	// number.
	MaxRequest = maxKey + 1 + maxNumber
	// MaxGoAhead is the length in bytes of the longest [GoAhead].
	MaxGoAhead = int64(len(goAheadPrefix) + maxNumber)
)

const goAheadPrefix = "lane "

// GoAhead is the text frame by which a client allows the relay to use a result's lane, after the lane's first frame has
// arrived.
func GoAhead(result int64) string { return goAheadPrefix + strconv.FormatInt(result, 10) }

// ReadGoAhead returns the number of the result; ok is false for other text.
func ReadGoAhead(text string) (result int64, ok bool) {
	number, ok := strings.CutPrefix(text, goAheadPrefix)
	result, err := strconv.ParseInt(number, 10, 64)
	return result, ok && err == nil
}

// FrameHead is the length in bytes of the header of each block on a lane.
const FrameHead = 8

// A frame on a lane is two 32-bit little-endian words, the length of the block in bytes and a number of rows, then the
// block. Without a block, it is the number of rows that the lane has carried since [TagLane]. The first frame has
// neither: it shows that the lane works.

// AppendFrameHead appends a block's header.
func AppendFrameHead(b []byte, length, rows int) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(length))
	return binary.LittleEndian.AppendUint32(b, uint32(rows))
}
