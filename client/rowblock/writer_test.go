package rowblock

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// batchOf makes a batch of records.
func batchOf(records ...[]byte) (b client.Batch) {
	for _, record := range records {
		start := uint32(len(b.Data))
		b.Data = append(b.Data, record...)
		b.Records = append(b.Records, client.Span{Start: start, End: uint32(len(b.Data))})
	}
	return b
}

// one is a record with one value.
func one(value []byte) []byte { return append([]byte{0x91}, value...) }

func integer(v int64) []byte { return packstream.AppendInt(nil, v) }

// write writes a batch into blocks and reads them back.
func write(t testing.TB, w *Writer, b client.Batch) (rows [][]byte, blocks [][]byte) {
	var reader blockReader
	for from := 0; ; {
		n, err := w.Append(b, from)
		require.NoError(t, err)
		from += n
		require.Equal(t, n, w.Rows())
		size := w.Size()
		block := w.Flush(nil)
		require.Equal(t, size, len(block))
		blocks = append(blocks, block)
		rows = append(rows, reader.read(t, block).rows()...)
		if from == len(b.Records) {
			return rows, blocks
		}
		require.NotZero(t, n)
	}
}

func TestColumnsWiden(t *testing.T) {
	wide := [][]byte{integer(1), integer(-200), integer(1 << 20), integer(1 << 40), integer(maxSafe), integer(-maxSafe),
		integer(maxSafe + 1),
		integer(math.MinInt64), integer(math.MaxInt64), packstream.AppendFloat(nil, 1.5), {0xC0}, {0xC3},
		packstream.AppendString(nil, "text"),
		integer(5), packstream.AppendFloat(nil, 2)}
	kinds := []uint32{columnInt32, columnInt32, columnInt32, columnSafeInt, columnSafeInt, columnSafeInt, columnInt64,
		columnInt64, columnInt64, columnCells}
	for n := 1; n <= len(wide); n++ {
		var records [][]byte
		for _, value := range wide[:n] {
			records = append(records, one(value))
		}
		rows, blocks := write(t, NewWriter(1, 0), batchOf(records...))
		require.Equal(t, records, rows)
		var reader blockReader
		kind := reader.read(t, blocks[0]).directory[0]
		require.Equal(t, kinds[min(n, len(kinds))-1], kind, "with %d values", n)
	}
}

func TestFloatColumnsTakeIntegers(t *testing.T) {
	records := [][]byte{one(packstream.AppendFloat(nil, math.Inf(-1))),
		one(packstream.AppendFloat(nil, math.Copysign(0, -1))), one(integer(7))}
	rows, _ := write(t, NewWriter(1, 0), batchOf(records...))
	require.Equal(t, records, rows)
}

func TestBlocksHoldTheLimitAndGoOn(t *testing.T) {
	var records [][]byte
	for i := range 3000 {
		record := append([]byte{0x92}, integer(int64(i))...)
		records = append(records, packstream.AppendString(record, strings.Repeat("é", i%50)))
	}
	const limit = 4096
	rows, blocks := write(t, NewWriter(2, limit), batchOf(records...))
	require.Equal(t, records, rows)
	require.Greater(t, len(blocks), 10)
	for _, block := range blocks {
		require.LessOrEqual(t, len(block), limit+512)
	}
}

func TestALargeRecordGetsItsOwnBlock(t *testing.T) {
	large := one(packstream.AppendString(nil, strings.Repeat("x", 10_000)))
	small := one(packstream.AppendString(nil, "y"))
	rows, blocks := write(t, NewWriter(1, 1000), batchOf(small, small, large, small))
	require.Equal(t, [][]byte{small, small, large, small}, rows)
	require.Equal(t, 3, len(blocks))
}

func TestHundredMegabytes(t *testing.T) {
	for name, text := range map[string][]byte{
		"ASCII":     bytes.Repeat([]byte("0123456789"), 100<<20/10),
		"not ASCII": bytes.Repeat([]byte("ä123456789"), 10<<20/11), // less, since each byte of it is looked at
	} {
		w := NewWriter(1, 0)
		n, err := w.Append(batchOf(one(packstream.AppendString(nil, string(text)))), 0)
		require.NoError(t, err, name)
		require.Equal(t, 1, n)
		block := w.Flush(nil)
		held := block[len(block)-len(text)-len(block)%8-padding(len(text), block):][:len(text)]
		require.True(t, bytes.Equal(text, held), name)
		require.Zero(t, cap(w.heap), "the memory is given back")
	}
}

// padding is how many zero bytes lie behind a text at the end of a block.
func padding(n int, block []byte) (zeros int) {
	for block[len(block)-1-zeros] == 0 {
		zeros++
	}
	return zeros
}

func TestNoFieldsAndNoRows(t *testing.T) {
	rows, blocks := write(t, NewWriter(0, 0), batchOf([]byte{0x90}, []byte{0x90}))
	require.Equal(t, [][]byte{{0x90}, {0x90}}, rows)
	require.Len(t, blocks, 1)
	rows, _ = write(t, NewWriter(3, 0), client.Batch{})
	require.Empty(t, rows)
}

func TestFlushAppends(t *testing.T) {
	w := NewWriter(1, 0)
	_, err := w.Append(batchOf(one(integer(1))), 0)
	require.NoError(t, err)
	block := w.Flush([]byte("12345678"))
	require.Equal(t, "12345678", string(block[:8]))
	var reader blockReader
	require.Equal(t, [][]byte{one(integer(1))}, reader.read(t, block[8:]).rows())
}

func TestTheDictionaryIsSentOnce(t *testing.T) {
	record := one(append(packstream.AppendString([]byte{0xA1}, "a rather long key"), 1))
	w := NewWriter(1, 0)
	var reader blockReader
	for i := range 3 {
		_, err := w.Append(batchOf(record, record), 0)
		require.NoError(t, err)
		block := w.Flush(nil)
		require.Equal(t, i == 0, bytes.Contains(block, []byte("a rather long key")))
		require.Equal(t, [][]byte{record, record}, reader.read(t, block).rows())
	}
}

func TestTheDictionaryRestartsBeforeItIsHuge(t *testing.T) {
	w := NewWriter(1, 64<<10)
	var records [][]byte
	for i := range 3 * maxSteps {
		records = append(records, one(append(packstream.AppendString([]byte{0xA1}, "key"+strconv.Itoa(i)), 1)))
	}
	rows, blocks := write(t, w, batchOf(records...))
	require.Equal(t, records, rows)
	restarts := 0
	for _, block := range blocks {
		restarts += int(block[6])
	}
	require.Greater(t, restarts, 2)
	require.Less(t, restarts, len(blocks))
}

func TestElementIDsAreSharedOnlyWhereTheyEndInTheIdentity(t *testing.T) {
	for identity, elementID := range map[int64]string{5: "4:db:5", 6: "4:db:06", 7: "4:db:8", 0: "4:db:0", 9: "9",
		-1: "4:db:-1", 1 << 40: "4:db:1099511627776",
		math.MaxInt64: "4:db:9223372036854775807", 12: "4:ö:12", 13: ":13", 14: "", 15: "4:db:"} {
		node := packstream.AppendInt([]byte{0xB4, 'N'}, identity)
		node = packstream.AppendString(append(node, 0x90, 0xA0), elementID)
		rows, blocks := write(t, NewWriter(1, 0), batchOf(one(node), one(node)))
		require.Equal(t, [][]byte{one(node), one(node)}, rows)
		shared := strings.HasSuffix(elementID, ":"+strconv.FormatInt(identity, 10)) && identity >= 0 &&
			identity <= maxSafe
		var reader blockReader
		require.Equal(t, shared, reader.read(t, blocks[0]).head[headStrings] == 0, elementID)
	}
}

func TestTextIsWhatTextDecoderMakesOfIt(t *testing.T) {
	// Right: what Chromium's and Node's TextDecoder give for the left.
	for raw, want := range map[string]string{
		"plain": "plain", "\x00": "\x00", "\xEF\xBB\xBFbom": "\uFEFFbom", "\x80": "\uFFFD", "\xC0\xAF": "\uFFFD\uFFFD",
		"\xC3":  "\uFFFD",
		"\xC3(": "\uFFFD(", "\xE2\x82": "\uFFFD", "\xE2\x82(": "\uFFFD(", "\xE2(\xA1": "\uFFFD(\uFFFD",
		"\xED\xA0\x80": "\uFFFD\uFFFD\uFFFD",
		"\xF0\x9F\x98": "\uFFFD", "\xF0\x9F\x98(": "\uFFFD(", "\xF0\x9F": "\uFFFD",
		"\xF0\x80\x80\x80": "\uFFFD\uFFFD\uFFFD\uFFFD",
		"\xF4\x90\x80\x80": "\uFFFD\uFFFD\uFFFD\uFFFD", "\xFF\xFE": "\uFFFD\uFFFD", "a\xF0\x9F\x98\x80b": "a😀b",
		"\xE0\x80\x80": "\uFFFD\uFFFD\uFFFD",
		"\xEF\xBF\xBD": "\uFFFD", "\xE1\x80\xE2\x82\xAC": "\uFFFD€",
	} {
		rows, _ := write(t, NewWriter(1, 0), batchOf(one(packstream.AppendString(nil, raw))))
		require.Equal(t, string(one(packstream.AppendString(nil, want))), string(rows[0]), "%q", raw)
		key := one(append(packstream.AppendString([]byte{0xA1}, raw), 1))
		rows, _ = write(t, NewWriter(1, 0), batchOf(key, key))
		require.Equal(t, string(one(append(packstream.AppendString([]byte{0xA1}, want), 1))), string(rows[1]), "%q",
			raw)
	}
}
