package blocks

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/lane"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/rowblock"
	"github.com/webbolt/webbolt/client/wire"
)

type dict = map[string]any

func encode(tag byte, fields ...any) []byte {
	b := packstream.AppendStructHeader(nil, tag, len(fields))
	for _, field := range fields {
		var err error
		if b, err = packstream.Append(b, field); err != nil {
			panic(err)
		}
	}
	return b
}

func chunked(tag byte, fields ...any) []byte { return appendMessage(nil, encode(tag, fields...)) }

func pull(result int64) []byte {
	return chunked(wire.MessagePull, dict{"n": int64(1000), lane.PullKey: dict{lane.ResultKey: result}})
}

func record(values ...any) []byte { return chunked(wire.MessageRecord, values) }

// carried is a Converter between a page and a server that are both only buffers.
type carried struct {
	*Converter
	toServer, toPage bytes.Buffer
	writes           int
}

func (c *carried) Write(data []byte) (int, error) { c.writes++; return c.toPage.Write(data) }

type toServer struct{ *carried }

func (s toServer) FromPage(data []byte) error { s.toServer.Write(data); return nil }

func newCarried() *carried {
	c := &carried{}
	c.Converter = NewConverter(c, Stats{})
	c.Connect(toServer{c})
	return c
}

func (c *carried) fromServer(t testing.TB, data []byte) {
	t.Helper()
	n, err := c.Converter.Write(data)
	require.NoError(t, err)
	require.Len(t, data, n)
}

// messages takes a stream apart, each message in one piece.
func messages(t testing.TB, stream []byte) (list [][]byte) {
	t.Helper()
	for len(stream) > 0 {
		var whole assembly
		n, ended := whole.next(stream)
		require.True(t, ended, "the stream ends within a message")
		list = append(list, whole.body)
		stream = stream[n:]
	}
	return list
}

// blockOf returns the block in a message, which must be one.
func blockOf(t testing.TB, body []byte) []byte {
	t.Helper()
	require.Greater(t, len(body), len(blockHead))
	require.Equal(t, blockHead[:3], body[:3])
	require.EqualValues(t, len(body)-len(blockHead), binary.BigEndian.Uint32(body[3:]))
	return body[len(blockHead):]
}

func rowsOf(block []byte) int { return int(binary.LittleEndian.Uint32(block[12:])) }

// want is the block that a writer makes of records.
func want(t testing.TB, w *rowblock.Writer, values ...[]any) []byte {
	t.Helper()
	for _, v := range values {
		data, err := packstream.Append(nil, v)
		require.NoError(t, err)
		_, err = w.Append(client.Batch{Data: data, Records: []client.Span{{End: uint32(len(data))}}}, 0)
		require.NoError(t, err)
	}
	return w.Flush(nil)
}

func TestPullIsStripped(t *testing.T) {
	ordinary := chunked(wire.MessagePull, dict{"n": int64(5), "qid": int64(7)})
	for name, c := range map[string]struct{ sent, passed []byte }{
		"blocks":       {pull(1), chunked(wire.MessagePull, dict{"n": int64(1000)})},
		"nothing else": {chunked(wire.MessagePull, dict{lane.PullKey: dict{}}), chunked(wire.MessagePull, dict{})},
		"unknown asks": {chunked(wire.MessagePull, dict{lane.PullKey: dict{"lane": true, "later": []any{int64(1)}}}),
			chunked(wire.MessagePull, dict{})},
		"not for us": {ordinary, ordinary},
		"Bolt 3":     {chunked(wire.MessagePull), chunked(wire.MessagePull)},
		"DISCARD": {chunked(wire.MessageDiscard, dict{lane.PullKey: dict{lane.ResultKey: int64(1)}}),
			chunked(wire.MessageDiscard, dict{})},
		"RUN and NOOP": {append([]byte{0, 0}, chunked(wire.MessageRun, "RETURN 1", dict{}, dict{})...),
			append([]byte{0, 0}, chunked(wire.MessageRun, "RETURN 1", dict{}, dict{})...)},
		"too large PULL": {chunked(wire.MessagePull, dict{"x": strings.Repeat("x", maxPull)}),
			chunked(wire.MessagePull, dict{"x": strings.Repeat("x", maxPull)})},
	} {
		t.Run(name, func(t *testing.T) {
			for cut := range len(c.sent) {
				carried := newCarried()
				require.NoError(t, carried.FromPage(c.sent[:cut]))
				require.NoError(t, carried.FromPage(c.sent[cut:]))
				require.Equal(t, c.passed, carried.toServer.Bytes(), "cut at %d", cut)
			}
		})
	}
}

func TestMalformedAsks(t *testing.T) {
	for name, metadata := range map[string]dict{
		"not a map":           {lane.PullKey: int64(1)},
		"result not a number": {lane.PullKey: dict{lane.ResultKey: "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, newCarried().FromPage(chunked(wire.MessagePull, metadata)), errPull)
		})
	}
	body := append(encode(wire.MessagePull, dict{"n": int64(1)}), 0)
	require.ErrorIs(t, newCarried().FromPage(appendMessage(nil, body)), errPull, "bytes behind the map")
	c := newCarried()
	var err error
	for range maxRequests + 1 {
		err = c.FromPage(chunked(wire.MessageReset))
	}
	require.ErrorIs(t, err, errTooManyRequests)
}

// conversation is a query of three rows, one of which is longer than a chunk, after a login.
func conversation() (page, server []byte, rows [][]any) {
	rows = [][]any{{int64(1), "one"}, {int64(2), strings.Repeat("two ", 20_000)}, {int64(3), nil}}
	page = append(page, chunked(wire.MessageLogon, dict{})...)
	page = append(page, chunked(wire.MessageRun, "RETURN 1", dict{}, dict{})...)
	page = append(page, pull(1)...)
	server = append(server, chunked(wire.MessageSuccess, dict{})...)
	server = append(server, chunked(wire.MessageSuccess, dict{"fields": []any{"a", "b"}})...)
	for _, row := range rows {
		server = append(server, record(row...)...)
		server = append(server, 0, 0) // the server works on
	}
	server = append(server, chunked(wire.MessageSuccess, dict{"type": "r"})...)
	return page, server, rows
}

func TestRecordsBecomeBlocks(t *testing.T) {
	page, server, rows := conversation()
	c := newCarried()
	require.NoError(t, c.FromPage(page))
	c.fromServer(t, server)
	got := messages(t, c.toPage.Bytes())
	require.Equal(t, 1, c.writes, "one frame to the page")
	require.Equal(t, encode(wire.MessageSuccess, dict{"type": "r"}), got[len(got)-1])
	var block []byte
	for _, body := range got[2:] {
		if len(body) > 0 && body[1] == lane.TagBlock {
			require.Nil(t, block, "one block")
			block = blockOf(t, body)
		}
	}
	require.Equal(t, want(t, rowblock.NewWriter(2, blockLimit), rows...), block)
	require.Empty(t, c.results)
}

// TestEveryCut has what the server sends arrive in two pieces, cut at every byte around the messages' ends.
func TestEveryCut(t *testing.T) {
	page, server, rows := conversation()
	for cut := range len(server) {
		if cut > 200 && cut < len(server)-200 && cut%977 != 0 {
			continue
		}
		c := newCarried()
		require.NoError(t, c.FromPage(page))
		c.fromServer(t, server[:cut])
		c.fromServer(t, server[cut:])
		total := 0
		for _, body := range messages(t, c.toPage.Bytes()) {
			if len(body) > 0 && body[1] == lane.TagBlock {
				total += rowsOf(blockOf(t, body))
			}
		}
		require.Equal(t, len(rows), total, "cut at %d", cut)
	}
}

func TestResultsKeepTheirDictionary(t *testing.T) {
	c := newCarried()
	first, second := rowblock.NewWriter(1, blockLimit), rowblock.NewWriter(1, blockLimit)
	node := func(i int64) any {
		return packstream.Structure{Tag: wire.StructNode, Fields: []any{i, []any{"Person"}, dict{"name": "n"}, "4:x:1"}}
	}
	more := chunked(wire.MessageSuccess, dict{"has_more": true})
	for i, step := range []struct {
		result int64
		writer *rowblock.Writer
	}{{1, first}, {2, second}, {1, first}, {2, second}} {
		c.toPage.Reset()
		require.NoError(t, c.FromPage(pull(step.result)))
		c.fromServer(t, append(record(node(int64(i))), more...))
		got := messages(t, c.toPage.Bytes())
		require.Len(t, got, 2)
		require.Equal(t, want(t, step.writer, []any{node(int64(i))}), blockOf(t, got[0]), "step %d", i)
	}
	require.NoError(t, c.FromPage(chunked(wire.MessageReset)))
	c.fromServer(t, chunked(wire.MessageSuccess, dict{}))
	require.Empty(t, c.results)
}

func TestRecordsThatFitNoBlockPass(t *testing.T) {
	broken := appendMessage(nil, []byte{0xB1, wire.MessageRecord, 0x92, 1, 0xC7}) // a value of a marker that is none
	last := record(int64(2), int64(2))
	c := newCarried()
	require.NoError(t, c.FromPage(pull(1)))
	end := chunked(wire.MessageSuccess, dict{"has_more": true})
	c.fromServer(t, slicesOf(record(int64(1), int64(1)), broken, last, end))
	got := messages(t, c.toPage.Bytes())
	require.Len(t, got, 4)
	require.Equal(t, 1, rowsOf(blockOf(t, got[0])))
	require.Equal(t, slicesOf(broken, last, end), c.toPage.Bytes()[c.toPage.Len()-len(broken)-len(last)-len(end):])

	c.toPage.Reset()
	require.NoError(t, c.FromPage(pull(1)))
	c.fromServer(t, append(last, end...))
	require.Equal(t, 1, rowsOf(blockOf(t, messages(t, c.toPage.Bytes())[0])), "the next PULL has blocks again")
}

func TestHugeRecordsPassWithoutBeingHeld(t *testing.T) {
	huge := record(strings.Repeat("x", 2*maxRecord))
	c := newCarried()
	require.NoError(t, c.FromPage(pull(1)))
	c.fromServer(t, record("small"))
	for rest := huge; len(rest) > 0; {
		n := min(len(rest), 100_000)
		c.fromServer(t, rest[:n])
		rest = rest[n:]
		require.LessOrEqual(t, cap(c.partial.body), 2*maxRecord)
	}
	require.True(t, c.partial.between())
	got := messages(t, c.toPage.Bytes())
	require.Len(t, got, 2)
	require.Equal(t, encode(wire.MessageRecord, []any{strings.Repeat("x", 2*maxRecord)}), got[1])
}

func TestFailureComesAfterTheRows(t *testing.T) {
	c := newCarried()
	require.NoError(t, c.FromPage(pull(1)))
	failure := encode(wire.MessageFailure, dict{"code": "x", "message": "y"})
	c.fromServer(t, slicesOf(record(int64(1)), appendMessage(nil, failure)))
	got := messages(t, c.toPage.Bytes())
	require.Len(t, got, 2)
	require.Equal(t, 1, rowsOf(blockOf(t, got[0])))
	require.Equal(t, failure, got[1])
	require.Empty(t, c.results)
}

func TestRowsThatWaitGoInTime(t *testing.T) {
	c := newCarried()
	require.NoError(t, c.FromPage(pull(1)))
	c.fromServer(t, record(int64(1)))
	require.Len(t, messages(t, c.toPage.Bytes()), 1, "the first rows go at once")
	require.True(t, c.Due().IsZero())
	c.fromServer(t, record(int64(2)))
	require.Len(t, messages(t, c.toPage.Bytes()), 1)
	require.False(t, c.Due().IsZero())
	require.NoError(t, c.Flush())
	require.Len(t, messages(t, c.toPage.Bytes()), 2)
	require.True(t, c.Due().IsZero())
	require.NoError(t, c.Flush())
	require.Len(t, messages(t, c.toPage.Bytes()), 2)
}

func slicesOf(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// response is a lane's answer in memory.
type response struct {
	bytes.Buffer
	flushes     int
	interrupted bool
	err         error
}

func (r *response) Write(data []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	return r.Buffer.Write(data)
}
func (r *response) Flush() error { r.flushes++; return r.err }
func (r *response) Interrupt()   { r.interrupted = true }

// frames takes what a lane carried apart: blocks, and nil for the end of a PULL with its rows.
func frames(t testing.TB, data []byte) (blocks [][]byte, ends []int) {
	t.Helper()
	require.Equal(t, make([]byte, lane.FrameHead), data[:lane.FrameHead], "the first frame")
	for data = data[lane.FrameHead:]; len(data) > 0; {
		length, rows := int(binary.LittleEndian.Uint32(data)), int(binary.LittleEndian.Uint32(data[4:]))
		data = data[lane.FrameHead:]
		if length == 0 {
			ends = append(ends, rows)
			continue
		}
		require.Equal(t, rowsOf(data), rows)
		blocks = append(blocks, data[:length])
		data = data[length:]
	}
	return blocks, ends
}

// goneOver is what the page gets where rows go over to the lane.
var goneOver = chunked(lane.TagLane)

func TestLane(t *testing.T) {
	c := newCarried()
	out := &response{}
	l, err := c.OpenLane(1, out)
	require.NoError(t, err)
	l.Begin()
	c.UseLane(1)
	w := rowblock.NewWriter(1, blockLimit)
	more := chunked(wire.MessageSuccess, dict{"has_more": true})
	for i := range int64(2) {
		require.NoError(t, c.FromPage(pull(1)))
		c.fromServer(t, slicesOf(record(2*i), record(2*i+1), more))
	}
	require.Equal(t, slicesOf(goneOver, more, goneOver, more), c.toPage.Bytes(),
		"only answers come on the WebSocket, and where the rows belong")
	blocks, ends := frames(t, out.Bytes())
	require.Equal(t, [][]byte{want(t, w, []any{int64(0)}, []any{int64(1)}),
		want(t, w, []any{int64(2)}, []any{int64(3)})}, blocks)
	require.Equal(t, []int{2, 2}, ends)

	require.NoError(t, c.FromPage(pull(1)))
	c.fromServer(t, chunked(wire.MessageSuccess, dict{}))
	<-l.Done()
	_, ends = frames(t, out.Bytes())
	require.Equal(t, []int{2, 2}, ends, "there is no end of nothing")
	_, err = c.OpenLane(1, out)
	require.ErrorIs(t, err, ErrLaneUsed)
}

// TestLaneWithinAPull has the rows of one PULL go over to the lane once the page says that it delivers, not before.
func TestLaneWithinAPull(t *testing.T) {
	c := newCarried()
	out := &response{}
	require.NoError(t, c.FromPage(pull(1)))
	c.UseLane(1) // which there is not
	c.fromServer(t, record(int64(1)))
	l, err := c.OpenLane(1, out)
	require.NoError(t, err)
	l.Begin()
	c.fromServer(t, record(int64(2)))
	require.NoError(t, c.Flush())
	c.UseLane(2)
	c.fromServer(t, record(int64(3)))
	require.NoError(t, c.Flush())
	c.UseLane(1)
	c.fromServer(t, record(int64(4)))
	require.NoError(t, c.Flush())
	broken := appendMessage(nil, []byte{0xB1, wire.MessageRecord, 0x92, 1, 0xC7})
	end := chunked(wire.MessageSuccess, dict{})
	c.fromServer(t, slicesOf(record(int64(5)), broken, record(int64(6)), end))
	w := rowblock.NewWriter(1, blockLimit)
	var blocks [][]byte
	for i := range int64(5) {
		blocks = append(blocks, want(t, w, []any{i + 1}))
	}
	got := messages(t, c.toPage.Bytes())
	for i, block := range blocks[:3] {
		require.Equal(t, block, blockOf(t, got[i]))
	}
	require.Equal(t, messages(t, slicesOf(goneOver, broken, record(int64(6)), end)), got[3:])
	byLane, ends := frames(t, out.Bytes())
	require.Equal(t, blocks[3:], byLane)
	require.Equal(t, []int{2}, ends)
	<-l.Done()
}

// TestPageLearnsOfTheLaneFirst holds that the page is not kept waiting for what was collected for it while the lane is
// written.
func TestPageLearnsOfTheLaneFirst(t *testing.T) {
	c := newCarried()
	out := &orderedResponse{page: c}
	_, err := c.OpenLane(1, out)
	require.NoError(t, err)
	c.UseLane(1)
	require.NoError(t, c.FromPage(append(chunked(wire.MessageRun, "RETURN 1", dict{}, dict{}), pull(1)...)))
	begun := chunked(wire.MessageSuccess, dict{"fields": []any{"a"}})
	c.fromServer(t, slicesOf(begun, record(int64(1)), chunked(wire.MessageSuccess, dict{})))
	require.Equal(t, slicesOf(begun, goneOver), out.before)
}

// orderedResponse keeps what the page had got when the lane was first written.
type orderedResponse struct {
	response
	page   *carried
	before []byte
}

func (r *orderedResponse) Write(data []byte) (int, error) {
	if r.before == nil {
		r.before = bytes.Clone(r.page.toPage.Bytes())
	}
	return len(data), nil
}

func TestLaneThatIsGone(t *testing.T) {
	c := newCarried()
	out := &response{}
	l, err := c.OpenLane(1, out)
	require.NoError(t, err)
	c.UseLane(1)
	more := chunked(wire.MessageSuccess, dict{"has_more": true})
	require.NoError(t, c.FromPage(pull(1)))
	c.fromServer(t, record(int64(1)))
	out.err = ErrClosed // of any kind
	c.fromServer(t, slicesOf(record(int64(2)), more))
	<-l.Done()
	require.Equal(t, slicesOf(goneOver, more), c.toPage.Bytes(),
		"what was lost is not sent again, as the page cannot tell what it has got")

	c.toPage.Reset()
	require.NoError(t, c.FromPage(pull(1)))
	c.fromServer(t, slicesOf(record(int64(3)), more))
	require.Equal(t, 1, rowsOf(blockOf(t, messages(t, c.toPage.Bytes())[0])), "the next rows come on the WebSocket")
}

func TestNumbersOfLanes(t *testing.T) {
	var used numbers
	for _, step := range []struct {
		number int64
		is     bool
	}{{0, false}, {-1, false}, {3, true}, {3, false}, {1, true}, {1, false}, {2, true}, {66, true}, {3, false},
		{4, true}, {2, false}, {1 << 62, true}, {66, false}, {1<<62 - 1, true}, {1<<62 - 64, false}} {
		require.Equal(t, step.is, used.add(step.number), "%d", step.number)
	}
}

func TestLanesAreLimited(t *testing.T) {
	c := newCarried()
	var open []*Lane
	for i := range int64(maxLanes) {
		l, err := c.OpenLane(i+1, &response{})
		require.NoError(t, err)
		open = append(open, l)
	}
	_, err := c.OpenLane(maxLanes+1, &response{})
	require.ErrorIs(t, err, ErrTooManyLanes)
	c.Close()
	for _, l := range open {
		<-l.Done()
		require.True(t, l.out.(*response).interrupted)
	}
	_, err = c.OpenLane(maxLanes+2, &response{})
	require.ErrorIs(t, err, ErrClosed)
}

// TestConvertsAsInOnePiece has random conversations arrive in random pieces.
func TestConvertsAsInOnePiece(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 7))
	for range 200 {
		var page, server []byte
		rows := 0
		for result := range int64(1 + random.IntN(3)) {
			page = append(page, pull(result)...)
			for range random.IntN(50) {
				server = append(server, record(random.Int64(), strings.Repeat("é", random.IntN(300)))...)
				rows++
			}
			server = append(server, chunked(wire.MessageSuccess, dict{"has_more": random.IntN(2) == 0})...)
		}
		c := newCarried()
		require.NoError(t, c.FromPage(page))
		for len(server) > 0 {
			n := 1 + random.IntN(len(server))
			c.fromServer(t, server[:n])
			server = server[n:]
		}
		got := 0
		for _, body := range messages(t, c.toPage.Bytes()) {
			if body[1] == lane.TagBlock {
				got += rowsOf(blockOf(t, body))
			}
		}
		require.Equal(t, rows, got)
	}
}

func FuzzConverter(f *testing.F) {
	page, server, _ := conversation()
	f.Add(page, server, uint16(7))
	f.Add(pull(1), append(record(int64(1)), 0xFF), uint16(1))
	f.Fuzz(func(t *testing.T, page, server []byte, piece uint16) {
		c := newCarried()
		for _, side := range []struct {
			data []byte
			take func([]byte) error
		}{{page, c.FromPage}, {server, func(b []byte) error { _, err := c.Converter.Write(b); return err }}} {
			for data := side.data; len(data) > 0; {
				n := min(len(data), int(piece)+1)
				if side.take(data[:n]) != nil {
					return
				}
				data = data[n:]
			}
		}
	})
}
