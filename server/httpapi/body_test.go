package httpapi

import (
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/server/budget"
	"github.com/webbolt/webbolt/server/session"
)

func remade(t *testing.T, form form, rules *session.Rules, text string) (string, *session.Refusal, error) {
	t.Helper()
	out, refused, err := checkBody(route{form: form}, rules, strings.NewReader(text), nil)
	return string(out), refused, err
}

func TestRemakeBody(t *testing.T) {
	free := &session.Rules{}
	for _, c := range []struct {
		form     form
		in, want string
	}{
		{transactionAPI, `{}`, `{}`},
		{transactionAPI, `{"statements":[]}`, `{"statements":[]}`},
		{transactionAPI, ` { "x" : {"statements":[1]} , "statements" : [ { "parameters" : {"a": [1, "]"]} , "statement" : "RETURN 1" , "y" : [ ] } ] } `,
			`{"statements":[{"parameters":{"a": [1, "]"]},"statement":"RETURN 1"}]}`},
		{transactionAPI, `{"statements":[{"statement":"a","includeStats":true,"resultDataContents":["row"]},{"statement":"b\u0022"}]}`,
			`{"statements":[{"statement":"a","includeStats":true,"resultDataContents":["row"]},{"statement":"b\""}]}`},
		{transactionAPI, `{"Statements":[{"statement":"a"}],"\u0073tatements":[{"Statement":"b","statement":"c"}]}`,
			`{"statements":[{"statement":"c"}]}`},
		{queryAPI, `{"statement":"RETURN 1","parameters":{"x":{"$type":"Integer","_value":"1"}},"bookmarks":["a"],"includeCounters":true,"x":1}`,
			`{"statement":"RETURN 1","parameters":{"x":{"$type":"Integer","_value":"1"}},"bookmarks":["a"],"includeCounters":true}`},
		{queryAPI, `{"accessMode":"read","maxExecutionTime":5,"statement":"RETURN 1","impersonatedUser":null}`,
			`{"statement":"RETURN 1","accessMode":"READ","maxExecutionTime":5}`},
		{queryAPI, `{"AccessMode":"WRITE","statement":"RETURN 1","accessMode":null,"maxExecutionTime":null}`,
			`{"statement":"RETURN 1"}`},
	} {
		got, refused, err := remade(t, c.form, free, c.in)
		require.NoError(t, err, c.in)
		require.Nil(t, refused, c.in)
		require.Equal(t, c.want, got)
		require.True(t, json.Valid([]byte(got)))
	}
	for _, c := range []struct {
		form form
		in   string
	}{
		{transactionAPI, ``}, {transactionAPI, `[]`}, {transactionAPI, `null`}, {transactionAPI, `{"statements":{}}`},
		{transactionAPI, `{"statements":null}`},
		{transactionAPI, `{"statements":[{}]}`}, {transactionAPI, `{"statements":[null]}`},
		{transactionAPI, `{"statements":[[]]}`},
		{transactionAPI, `{"statements":[{"statement":1}]}`}, {transactionAPI, `{"statements":[],"statements":[]}`},
		{transactionAPI, `{"statements":[{"statement":"a","statement":"b"}]}`},
		{transactionAPI, `{"statements":[{"statement":"a"}]`},
		{transactionAPI, `{"statements":[{"statement":"a"}]}x`},
		{transactionAPI, `{"statements":[{"statement":"a"},]}`}, {transactionAPI, `{} {}`},
		{queryAPI, `{}`}, {queryAPI, `{"statement":null,"statement":"a"}`},
		{queryAPI, `{"statement":"a","maxExecutionTime":-1}`},
		{queryAPI, `{"statement":"a","maxExecutionTime":1.5}`}, {queryAPI, `{"statement":"a","accessMode":1}`},
		{queryAPI, `{"statement":"a","parameters":{]}`},
	} {
		_, refused, err := remade(t, c.form, free, c.in)
		require.ErrorIs(t, err, errBody, c.in)
		require.Nil(t, refused, c.in)
	}
	_, refused, err := remade(t, queryAPI, free, `{"statement":"a","impersonatedUser":"x"}`)
	require.NoError(t, err)
	require.Equal(t, "impersonation", refused.Rule)
	_, refused, err = remade(t, transactionAPI, &session.Rules{Queries: []string{"a"}},
		`{"statements":[{"statement":"a"},{"statement":"b"}]}`)
	require.NoError(t, err)
	require.Equal(t, "query", refused.Rule)
}

// large are bodies that would become many values. None may take many times its size, while it is read or after.
var large = map[string]struct {
	form form
	text string
	want error
}{
	"empty statements": {transactionAPI, `{"statements":[{}` + strings.Repeat(`,{}`, 16<<20/3) + `]}`, errBody},
	"many statements": {transactionAPI, `{"statements":[{"statement":""}` + strings.Repeat(
		`,{"statement":""}`, 900_000) + `]}`, errCounts},
	"many members": {queryAPI, `{"statement":"a"` + many(`,"x%":1`, 900_000) + `}`, errCounts},
	"nested":       {queryAPI, `{"statement":"a","parameters":` + strings.Repeat(`[`, 16<<20) + `}`, errBody},
	"numbers":      {queryAPI, `{"statement":"a","parameters":{"x":[1` + strings.Repeat(`,1`, 8<<20) + `]}}`, nil},
	"objects": {queryAPI, `{"statement":"a","parameters":{"x":[{}` + strings.Repeat(`,{}`, 16<<20/3) + `]}}`,
		nil},
	"a long text": {queryAPI, `{"statement":"` + strings.Repeat("a", 16<<20) + `"}`, nil},
}

func many(text string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Replace(text, "%", string(rune('a'+i%26))+strings.Repeat("b", i/26%200)+strings.Repeat(
			"c", i/5200), 1))
		if b.Len() > 16<<20 {
			break
		}
	}
	return b.String()
}

func TestBodiesTakeLittleMemory(t *testing.T) {
	for name, c := range large {
		t.Run(name, func(t *testing.T) {
			runtime.GC()
			var start runtime.MemStats
			runtime.ReadMemStats(&start)
			var peak atomic.Uint64
			done := make(chan struct{})
			var watch sync.WaitGroup
			watch.Go(func() {
				for {
					var now runtime.MemStats
					runtime.ReadMemStats(&now)
					if now.HeapInuse > peak.Load() {
						peak.Store(now.HeapInuse)
					}
					select {
					case <-done:
						return
					case <-time.After(5 * time.Millisecond):
					}
				}
			})
			_, _, err := remade(t, c.form, &session.Rules{}, c.text)
			close(done)
			watch.Wait()
			if c.want == nil {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, c.want)
			}
			require.Less(t, int64(peak.Load())-int64(start.HeapInuse), int64(200<<20)) // 1.7 GB before
		})
	}
}

// What a body holds counts while it comes, and is refused when the budget is used up.
func TestBodiesCount(t *testing.T) {
	b := budget.New(8<<20, 4<<20)
	owner := netip.MustParsePrefix("10.0.0.1/32")
	in, out := io.Pipe()
	account := b.Open(owner, func() {})
	var wait sync.WaitGroup
	wait.Go(func() {
		_, _, err := checkBody(route{form: queryAPI}, &session.Rules{}, in, account)
		require.ErrorIs(t, err, budget.ErrPerClient)
		_ = in.CloseWithError(err)
		account.Close()
	})
	sent := 0
	part := make([]byte, 64<<10)
	for {
		n, err := out.Write(part)
		sent += n
		if err != nil {
			require.True(t, errors.Is(err, budget.ErrPerClient))
			break
		}
		require.GreaterOrEqual(t, b.Used()+budget.Allowance+512<<10, int64(sent))
	}
	require.LessOrEqual(t, sent, 5<<20)
	wait.Wait()
	require.Zero(t, b.Used())
}
