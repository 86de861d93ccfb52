package bolt

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// feed passes a stream to inbound in reads that end at the given places, and returns the messages.
func feed(t testing.TB, in *inbound, stream []byte, keep bool, ends ...int) (messages [][]byte) {
	t.Helper()
	start := 0
	for _, end := range append(ends, len(stream)) {
		for start < end {
			n := copy(in.room(), stream[start:end])
			in.arrived(n)
			start += n
			for {
				message, ok, err := in.next()
				require.NoError(t, err)
				if !ok {
					break
				}
				if keep {
					in.held = true
					messages = append(messages, message)
				} else {
					messages = append(messages, bytes.Clone(message))
				}
			}
		}
	}
	return messages
}

func chunks(sizes ...int) (stream, message []byte) {
	for i, size := range sizes {
		chunk := bytes.Repeat([]byte{byte('a' + i)}, size)
		stream = append(append(stream, byte(size>>8), byte(size)), chunk...)
		message = append(message, chunk...)
	}
	return append(stream, 0, 0), message
}

// A conversation of whole, empty and cut messages, with what they amount to.
func framed() (stream []byte, messages [][]byte) {
	for _, sizes := range [][]int{{1}, {2, 3}, {}, {7, 1, 1, 30}, {}, {}, {300}, {256, 1}, {4}} {
		part, message := chunks(sizes...)
		stream = append(stream, part...)
		if len(message) > 0 {
			messages = append(messages, message)
		}
	}
	return stream, messages
}

func TestInboundSplitAndMergedAnywhere(t *testing.T) {
	stream, messages := framed()
	for first := range stream {
		for _, second := range []int{first + 1, first + 2, first + 17, first + 299} {
			in := &inbound{limit: maxMessage}
			require.Equal(t, messages, feed(t, in, stream, first%2 == 0, first, min(second, len(stream))),
				"reads end at %d and %d", first, second)
		}
	}
}

func TestInboundByteByByte(t *testing.T) {
	stream, messages := framed()
	ends := make([]int, len(stream))
	for i := range ends {
		ends[i] = i
	}
	require.Equal(t, messages, feed(t, &inbound{limit: maxMessage}, stream, true, ends...))
}

// Messages that are kept must stay as they are whatever comes later.
func TestInboundKeepsWhatIsHeld(t *testing.T) {
	var stream []byte
	var messages [][]byte
	for i := range 3000 {
		part, message := chunks(1+i%700, 1+i*7%900)
		stream, messages = append(stream, part...), append(messages, message)
	}
	require.Equal(t, messages, feed(t, &inbound{limit: maxMessage}, stream, true))
	require.Equal(t, messages, feed(t, &inbound{limit: maxMessage}, stream, false))
}

func TestInboundReusesWhatIsNotHeld(t *testing.T) {
	in := &inbound{limit: maxMessage}
	part, _ := chunks(100)
	feed(t, in, part, false)
	arena := &in.arena[0]
	for range 10000 {
		feed(t, in, part, false)
	}
	require.Same(t, arena, &in.arena[0])
}

func TestInboundLargeMessages(t *testing.T) {
	in := &inbound{limit: maxMessage}
	sizes := make([]int, 40)
	for i := range sizes {
		sizes[i] = maxChunk
	}
	stream, message := chunks(sizes...)
	for range 5 {
		require.Equal(t, [][]byte{message}, feed(t, in, stream, true))
	}
	require.Less(t, len(in.arena), 6*len(message))
	small, _ := chunks(1000)
	feed(t, in, bytes.Repeat(small, 100000), true)
	require.LessOrEqual(t, len(in.arena), largestArena, "arenas stay large when large messages have ceased")
}

// What a header promises is not allocated, only what arrives.
func TestInboundGrowsByWhatArrives(t *testing.T) {
	in := &inbound{limit: maxMessage}
	// A string that claims 4 GB, in a chunk that claims to be full.
	feed(t, in, []byte{0xFF, 0xFF, 0xB1, 0x71, 0x91, 0xD2, 0xFF, 0xFF, 0xFF, 0xFF}, true)
	require.LessOrEqual(t, len(in.arena), 2*smallestArena)
}

func TestInboundLimit(t *testing.T) {
	in := &inbound{limit: 1000}
	stream, _ := chunks(600, 401)
	in.arrived(copy(in.room(), stream))
	_, ok, err := in.next()
	require.False(t, ok)
	var wrong *client.ProtocolError
	require.True(t, errors.As(err, &wrong))
	stream, message := chunks(600, 400)
	require.Equal(t, [][]byte{message}, feed(t, &inbound{limit: 1000}, stream, true))
}

// In a page the default is for a tab's memory; an option says otherwise everywhere.
func TestMessageLimit(t *testing.T) {
	want := maxMessage
	if runtime.GOOS == "js" {
		want = 256 << 20
	}
	require.Equal(t, want, messageLimit(0))
	require.Equal(t, 1000, messageLimit(1000))
	require.ErrorContains(t, client.Options{MaxMessage: -1}.Validate(), "MaxMessage")
	require.ErrorContains(t, client.Options{MaxMessage: maxMessage + 1}.Validate(), "MaxMessage")
	require.NoError(t, client.Options{MaxMessage: maxMessage}.Validate())
}

func TestOutboundChunks(t *testing.T) {
	for _, size := range []int{0, 1, maxChunk - 2, maxChunk - 1, maxChunk, 2*maxChunk - 2, 2*maxChunk - 1,
		10 * maxChunk} {
		var out outbound
		out.end(append(out.begin(wire.MessageRun, 3), strings.Repeat("x", size)...))
		out.end(out.begin(wire.MessageReset, 0))
		messages := feed(t, &inbound{limit: maxMessage}, out.rest(), true)
		require.Len(t, messages, 2)
		require.Equal(t, "\xB3\x10"+strings.Repeat("x", size), string(messages[0]))
		require.Equal(t, "\xB0\x0F", string(messages[1]))
	}
}

func FuzzInbound(f *testing.F) {
	stream, _ := framed()
	f.Add(stream[:60], uint16(7), true)
	f.Add([]byte{0, 0, 0, 1}, uint16(1), false)
	f.Add([]byte{0xFF, 0xFF}, uint16(1), false)
	f.Fuzz(func(t *testing.T, stream []byte, step uint16, keep bool) {
		var ends []int
		for end := int(step); step > 0 && end < len(stream); end += int(step) {
			ends = append(ends, end)
		}
		whole := feed(t, &inbound{limit: maxMessage}, stream, keep)
		require.Equal(t, whole, feed(t, &inbound{limit: maxMessage}, stream, !keep, ends...))
	})
}
