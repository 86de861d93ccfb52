//lint:file-ignore SA1019 Numeric ids are all that these records have.

package values_test

import (
	"math"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

// many is a list in which every type comes often, and what it is.
func many(n int) ([]byte, []any) {
	var want []any
	for i := range n {
		want = append(want, int64(i), int64(i)<<33, -float64(i), strconv.Itoa(i), strings.Repeat("é", i), i%2 == 0, nil,
			[]any{int64(i) + 1000, "x" + strconv.Itoa(i)}, map[string]any{"k" + strconv.Itoa(i): int64(-i - 1000)})
	}
	data, err := packstream.Append(nil, want)
	if err != nil {
		panic(err)
	}
	return data, want
}

// Texts and boxes of one record lie in common allocations: they must not change each other, nor with the record's
// bytes.
func TestValuesStandOnTheirOwn(t *testing.T) {
	for _, n := range []int{1, 3, 40, 700} {
		data, want := many(n)
		r := packstream.NewReader(data)
		got, err := values.ReadList(&r, nil)
		require.NoError(t, err)
		r = packstream.NewReader(data)
		one, err := values.Read(&r)
		require.NoError(t, err)
		clear(data)
		runtime.GC()
		require.Equal(t, want, got)
		require.Equal(t, want, one)
	}
}

// What boxes relies on: see there.
func TestBoxedValuesAreOrdinaryInterfaces(t *testing.T) {
	data, err := packstream.Append(nil, []any{int64(math.MinInt64), int64(1 << 40), math.Pi, -1.5, "text", "more text",
		int64(256), int64(255)})
	require.NoError(t, err)
	r := packstream.NewReader(data)
	got, err := values.ReadList(&r, nil)
	require.NoError(t, err)
	runtime.GC()
	require.True(t, got[0] == any(int64(math.MinInt64)))
	require.True(t, got[1].(int64) == 1<<40)
	require.True(t, got[2] == any(math.Pi))
	require.True(t, got[3].(float64) == -1.5)
	require.True(t, got[4] == any("text"))
	require.True(t, map[any]int{got[5]: 1}["more text"] == 1)
	require.True(t, got[6] == any(int64(256)) && got[7] == any(int64(255)))
	other := got[4]
	got[4] = "changed"
	require.Equal(t, "text", other)
}

func TestARecordTakesFewAllocations(t *testing.T) {
	for _, c := range []struct {
		name   string
		record []any
		most   float64
	}{
		{"small integers", []any{1, 2, 3}, 1},
		{"integers", []any{1000, 2000, 3000}, 2},
		{"texts", []any{"a", "b", "c"}, 3},
		{"mixed", []any{1, 1000, 1.5, "hello", "world", true}, 5},
	} {
		data, err := packstream.Append(nil, c.record)
		require.NoError(t, err)
		require.LessOrEqual(t, testing.AllocsPerRun(100, func() {
			r := packstream.NewReader(data)
			_, err = values.ReadList(&r, nil)
		}), c.most, c.name)
		require.NoError(t, err)
	}
}

// Records are read from many goroutines; what is kept for all of them is zones.
func TestReadingAtOnce(t *testing.T) {
	data, want := many(20)
	data = append(data, unhex(t, "B3 69 00 00 8D 4575726F70652F4265726C696E B2 54 00 C9 0E10 B2 54 00 01")...)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			r := packstream.NewReader(data)
			got, err := values.ReadList(&r, nil)
			if err != nil || len(got) != len(want) {
				t.Errorf("%d values: %v", len(got), err)
			}
			for range 3 {
				if _, err := values.Read(&r); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// One text of a large record does not keep the record alive.
func TestATextKeepsLittleAlive(t *testing.T) {
	const size = 8 << 20
	kept := make([]any, 0, 4)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range cap(kept) {
		data := packstream.AppendListHeader(nil, 3)
		data = packstream.AppendString(data, "short")
		data = packstream.AppendString(data, strings.Repeat("x", size))
		data = packstream.AppendString(data, "short too")
		r := packstream.NewReader(data)
		list, err := values.ReadList(&r, nil)
		require.NoError(t, err)
		kept = append(kept, list[0], list[2])
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(size))
	runtime.KeepAlive(kept)
}

func TestTextsThatAreNotUTF8AreReplaced(t *testing.T) {
	v, err := read(unhex(t, "A1 82 C361 93 81FF 83 EDA0BD 84 F09F9880"))
	require.NoError(t, err)
	require.Equal(t, map[string]any{"\uFFFDa": []any{"\uFFFD", "\uFFFD\uFFFD\uFFFD", "😀"}}, v)
}

// A long text of a list is part of the data; one that is read by itself never is.
func TestLongTextsOfAListAreNotCopied(t *testing.T) {
	text := strings.Repeat("x", 64<<10)
	data := packstream.AppendString(packstream.AppendListHeader(nil, 1), text)
	r := packstream.NewReader(data)
	list, err := values.ReadList(&r, nil)
	require.NoError(t, err)
	require.Equal(t, []any{text}, list)
	end := &data[len(data)-1]
	require.Same(t, end, unsafe.StringData(list[0].(string)[len(text)-1:]))

	r = packstream.NewReader(data)
	one, err := values.Read(&r)
	require.NoError(t, err)
	require.Equal(t, []any{text}, one)
	require.NotSame(t, end, unsafe.StringData(one.([]any)[0].(string)[len(text)-1:]))
}

// A path's nodes are listed once each, in the order of the walk or in another.
func TestAPathInOrderAndOneThatIsNot(t *testing.T) {
	walk := func(indices string) dbtype.Path {
		v, err := read(unhex(t, "B3 50 93 B3 4E 01 90 A0 B3 4E 02 90 A0 B3 4E 03 90 A0 92 B3 72 0A 81 41 A0 B3 72 0B "+
			"81 42 A0 94 "+indices))
		require.NoError(t, err)
		return v.(dbtype.Path)
	}
	ids := func(p dbtype.Path) (nodes, relationships, starts []int64) {
		for _, n := range p.Nodes {
			nodes = append(nodes, n.Id)
		}
		for _, r := range p.Relationships {
			relationships, starts = append(relationships, r.Id), append(starts, r.StartId)
		}
		return nodes, relationships, starts
	}
	for _, c := range []struct {
		indices                      string
		nodes, relationships, starts []int64
	}{
		{"01 01 02 02", []int64{1, 2, 3}, []int64{10, 11}, []int64{1, 2}},
		{"FF 01 FE 02", []int64{1, 2, 3}, []int64{10, 11}, []int64{2, 3}},
		{"02 02 01 01", []int64{1, 3, 2}, []int64{11, 10}, []int64{1, 3}},
		{"01 01 FF 00", []int64{1, 2, 1}, []int64{10, 10}, []int64{1, 1}},
	} {
		nodes, relationships, starts := ids(walk(c.indices))
		require.Equal(t, c.nodes, nodes, c.indices)
		require.Equal(t, c.relationships, relationships, c.indices)
		require.Equal(t, c.starts, starts, c.indices)
	}
}
