package conformance

import (
	"io"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

var resultChecks = []check{
	{"Fields", testFields},
	{"Fetch", testFetch},
	{"Empty", testEmpty},
	{"ManyRecords", testManyRecords},
	{"SmallFetchSizes", testSmallFetchSizes},
	{"WideAndLong", testWideAndLong},
	{"PeekTakeHas", testPeekTakeHas},
	{"BufferAndReuse", testBufferAndReuse},
	{"NextQueryBuffersTheLast", testNextQueryBuffers},
	{"Discard", testDiscard},
	{"SeveralOpenResults", testSeveralOpenResults},
	{"ReadAfterCommit", testReadAfterCommit},
	{"QueryID", testQueryID},
	{"Sync", testSync},
	{"NextBatch", testNextBatch},
	{"FailureAfterRecords", testFailureAfterRecords},
}

func testFields(r *run) {
	cx := r.open()
	result, err := cx.RunProg(r.ctx, "", "RETURN 1 AS one, 'x' AS `a b`, null AS `é💩`", nil, true)
	require.NoError(r, err)
	fields, err := result.Fields(r.ctx)
	require.NoError(r, err)
	require.Equal(r, []string{"one", "a b", "é💩"}, fields)
	require.Equal(r, cx.ProtocolVersion(), result.ProtocolVersion())
	record, err := result.Fetch(r.ctx)
	require.NoError(r, err)
	m, err := record.AsMap()
	require.NoError(r, err)
	require.Equal(r, map[string]any{"one": int64(1), "a b": "x", "é💩": nil}, m)
}

func testFetch(r *run) {
	cx := r.open()
	result, err := cx.RunProg(r.ctx, "", "UNWIND range(1, 3) AS i RETURN i", nil, true)
	require.NoError(r, err)
	for want := int64(1); want <= 3; want++ {
		record, err := result.Fetch(r.ctx)
		require.NoError(r, err)
		var i int64
		require.NoError(r, record.Scan(&i))
		require.Equal(r, want, i)
	}
	for range 2 {
		record, err := result.Fetch(r.ctx)
		require.NoError(r, err)
		require.Nil(r, record)
	}
	require.True(r, cx.Clean())
}

func testEmpty(r *run) {
	cx := r.open()
	result, err := cx.RunProg(r.ctx, "", "UNWIND [] AS i RETURN i", nil, true)
	require.NoError(r, err)
	fields, err := result.Fields(r.ctx)
	require.NoError(r, err)
	require.Equal(r, []string{"i"}, fields)
	require.Empty(r, r.all(result))
	require.False(r, result.HasRecords())
	require.Empty(r, result.PeekRecords(3))
	require.Nil(r, result.TakeRecord())

	label := r.label()
	result, err = cx.RunProg(r.ctx, "", "CREATE (:"+label+")", nil, false)
	require.NoError(r, err)
	fields, err = result.Fields(r.ctx)
	require.NoError(r, err)
	require.Empty(r, fields)
	require.Empty(r, r.all(result))
}

// sum reads numbers to the end and returns how many they are and their sum.
func (r *run) sum(result *client.Result) (n int, sum int64) {
	r.Helper()
	for record, err := range result.Records(r.ctx) {
		require.NoError(r, err)
		var i int64
		require.NoError(r, record.Scan(&i))
		n++
		sum += i
	}
	return n, sum
}

func testManyRecords(r *run) {
	cx := r.open()
	const many = 25_000
	result, err := cx.RunProg(r.ctx, "", "UNWIND range(1, $n) AS i RETURN i, toString(i), i * 1.5",
		map[string]any{"n": many}, true)
	require.NoError(r, err)
	n, sum := r.sum(result)
	require.Equal(r, many, n)
	require.Equal(r, int64(many)*(many+1)/2, sum)
	r.requireWorks(cx)
}

func testSmallFetchSizes(r *run) {
	for _, size := range []int{1, 2, 7, -1} {
		cx := r.open(func(o *client.Options) { o.FetchSize = size })
		for _, many := range []int{0, 1, 2, 6, 7, 8, 50} {
			result, err := cx.RunProg(r.ctx, "", "UNWIND range(1, $n) AS i RETURN i", map[string]any{"n": many}, true)
			require.NoError(r, err)
			n, _ := r.sum(result)
			require.Equal(r, many, n, size)
		}
		require.NoError(r, cx.Close())
	}
	_, err := r.tryOpen(r.profile(), func(o *client.Options) { o.FetchSize = -2 })
	r.requireArgumentError(err)
}

func testWideAndLong(r *run) {
	cx := r.open()
	rows := r.rows(cx, "WITH range(1, 300) AS list, $text AS text RETURN list, text", map[string]any{"text": longText})
	require.Len(r, rows[0][0], 300)
	require.Equal(r, longText, rows[0][1])
}

func testPeekTakeHas(r *run) {
	cx := r.open()
	result, err := cx.RunProg(r.ctx, "", "UNWIND range(1, 5) AS i RETURN i", nil, true)
	require.NoError(r, err)
	require.NoError(r, result.Buffer(r.ctx))
	require.True(r, cx.Clean(), "a buffered result does not hold the connection")
	require.True(r, result.HasRecords())
	peeked := result.PeekRecords(2)
	require.Len(r, peeked, 2)
	require.Equal(r, []string{"i"}, peeked[0].Keys())
	var i int64
	for want := int64(1); want <= 5; want++ {
		require.Len(r, result.PeekRecords(100), int(6-want))
		record := result.TakeRecord()
		require.NotNil(r, record)
		require.NoError(r, record.Scan(&i))
		require.Equal(r, want, i)
	}
	require.False(r, result.HasRecords())
	require.Nil(r, result.TakeRecord())
	record, err := result.Fetch(r.ctx)
	require.NoError(r, err)
	require.Nil(r, record)
}

func testBufferAndReuse(r *run) {
	cx := r.open()
	first, err := cx.RunProg(r.ctx, "", "UNWIND range(1, 3000) AS i RETURN i", nil, true)
	require.NoError(r, err)
	require.NoError(r, first.Buffer(r.ctx))
	require.True(r, first.Summary().Complete)
	r.requireWorks(cx)
	n, sum := r.sum(first)
	require.Equal(r, 3000, n)
	require.Equal(r, int64(3000*3001/2), sum)
}

func testNextQueryBuffers(r *run) {
	cx := r.open()
	first, err := cx.RunProg(r.ctx, "", "UNWIND range(1, 3000) AS i RETURN i", nil, true)
	require.NoError(r, err)
	r.requireWorks(cx)
	n, _ := r.sum(first)
	require.Equal(r, 3000, n)
}

func testDiscard(r *run) {
	label := r.label()
	cx := r.open()
	result, err := cx.RunProg(r.ctx, "", "UNWIND range(1, 5000) AS i CREATE (n:"+label+" {i: i}) RETURN i", nil, false)
	require.NoError(r, err)
	record, err := result.Fetch(r.ctx)
	require.NoError(r, err)
	require.NotNil(r, record)
	require.NoError(r, result.Discard(r.ctx))
	require.True(r, cx.Clean())
	require.False(r, result.HasRecords())
	record, err = result.Fetch(r.ctx)
	require.NoError(r, err)
	require.Nil(r, record)
	require.True(r, result.Summary().Complete)
	require.Equal(r, int64(5000), result.Summary().Counters.NodesCreated)
	require.Equal(r, int64(5000), r.count(cx, label), "the query's effects stay")
}

func testSeveralOpenResults(r *run) {
	cx := r.open(func(o *client.Options) { o.FetchSize = 10 })
	tx := r.begin(cx, true)
	first := r.query(cx, tx, "UNWIND range(1, 100) AS i RETURN i", nil)
	second := r.query(cx, tx, "UNWIND range(101, 200) AS i RETURN i", nil)
	third := r.query(cx, tx, "UNWIND range(201, 300) AS i RETURN i", nil)
	var i int64
	for n := range int64(100) {
		for k, result := range []*client.Result{second, first, third} {
			record, err := result.Fetch(r.ctx)
			require.NoError(r, err)
			require.NotNil(r, record)
			require.NoError(r, record.Scan(&i))
			require.Equal(r, []int64{101, 1, 201}[k]+n, i)
		}
		if n == 50 {
			require.NoError(r, third.Discard(r.ctx))
			third = r.query(cx, tx, "UNWIND range(252, 300) AS i RETURN i", nil)
		}
	}
	for _, result := range []*client.Result{first, second, third} {
		require.Empty(r, r.all(result))
	}
	_, err := cx.Commit(r.ctx, tx)
	require.NoError(r, err)
}

func testReadAfterCommit(r *run) {
	cx := r.open(func(o *client.Options) { o.FetchSize = 10 })
	tx := r.begin(cx, true)
	first := r.query(cx, tx, "UNWIND range(1, 1000) AS i RETURN i", nil)
	second := r.query(cx, tx, "UNWIND range(1, 500) AS i RETURN i", nil)
	_, err := cx.Commit(r.ctx, tx)
	require.NoError(r, err)
	r.requireWorks(cx)
	n, _ := r.sum(second)
	require.Equal(r, 500, n)
	n, _ = r.sum(first)
	require.Equal(r, 1000, n)
}

func testQueryID(r *run) {
	cx := r.open()
	tx := r.begin(cx, true)
	ids := map[string]bool{}
	for range 2 {
		result := r.query(cx, tx, "UNWIND range(1, 2000) AS i RETURN i", nil)
		id, err := result.QueryID(r.ctx)
		require.NoError(r, err)
		ids[id] = true
	}
	if cx.ProtocolVersion().AtLeast(4, 0) {
		require.Len(r, ids, 2, "two open queries have two ids")
	}
	_, err := cx.Rollback(r.ctx, tx)
	require.NoError(r, err)
}

func testSync(r *run) {
	cx := r.open()
	result, err := cx.RunProg(r.ctx, "", "RETURN 1 AS x", nil, true)
	require.NoError(r, err)
	require.NoError(r, cx.Sync(r.ctx, result))
	require.Equal(r, [][]any{{int64(1)}}, r.all(result))
	require.NoError(r, cx.Sync(r.ctx, result))

	foreign, err := r.open().RunProg(r.ctx, "", "RETURN 1", nil, true)
	require.NoError(r, err)
	r.requireArgumentError(cx.Sync(r.ctx, foreign))
}

func testNextBatch(r *run) {
	cx := r.open()
	result, err := cx.RunProg(r.ctx, "", "UNWIND range(1, 2500) AS i RETURN i", nil, true)
	require.NoError(r, err)
	record, err := result.Fetch(r.ctx)
	require.NoError(r, err)
	require.NotNil(r, record)
	n := 1
	for {
		batch, err := result.NextBatch(r.ctx)
		if err == io.EOF {
			break
		}
		require.NoError(r, err)
		require.NotEmpty(r, batch.Records)
		for _, span := range batch.Records {
			n++
			var i int
			require.NoError(r, client.NewRecord(nil, batch.Data[span.Start:span.End]).Scan(&i))
			require.Equal(r, n, i)
		}
	}
	require.Equal(r, 2500, n)
}

func testFailureAfterRecords(r *run) {
	cx := r.open(func(o *client.Options) { o.FetchSize = 5 })
	result, err := cx.RunProg(r.ctx, "", "UNWIND range(1, 20) AS i RETURN 10 / (15 - i) AS x", nil, true)
	n := 0
	if err == nil {
		for _, e := range result.Records(r.ctx) {
			if err = e; e == nil {
				n++
			}
		}
	}
	require.Equal(r, "Neo.ClientError.Statement.ArithmeticError", r.failure(err).Code)
	require.LessOrEqual(r, n, 14)
	if result != nil {
		_, again := result.Fetch(r.ctx)
		require.Equal(r, err, again)
	}
	r.requireWorks(cx)
}
