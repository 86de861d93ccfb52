package rowblock

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

func nodeRecord(t *testing.T, id int64, name string, elementID ...any) []byte {
	t.Helper()
	fields := append([]any{id, []any{"Person"}, map[string]any{"name": name}}, elementID...)
	record, err := packstream.Append(nil, []any{packstream.Structure{Tag: wire.StructNode, Fields: fields}})
	require.NoError(t, err)
	return record
}

// tapeOf is how many words the tape of a block has that holds these records.
func tapeOf(t *testing.T, limit int, records ...[]byte) (words int) {
	t.Helper()
	rows, blocks := write(t, NewWriter(1, limit), batchOf(records...))
	require.Len(t, rows, len(records))
	for i := range records {
		require.Equal(t, readAll(t, records[i]), readAll(t, rows[i]))
	}
	for _, block := range blocks {
		words += int(uint32(block[28]) | uint32(block[29])<<8)
	}
	return words
}

func TestNodesThatComeAgainAreWrittenOnce(t *testing.T) {
	ada, eve := nodeRecord(t, 1, "Ada", "4:x:1"), nodeRecord(t, 2, "Eve", "4:x:2")
	one := tapeOf(t, 0, ada) - 1 // without the column's word
	require.Equal(t, 2*one+5, tapeOf(t, 0, ada, eve, ada, eve, ada))
	require.Equal(t, 2*one+2, tapeOf(t, 0, ada, nodeRecord(t, 1, "Ada Lovelace", "4:x:1")),
		"the same node with another property is another value")
	require.Equal(t, 2*one+2, tapeOf(t, 0, ada, nodeRecord(t, 1, "Ada")), "with and without an element id")
	require.Equal(t, 3*(one+1), tapeOf(t, 1, ada, ada, ada), "each block has its own")
}

func TestManyNodesThatComeAgain(t *testing.T) {
	var records [][]byte
	for round := range 3 {
		for i := range int64(2000) {
			records = append(records, nodeRecord(t, i, "a name of some length, so that what is kept has to be given up",
				"4:x:1"))
			if round == 1 && i%7 == 0 {
				records = append(records, nodeRecord(t, i, "", "4:x:2"))
			}
		}
	}
	tapeOf(t, 0, records...)
}
