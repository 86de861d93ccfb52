package values_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"runtime"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestClaimsOfFourGigabytesAllocateNothing(t *testing.T) {
	const four = " FFFFFFFF "
	for _, text := range []string{
		"CE" + four, "D2" + four, "D6" + four, "DA" + four,
		"B4 4E 01 D6" + four,                   // labels
		"B4 4E 01 90 DA" + four,                // properties
		"B4 4E 01 90 A0 D2" + four,             // an element id
		"B3 50 D6" + four,                      // a path's nodes
		"B3 50 90 D6" + four,                   // its relationships
		"B3 50 91 B3 4E 01 90 A0 90 D6" + four, // its indices
		"B2 56 CC01C8 CE" + four,               // a vector's elements
		"B3 69 00 00 D2" + four,                // a zone's name
	} {
		data := append(unhex(t, text), 1, 2, 3)
		used := allocated(func() {
			_, err := read(data)
			require.ErrorIs(t, err, packstream.ErrTruncated, text)
		})
		require.Less(t, used, uint64(1<<20), text)
	}
}

// Each announces as many values as there are bytes behind it, and holds another such value.
func TestAnnouncementsInAnnouncementsClaimNothingTwice(t *testing.T) {
	const size = 1 << 20
	for _, c := range []struct {
		name   string
		before string // the size, 4 bytes, goes between
		after  string
		width  int // of what is announced
	}{
		{"lists", "D6", "", 1},
		{"maps", "DA", "80", 2},
		{"paths", "B3 50 D6", "B3 4E 01 90 A1 80", 5}, // nodes, the first has a property
		{"relationships of paths", "B3 50 90 D6", "B3 72 01 80 A1 80", 5},
	} {
		before, after := unhex(t, c.before), unhex(t, c.after)
		data := make([]byte, 0, size)
		for range packstream.MaxDepth / 4 {
			data = append(data, before...)
			data = binary.BigEndian.AppendUint32(data, uint32((size-len(data)-4)/c.width-8))
			data = append(data, after...)
		}
		data = append(data, bytes.Repeat([]byte{0xC0}, size-len(data))...)
		used := allocated(func() {
			_, err := read(data)
			require.ErrorIs(t, err, packstream.ErrTruncated, c.name)
		})
		require.Less(t, used, uint64(48*size), c.name)
	}
}

func TestDepthIsTheSameBothWays(t *testing.T) {
	deep := any(int64(1))
	for range packstream.MaxDepth {
		deep = []any{deep}
	}
	b, err := values.Append(nil, deep, modern)
	require.NoError(t, err)
	v, err := read(b)
	require.NoError(t, err)
	require.Equal(t, deep, v)
	_, err = values.Append(nil, []any{deep}, modern)
	require.ErrorContains(t, err, "nested")
	_, err = read(append([]byte{0x91}, b...))
	require.ErrorIs(t, err, packstream.ErrDepth)
	_, err = values.AppendMap(nil, map[string]any{"p": deep}, modern)
	require.ErrorContains(t, err, "nested")
	_, err = values.AppendMap(nil, map[string]any{"p": deep.([]any)[0]}, modern)
	require.NoError(t, err)
}

// An entity's properties lie in the entity, and that in the lists around it.
func TestDepthCountsEntities(t *testing.T) {
	for _, text := range []string{"B4 4E 01 90 A0 80", "B5 52 01 02 03 80 A0", "B3 72 01 80 A0", "B4 3F 80 06 01 A0",
		"92 91 01 01"} {
		most := bytes.Repeat([]byte{0x91}, packstream.MaxDepth-2)
		_, err := read(append(most, unhex(t, text)...))
		require.NoError(t, err, text)
		_, err = read(append(append(most, 0x91), unhex(t, text)...))
		require.ErrorIs(t, err, packstream.ErrDepth, text)
	}
}

func TestDepthBombs(t *testing.T) {
	for _, text := range []string{
		"91", "A1 80", "B1 21",
		"B4 4E 01 90 A1 80",             // a node in a node's properties
		"B8 52 01 02 03 80 A1 80",       // relationships
		"B3 72 01 80 A1 80",             //
		"B3 50 91 B3 4E 01 90 A1 80",    // paths
		"B3 50 90 91 B3 72 01 80 A1 80", //
		"B4 3F 80 06 01 A1 80",          // an explanation in an explanation
	} {
		_, err := read(bytes.Repeat(unhex(t, text), 200_000))
		require.ErrorIs(t, err, packstream.ErrDepth, text)
	}
}

func TestPointersInARingEnd(t *testing.T) {
	var ring any
	ring = &ring
	_, err := values.Append(nil, ring, modern)
	require.ErrorContains(t, err, "contains itself")
	type list []list
	self := list{nil}
	self[0] = self
	_, err = values.Append(nil, self, modern)
	require.ErrorContains(t, err, "contains itself")
}

func TestStructuresAsParameters(t *testing.T) {
	b, err := values.Append(nil, packstream.Structure{Tag: '!', Fields: []any{[]int{1}, dbtype.Duration{}}}, modern)
	require.NoError(t, err)
	require.Equal(t, unhex(t, "B2 21 91 01 B4 45 00 00 00 00"), b)
	_, err = values.Append(nil, packstream.Structure{Fields: make([]any, 16)}, modern)
	require.ErrorContains(t, err, "15 fields")
	_, err = values.Append(nil, packstream.Structure{Fields: []any{int64(math.MaxInt64), struct{}{}}}, modern)
	require.ErrorContains(t, err, "[1] cannot be sent")
}

// A known tag with another number of fields is something that is not known yet.
func TestStructuresOfTheFuture(t *testing.T) {
	for _, text := range []string{"B5 4E 01 90 A0 80 01", "B6 52 01 02 03 80 A0 80", "B2 44 01 02", "B1 56 CC00",
		"B0 70", "B2 50 90 90", "DC 10 4E 00000000 00000000 00000000 00000000"} {
		data := unhex(t, text)
		v, err := read(data)
		require.NoError(t, err, text)
		require.IsType(t, values.Unknown{}, v, text)
		_, err = values.Append(nil, v, modern)
		require.ErrorContains(t, err, "could not be read")
	}
}
