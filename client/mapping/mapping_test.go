package mapping

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// record packs a record.
func record(t testing.TB, fields ...any) []byte {
	b := packstream.AppendListHeader(nil, len(fields))
	for _, field := range fields {
		var err error
		b, err = values.Append(b, field, values.Dialect{UTC: true, Vector: true, UUID: true})
		require.NoError(t, err)
	}
	return b
}

// read reads one record of fields named a, b, c and so on.
func read[T any](t testing.TB, fields ...any) (T, error) {
	var names []string
	for i := range fields {
		names = append(names, string(rune('a'+i)))
	}
	return readNamed[T](t, names, fields...)
}

func readNamed[T any](t testing.TB, names []string, fields ...any) (v T, err error) {
	m, err := New[T](names)
	if err != nil {
		return v, err
	}
	return v, m.Read(record(t, fields...), &v)
}

func requireValue[T any](t *testing.T, want T, sent any) {
	t.Helper()
	got, err := read[T](t, sent)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

type celsius float64

type name string

func TestValues(t *testing.T) {
	requireValue(t, true, true)
	requireValue(t, 42, 42)
	requireValue(t, int8(-128), -128)
	requireValue(t, uint8(255), 255)
	requireValue(t, int64(math.MinInt64), int64(math.MinInt64))
	requireValue(t, uint64(math.MaxInt64), int64(math.MaxInt64))
	requireValue(t, 1.5, 1.5)
	requireValue(t, float32(1.5), 1.5)
	requireValue(t, float64(1<<53), int64(1<<53))
	requireValue(t, celsius(-3), -3)
	requireValue(t, name("Ada"), "Ada")
	requireValue(t, "é\uFFFD", packstream.Raw("\x83\xC3\xA9\xFF"))
	requireValue(t, []byte{1, 2}, []byte{1, 2})
	requireValue(t, []int{1, 2, 3}, []any{1, 2, 3})
	requireValue(t, []string{}, []any{})
	requireValue(t, [][]string{{"a"}, nil}, []any{[]any{"a"}, nil})
	requireValue(t, []any{int64(1), "a"}, []any{1, "a"})
	requireValue(t, []*int{nil}, []any{nil})
	requireValue(t, any(map[string]any{"k": int64(1)}), any(map[string]any{"k": 1}))
	requireValue(t, time.Date(2026, 8, 1, 12, 0, 0, 5, time.UTC), any(time.Date(2026, 8, 1, 12, 0, 0, 5, time.UTC)))
	requireValue(t, time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC),
		any(dbtype.Date(time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC))))
	requireValue(t, 90*time.Second+time.Nanosecond, any(90*time.Second+time.Nanosecond))
	requireValue(t, dbtype.Duration{Months: 1}, any(dbtype.Duration{Months: 1}))
	requireValue(t, dbtype.Point2D{SpatialRefId: 7203, X: 1, Y: 2}, any(dbtype.Point2D{SpatialRefId: 7203, X: 1, Y: 2}))
	requireValue(t, values.Vector{Elements: []int8{1}}, any(values.Vector{Elements: []int8{1}}))
	requireValue(t, packstream.UUID{1}, any(packstream.UUID{1}))
	seven := 7
	requireValue(t, &seven, any(7))
	requireValue(t, (*string)(nil), nil)
	requireValue(t, []int(nil), nil)
	requireValue(t, any(nil), nil)
}

func TestLongTexts(t *testing.T) {
	sizes := []int{1, arenaSize - 1, arenaSize, longText, packstream.SharedText - 1, packstream.SharedText, 1 << 20}
	for _, n := range sizes {
		requireValue(t, strings.Repeat("x", n), any(strings.Repeat("x", n)))
	}
	m, err := New[string]([]string{"a"})
	require.NoError(t, err)
	var all []string
	for i := range 5000 { // many arenas
		var s string
		require.NoError(t, m.Read(record(t, "text "+strconv.Itoa(i)), &s))
		all = append(all, s)
	}
	for i, s := range all {
		require.Equal(t, "text "+strconv.Itoa(i), s)
	}
}

func TestLongLists(t *testing.T) {
	for _, n := range []int{firstItems - 1, firstItems, firstItems + 1, 10 * firstItems} {
		sent := make([]any, n)
		want := make([]string, n)
		for i := range n {
			sent[i], want[i] = strconv.Itoa(i), strconv.Itoa(i)
		}
		requireValue(t, want, any(sent))
	}
}

type base struct {
	Name string
}

type person struct {
	base
	BornIn  int `neo4j:"born"`
	Nick    *string
	Ignored chan int `neo4j:"-"`
	private int      //lint:ignore U1000 it shows that fields that are not exported are left alone
}

func TestStructs(t *testing.T) {
	nick := "Ada"
	want := person{base: base{"Ada Lovelace"}, BornIn: 1815, Nick: &nick}
	got, err := readNamed[person](t, []string{"name", "other", "born", "NICK"}, "Ada Lovelace", []any{1}, 1815, "Ada")
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.Zero(t, got.private, "fields that are not exported are left alone")
	pointer, err := readNamed[*person](t, []string{"name", "born", "nick"}, "Ada Lovelace", 1815, "Ada")
	require.NoError(t, err)
	require.Equal(t, &want, pointer)
	properties := map[string]any{"name": "Ada Lovelace", "born": 1815, "nick": "Ada", "other": map[string]any{"a": nil}}
	requireValue(t, want, any(properties))
	requireValue(t, []person{want}, any([]any{properties}))
	requireValue(t, &want, any(properties))
	requireValue(t, (*person)(nil), nil)
	requireValue(t, person{}, any(map[string]any{})) // what is not there keeps its zero value
	type pair struct {
		Who person
		N   int64
	}
	both, err := readNamed[pair](t, []string{"n", "who"}, 7, properties)
	require.NoError(t, err)
	require.Equal(t, pair{want, 7}, both)
	rows, err := readNamed[map[string]any](t, []string{"a", "b"}, 1, "x")
	require.NoError(t, err)
	require.Equal(t, map[string]any{"a": int64(1), "b": "x"}, rows)
	one, err := readNamed[map[string]person](t, []string{"a"}, properties)
	require.NoError(t, err)
	require.Equal(t, map[string]person{"a": want}, one)
}

// Keys come in any order, and in another order from record to record.
func TestOrderOfKeys(t *testing.T) {
	m, err := New[person]([]string{"p"})
	require.NoError(t, err)
	pack := func(keys ...string) []byte {
		b := packstream.AppendMapHeader(packstream.AppendListHeader(nil, 1), len(keys))
		for _, key := range keys {
			b = packstream.AppendString(b, key)
			if key == "born" {
				b = packstream.AppendInt(b, 1815)
			} else {
				b = packstream.AppendString(b, key)
			}
		}
		return b
	}
	for _, keys := range [][]string{{"name", "born"}, {"born", "name"}, {"x", "born", "name"}, {"born"},
		{"name", "born"}, {"name", "name"}} {
		var p person
		require.NoError(t, m.Read(pack(keys...), &p))
		require.Equal(t, strings.Contains(strings.Join(keys, " "), "born"), p.BornIn == 1815, keys)
		require.Equal(t, strings.Contains(strings.Join(keys, " "), "name"), p.Name == "name", keys)
	}
	many := map[string]any{}
	for i := range 3 * mostLearned {
		many["key "+strconv.Itoa(i)] = i
	}
	many["name"] = "Ada"
	var p person
	require.NoError(t, m.Read(record(t, many), &p))
	require.Equal(t, "Ada", p.Name)

}

type place struct {
	ID     string   `neo4j:",elementid"`
	Labels []string `neo4j:",labels"`
	Name   string
}

type road struct {
	ID    string `neo4j:",elementid"`
	Type  string `neo4j:",type"`
	Start string `neo4j:",start"`
	End   string `neo4j:",end"`
	Km    float64
}

type trip struct {
	Stops []place `neo4j:",nodes"`
	Roads []road  `neo4j:",relationships"`
}

func TestEntities(t *testing.T) {
	node := boltfake.Node(1, "4:x:1", []any{"Place", "Town"}, map[string]any{"name": "Oslo", "area": 454})
	requireValue(t, place{ID: "4:x:1", Labels: []string{"Place", "Town"}, Name: "Oslo"}, any(node))
	requireValue(t, map[string]any{"n": any(nil)}["n"], nil)
	relationship := boltfake.Relationship(7, "5:x:7", "ROAD", "4:x:1", "4:x:2", map[string]any{"km": 12})
	requireValue(t, road{ID: "5:x:7", Type: "ROAD", Start: "4:x:1", End: "4:x:2", Km: 12}, any(relationship))
	type numbers map[string]int
	got, err := readNamed[map[string]numbers](t, []string{"r"}, relationship)
	require.NoError(t, err)
	require.Equal(t, map[string]numbers{"r": {"km": 12}}, got)
	// Bolt before 5 sends numbers only.
	old := packstream.Raw("\xB3\x4E\x2A\x90\xA0")
	requireValue(t, place{ID: "42", Labels: []string{}}, any(old))
	oldRelationship := packstream.Raw("\xB5\x52\x07\x01\x02\x84ROAD\xA0")
	requireValue(t, road{ID: "7", Type: "ROAD", Start: "1", End: "2"}, any(oldRelationship))
	// HTTP tells no numbers.
	requireValue(t, place{ID: "4:x:1", Labels: []string{}}, any(packstream.Raw("\xB4\x4E\xC0\x90\xA0\x85"+"4:x:1")))
}

func TestPaths(t *testing.T) {
	node := func(i int64) any {
		return boltfake.Node(i, "4:x:"+strconv.FormatInt(i, 10), []any{},
			map[string]any{"name": strconv.FormatInt(i, 10)})
	}
	road12 := boltfake.Unbound(1, "5:x:1", "ROAD", map[string]any{"km": 1})
	road23 := boltfake.Unbound(2, "5:x:2", "ROAD", map[string]any{"km": 2})
	town := func(i int64) place {
		return place{ID: "4:x:" + strconv.FormatInt(i, 10), Labels: []string{}, Name: strconv.FormatInt(i, 10)}
	}
	straight := boltfake.Path([]any{node(1), node(2), node(3)}, []any{road12, road23}, 1, 1, -2, 2)
	requireValue(t, trip{[]place{town(1), town(2), town(3)}, []road{
		{ID: "5:x:1", Type: "ROAD", Start: "4:x:1", End: "4:x:2", Km: 1},
		{ID: "5:x:2", Type: "ROAD", Start: "4:x:3", End: "4:x:2", Km: 2}}}, any(straight))
	back := boltfake.Path([]any{node(1), node(2)}, []any{road12}, 1, 1, -1, 0)
	requireValue(t, trip{[]place{town(1), town(2), town(1)}, []road{
		{ID: "5:x:1", Type: "ROAD", Start: "4:x:1", End: "4:x:2", Km: 1},
		{ID: "5:x:1", Type: "ROAD", Start: "4:x:1", End: "4:x:2", Km: 1}}}, any(back))
	requireValue(t, trip{[]place{town(1)}, []road{}}, any(boltfake.Path([]any{node(1)}, []any{})))
	type roadsOnly struct {
		Roads []*road `neo4j:",relationships"`
	}
	got, err := read[roadsOnly](t, straight)
	require.NoError(t, err)
	require.Equal(t, "4:x:3", got.Roads[1].Start)
	type nodesOnly struct {
		Names []map[string]string `neo4j:",nodes"`
	}
	requireValue(t, nodesOnly{[]map[string]string{{"name": "1"}, {"name": "2"}}},
		any(boltfake.Path([]any{node(1), node(2)}, []any{road12}, 1, 1)))
	requireValue(t, []trip{{[]place{town(1)}, []road{}}}, any([]any{boltfake.Path([]any{node(1)}, []any{})}))
	for _, walk := range [][]any{{1}, {2, 1}, {0, 1}, {1, 2}, {1, -1}, {"x", 1}} {
		_, err := read[trip](t, boltfake.Path([]any{node(1), node(2)}, []any{road12}, walk...))
		var malformed *client.ProtocolError
		require.ErrorAs(t, err, &malformed, "%v", walk)
	}
}

// What is no path, though it says so, is refused: other values in the lists.
func TestPathsOfOtherThings(t *testing.T) {
	type pointers struct {
		Stops []map[string]any `neo4j:",nodes"`
		Roads []*road          `neo4j:",relationships"`
	}
	node, relationship := boltfake.Node(1, "4:x:1", []any{}, map[string]any{}),
		boltfake.Unbound(1, "5:x:1", "ROAD", nil)
	inner := boltfake.Node(1, "4:x:1", []any{}, map[string]any{"name": 1, "stops": []any{node}})
	for _, path := range []packstream.Raw{
		boltfake.Path([]any{map[string]any{}}, []any{relationship}, 1, 0),
		boltfake.Path([]any{node}, []any{nil}, 1, 0),
		boltfake.Path([]any{inner}, []any{map[string]any{}, 1}, 1, 0),
		boltfake.Path([]any{node, nil}, []any{relationship}, 1, 1),
	} {
		_, err := read[trip](t, path)
		require.Error(t, err)
		_, err = read[pointers](t, path)
		require.Error(t, err)
	}
}

type tree struct {
	Name     string
	Children []tree
	Parent   *tree
}

func TestRecursiveTypes(t *testing.T) {
	requireValue(t, tree{Name: "a", Children: []tree{{Name: "b"}}},
		any(map[string]any{"name": "a", "children": []any{map[string]any{"name": "b"}}}))
	deep := packstream.AppendListHeader(nil, 1)
	for range 2000 {
		deep = packstream.AppendString(packstream.AppendMapHeader(deep, 1), "parent")
	}
	m, err := New[tree]([]string{"t"})
	require.NoError(t, err)
	var v tree
	require.Error(t, m.Read(packstream.AppendNull(deep), &v))
}

// scanned counts the bytes of a text.
type scanned int

func (s *scanned) ScanPackStream(r *packstream.Reader) error {
	if r.Kind() == packstream.KindNull {
		*s = -1
		return r.Null()
	}
	text, err := r.StringBytes()
	*s = scanned(len(text))
	return err
}

func TestScanner(t *testing.T) {
	requireValue(t, scanned(3), "abc")
	requireValue(t, scanned(-1), nil)
	requireValue(t, []scanned{1, 2}, any([]any{"a", "bb"}))
}

func requireMisfit[T any](t *testing.T, path, words string, sent any) {
	t.Helper()
	_, err := read[T](t, sent)
	var misfit *Error
	require.ErrorAs(t, err, &misfit)
	require.Equal(t, path, misfit.Path)
	require.ErrorContains(t, err, words)
}

func TestMisfits(t *testing.T) {
	requireMisfit[int64](t, "a", "is a text", "x")
	requireMisfit[int8](t, "a", "128 does not fit int8", 128)
	requireMisfit[uint](t, "a", "-1 does not fit uint", -1)
	requireMisfit[uint64](t, "a", "-1 does not fit", -1)
	requireMisfit[float64](t, "a", "more digits", int64(1<<53+1))
	requireMisfit[float32](t, "a", "does not fit", 1e300)
	requireMisfit[string](t, "a", "null", nil)
	requireMisfit[string](t, "a", "an integer", 1)
	requireMisfit[bool](t, "a", "a float", 1.5)
	requireMisfit[[]byte](t, "a", "a list", []any{})
	requireMisfit[[]int](t, "a[1]", "a text", []any{1, "x"})
	requireMisfit[[][]int](t, "a[0][1]", "null", []any{[]any{1, nil}})
	requireMisfit[[]string](t, "a", "a map", map[string]any{})
	requireMisfit[person](t, "a.person.BornIn", "a text", map[string]any{"born": "x"})
	requireMisfit[[]person](t, "a[0].person.BornIn", "null", []any{map[string]any{"born": nil}})
	requireMisfit[person](t, "a", "null", nil)
	requireMisfit[time.Time](t, "a", "is a string", "x")
	requireMisfit[time.Time](t, "a", "null", nil)
	requireMisfit[time.Duration](t, "a", "months", dbtype.Duration{Months: 1})
	requireMisfit[time.Duration](t, "a", "292 years", dbtype.Duration{Seconds: math.MaxInt64})
	requireMisfit[place](t, "a", "structure", dbtype.Duration{})
	requireMisfit[place](t, "a", "path", boltfake.Path([]any{boltfake.Node(1, "x", []any{}, nil)}, []any{}))
	requireMisfit[map[string]map[string]int](t, "a.k", "a text", map[string]any{"k": "x"})
}

func TestTypesThatCannotBe(t *testing.T) {
	refuse := func(words string, err error) {
		t.Helper()
		var wrong *client.ArgumentError
		require.ErrorAs(t, err, &wrong)
		require.ErrorContains(t, err, words)
	}
	two := []string{"a", "b"}
	_, err := New[chan int](two[:1])
	refuse("chan int", err)
	_, err = New[map[int]string](two[:1])
	refuse("keys", err)
	_, err = New[int64](two)
	refuse("one field", err)
	_, err = New[struct{ A, B, C int }](two)
	refuse("C", err)
	_, err = New[struct{ F func() }](two)
	refuse("func()", err)
	_, err = New[struct {
		A int `neo4j:"x"`
		B int `neo4j:"x"`
	}](two)
	refuse(`"x"`, err)
	_, err = New[struct {
		A int `neo4j:",elementid"`
	}](two)
	refuse("int", err)
	_, err = New[struct {
		A string `neo4j:",id"`
	}](two)
	refuse("elementid", err)
	_, err = New[struct {
		A []int `neo4j:",labels"`
	}](two)
	refuse("labels", err)
	_, err = New[struct {
		a int `neo4j:"a"`
	}](two)
	refuse("exported", err)
}

func TestMalformedRecords(t *testing.T) {
	whole := record(t, map[string]any{"name": "Ada", "born": 1815, "other": []any{1, 2.5}})
	m, err := New[person]([]string{"p"})
	require.NoError(t, err)
	for end := range whole {
		var p person
		var malformed *client.ProtocolError
		require.ErrorAs(t, m.Read(whole[:end], &p), &malformed, "cut at %d", end)
	}
	var p person
	require.Error(t, m.Read(record(t, 1, 2), &p))
}

// loop is a path whose parts may hold paths.
type loop struct {
	Name  string
	Stops []loop  `neo4j:",nodes"`
	Roads []*loop `neo4j:",relationships"`
	Start string  `neo4j:",start"`
	End   string  `neo4j:",end"`
	Inner *loop
}

// FuzzRead reads anything into types of all kinds: there is no panic, and what is read fits what package values reads.
func FuzzRead(f *testing.F) {
	f.Add(record(f, map[string]any{"name": "Ada", "born": 1815, "nick": nil, "children": []any{}}))
	f.Add(record(f, boltfake.Node(1, "4:x:1", []any{"A"}, map[string]any{"name": "x"})))
	f.Add(record(f, boltfake.Path([]any{boltfake.Node(1, "4:x:1", []any{}, nil)},
		[]any{boltfake.Unbound(1, "x", "R", nil)}, 1, 0)))
	inside := boltfake.Path([]any{boltfake.Node(1, "a", []any{}, map[string]any{"inner": nil})},
		[]any{boltfake.Unbound(1, "x", "R", nil)}, 1, 0)
	f.Add(record(f, boltfake.Path([]any{boltfake.Node(1, "b", []any{}, map[string]any{"inner": inside})},
		[]any{boltfake.Unbound(1, "x", "R", nil)}, -1, 0)))
	f.Add(record(f, []any{1, 2.5, "x", nil, time.Now()}))
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzOne[person](t, data)
		fuzzOne[tree](t, data)
		fuzzOne[place](t, data)
		fuzzOne[trip](t, data)
		fuzzOne[loop](t, data)
		fuzzOne[[]map[string]*float64](t, data)
		fuzzOne[time.Time](t, data)
		if text, ok := fuzzOne[string](t, data); ok {
			r := packstream.NewReader(data)
			list, err := values.ReadList(&r, nil)
			require.NoError(t, err)
			require.Equal(t, []any{text}, list)
		}
	})
}

func fuzzOne[T any](t *testing.T, data []byte) (v T, ok bool) {
	m, err := New[T]([]string{"x"})
	require.NoError(t, err)
	return v, m.Read(data, &v) == nil
}
