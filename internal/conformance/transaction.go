package conformance

import (
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

var transactionChecks = []check{
	{"Commit", testCommit},
	{"Rollback", testRollback},
	{"CommitNothing", testCommitNothing},
	{"ReadonlyTransactionRefusesWrite", testReadonlyTransaction},
	{"ReadonlyProgRefusesWrite", testReadonlyProg},
	{"Bookmarks", testBookmarks},
	{"Metadata", testMetadata},
	{"Timeout", testTimeout},
	{"ImpersonatedUser", testImpersonatedUser},
	{"FinishedTransaction", testFinishedTransaction},
	{"ForeignTransaction", testForeignTransaction},
	{"OneTransactionAtATime", testOneTransactionAtATime},
	{"BrokenByFailure", testBrokenByFailure},
	{"BindAndUnbind", testBindAndUnbind},
	{"Refs", testRefs},
}

func testCommit(r *run) {
	label := r.label()
	cx := r.open()
	tx := r.begin(cx, false)
	require.False(r, tx.Broken())
	require.False(r, tx.Readonly())
	require.Equal(r, [][]any{{int64(1)}}, r.all(r.query(cx, tx, "CREATE (n:"+label+" {x: $x}) RETURN n.x",
		map[string]any{"x": 1})))
	require.Zero(r, r.count(r.open(), label), "nobody else sees it yet")
	_, err := cx.Commit(r.ctx, tx)
	require.NoError(r, err)
	require.False(r, tx.Broken())
	require.True(r, cx.Clean())
	require.Equal(r, int64(1), r.count(cx, label))
}

func testRollback(r *run) {
	label := r.label()
	cx := r.open()
	tx := r.begin(cx, false)
	r.all(r.query(cx, tx, "CREATE (:"+label+")", nil))
	_, err := cx.Rollback(r.ctx, tx)
	require.NoError(r, err)
	require.False(r, tx.Broken())
	require.Zero(r, r.count(cx, label))
}

func testCommitNothing(r *run) {
	cx := r.open()
	for range 2 {
		_, err := cx.Commit(r.ctx, r.begin(cx, true))
		require.NoError(r, err)
		_, err = cx.Rollback(r.ctx, r.begin(cx, false))
		require.NoError(r, err)
	}
}

const writeInReadMode = "Neo.ClientError.Statement.AccessMode"

func testReadonlyTransaction(r *run) {
	label := r.label()
	cx := r.open()
	tx := r.begin(cx, true)
	require.True(r, tx.Readonly())
	result, err := cx.RunQuery(r.ctx, tx, "CREATE (:"+label+")", nil)
	if err == nil {
		err = result.Buffer(r.ctx)
	}
	require.Equal(r, writeInReadMode, r.failure(err).Code)
	require.True(r, tx.Broken())
	require.Zero(r, r.count(cx, label))
}

func testReadonlyProg(r *run) {
	label := r.label()
	cx := r.open()
	result, err := cx.RunProg(r.ctx, "", "CREATE (:"+label+")", nil, true)
	if err == nil {
		err = result.Buffer(r.ctx)
	}
	require.Equal(r, writeInReadMode, r.failure(err).Code)
	require.Zero(r, r.count(cx, label))
}

func testBookmarks(r *run) {
	label := r.label()
	cx := r.open()
	tx := r.begin(cx, false)
	r.all(r.query(cx, tx, "CREATE (:"+label+")", nil))
	first, err := cx.Commit(r.ctx, tx)
	require.NoError(r, err)
	if r.HTTP() && r.Is4() {
		require.Empty(r, first, "4.4 gives no bookmarks over HTTP")
		return
	}
	require.NotEmpty(r, first)
	if cx.ProtocolVersion() == (client.Version{Major: 3}) {
		r.Skip("Neo4j 4.4 does not take over Bolt 3 the bookmarks that it gives there")
	}

	result, err := cx.RunProg(r.ctx, "", "CREATE (:"+label+")", nil, false,
		client.TxOptions{Bookmarks: []string{first}})
	require.NoError(r, err)
	require.NoError(r, result.Buffer(r.ctx))
	second := result.Summary().Bookmark
	require.NotEmpty(r, second)
	require.NotEqual(r, first, second)

	other := r.open()
	tx = r.begin(other, true, client.TxOptions{Bookmarks: []string{first, second}})
	require.Equal(r, [][]any{{int64(2)}}, r.all(r.query(other, tx, "MATCH (n:"+label+") RETURN count(n)", nil)))
	_, err = other.Commit(r.ctx, tx)
	require.NoError(r, err)

	_, err = other.Begin(r.ctx, "", true, client.TxOptions{Bookmarks: []string{"no bookmark"}})
	require.True(r, strings.HasPrefix(r.failure(err).Code, "Neo.ClientError."), err)
	r.requireWorks(other)
}

func testMetadata(r *run) {
	cx := r.open()
	metadata := map[string]any{"purpose": "conformance", "number": int64(7), "list": []any{true, nil}}
	tx, err := cx.Begin(r.ctx, "", true, client.TxOptions{Metadata: metadata})
	require.NoError(r, err)
	transactions, err := cx.Transactions(r.ctx, tx)
	require.NoError(r, err)
	require.Contains(r, metadataOf(transactions), metadata)
	_, err = cx.Rollback(r.ctx, tx)
	require.NoError(r, err)
	_, err = cx.Begin(r.ctx, "", true, client.TxOptions{Metadata: map[string]any{"bad": struct{}{}}})
	r.requireArgumentError(err)
	r.requireWorks(cx)
}

func metadataOf(transactions []client.TransactionRecord) (all []map[string]any) {
	for _, tx := range transactions {
		all = append(all, tx.Metadata)
	}
	return all
}

func testTimeout(r *run) {
	label := r.label()
	cx, holder := r.open(), r.open()
	r.rows(cx, "CREATE (:"+label+" {x: 0})", nil)
	held := r.begin(holder, false)
	r.all(r.query(holder, held, "MATCH (n:"+label+") SET n.x = 1", nil))

	// The lock is held until the end of the test, so only the time-out can end this.
	tx := r.begin(cx, false, client.TxOptions{Timeout: 100 * time.Millisecond})
	result, err := cx.RunQuery(r.ctx, tx, "MATCH (n:"+label+") SET n.x = 2", nil)
	if err == nil {
		err = result.Buffer(r.ctx)
	}
	// Which of the codes depends on where the time-out finds the query.
	require.Contains(r, r.failure(err).Code, ".Transaction.")
	require.True(r, tx.Broken())
	_, err = holder.Rollback(r.ctx, held)
	require.NoError(r, err)
	r.requireWorks(cx)
	_, err = cx.Begin(r.ctx, "", true, client.TxOptions{Timeout: -time.Second})
	r.requireArgumentError(err)
}

func testImpersonatedUser(r *run) {
	cx := r.open()
	result, err := cx.RunProg(r.ctx, "", "RETURN 1", nil, true,
		client.TxOptions{ImpersonatedUser: "nobody-of-this-name"})
	if err == nil {
		err = result.Buffer(r.ctx)
	}
	if r.HTTP() && r.Is4() || !r.HTTP() && !cx.ProtocolVersion().AtLeast(4, 4) {
		var unsupported *client.UnsupportedError
		require.ErrorAs(r, err, &unsupported)
	} else {
		require.NotEmpty(r, r.failure(err).Code) // it is a matter of the enterprise edition
	}
	r.requireWorks(cx)
}

func testFinishedTransaction(r *run) {
	cx := r.open()
	tx := r.begin(cx, false)
	_, err := cx.Commit(r.ctx, tx)
	require.NoError(r, err)
	_, err = cx.Commit(r.ctx, tx)
	r.requireArgumentError(err)
	_, err = cx.Rollback(r.ctx, tx)
	r.requireArgumentError(err)
	_, err = cx.RunQuery(r.ctx, tx, "RETURN 1", nil)
	r.requireArgumentError(err)
	_, err = cx.Commit(r.ctx, nil)
	r.requireArgumentError(err)
	r.requireWorks(cx)
}

func testForeignTransaction(r *run) {
	cx, other := r.open(), r.open()
	own, foreign := r.begin(cx, false), r.begin(other, false)
	for _, end := range []func() error{
		func() error { _, err := cx.Commit(r.ctx, foreign); return err },
		func() error { _, err := cx.Rollback(r.ctx, foreign); return err },
		func() error { _, err := cx.RunQuery(r.ctx, foreign, "RETURN 1", nil); return err },
		func() error { _, err := cx.Transactions(r.ctx, foreign); return err },
	} {
		r.requireArgumentError(end())
	}
	_, err := cx.Commit(r.ctx, own)
	require.NoError(r, err, "the own transaction is not touched")
	_, err = other.Commit(r.ctx, foreign)
	require.NoError(r, err, "nor is the foreign one")
}

func testOneTransactionAtATime(r *run) {
	cx := r.open()
	tx := r.begin(cx, false)
	if r.HTTP() {
		r.Skip("over HTTP a connection can hold several transactions")
	}
	_, err := cx.Begin(r.ctx, "", false)
	r.requireArgumentError(err)
	_, err = cx.RunProg(r.ctx, "", "RETURN 1", nil, true)
	r.requireArgumentError(err)
	_, err = cx.Commit(r.ctx, tx)
	require.NoError(r, err)
	r.requireWorks(cx)
}

func testBrokenByFailure(r *run) {
	label := r.label()
	cx := r.open()
	tx := r.begin(cx, false)
	r.all(r.query(cx, tx, "CREATE (:"+label+")", nil))
	result, err := cx.RunQuery(r.ctx, tx, "RETURN 1/0", nil)
	if err == nil {
		err = result.Buffer(r.ctx)
	}
	require.Equal(r, "Neo.ClientError.Statement.ArithmeticError", r.failure(err).Code)
	require.True(r, tx.Broken())
	_, err = cx.Commit(r.ctx, tx)
	require.Error(r, err)
	_, err = cx.RunQuery(r.ctx, tx, "RETURN 1", nil)
	require.Error(r, err)
	_, err = cx.Rollback(r.ctx, tx)
	require.NoError(r, err, "it has ended without effect, as is asked for")
	require.Zero(r, r.count(cx, label))
	tx = r.begin(cx, false)
	for range 2 {
		_, err = cx.Rollback(r.ctx, tx)
		require.NoError(r, err)
	}
	_, err = cx.Commit(r.ctx, tx)
	r.requireArgumentError(err)
}

func testBindAndUnbind(r *run) {
	type event struct {
		what string
		tx   *client.TransactionRef
	}
	var events []event
	var boundTo client.Connection
	cx := r.open(func(o *client.Options) {
		o.OnBind = func(tx *client.TransactionRef, cx client.Connection) {
			events = append(events, event{"bind", tx})
			boundTo = cx
		}
		o.OnUnbind = func(tx *client.TransactionRef) { events = append(events, event{"unbind", tx}) }
	})
	committed := r.begin(cx, false)
	require.Equal(r, []event{{"bind", committed}}, events)
	require.Equal(r, cx, boundTo)
	_, err := cx.Commit(r.ctx, committed)
	require.NoError(r, err)
	rolledBack := r.begin(cx, false)
	_, err = cx.Rollback(r.ctx, rolledBack)
	require.NoError(r, err)
	broken := r.begin(cx, false)
	result, err := cx.RunQuery(r.ctx, broken, "RETURN 1/0", nil)
	if err == nil {
		require.Error(r, result.Buffer(r.ctx))
	}
	require.Equal(r, []event{{"bind", committed}, {"unbind", committed}, {"bind", rolledBack}, {"unbind", rolledBack},
		{"bind", broken}, {"unbind", broken}}, events)
}

func testRefs(r *run) {
	cx := r.open()
	tx := r.begin(cx, true)
	require.NotEmpty(r, tx.TxID())
	require.GreaterOrEqual(r, tx.Age(), time.Duration(0)) // a browser's clock moves in steps
	require.True(r, tx.Equal(tx))
	_, err := cx.Rollback(r.ctx, tx)
	require.NoError(r, err)
	next := r.begin(cx, true)
	require.False(r, tx.Equal(next))
	_, err = cx.Rollback(r.ctx, next)
	require.NoError(r, err)
}
