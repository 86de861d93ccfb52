//go:build !js

package pool

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/boltfake"
)

const largeRecords = 5000 // more than one PULL asks for

// largeResults returns a connector to a server whose results do not fit into the first PULL.
func largeResults(t *testing.T, maxSize int) (*Connector, *boltfake.Server) {
	t.Helper()
	fake := &boltfake.Server{Run: func(q boltfake.Query) boltfake.Answer {
		answer := boltfake.Answer{Fields: []string{"n"}}
		for n := range largeRecords {
			answer.Records = append(answer.Records, []any{int64(n)})
		}
		if q.Text == "FAIL" {
			answer.After = &client.Failure{Code: "Neo.ClientError.Statement.ArithmeticError", Message: "/ by zero"}
		}
		return answer
	}}
	profile, err := client.ParseProfile("bolt://user:secret@" + fake.Start(t))
	require.NoError(t, err)
	c, err := OpenConnector(t.Context(), profile, ConnectorOptions{Pool: Options{MaxSize: maxSize, AcquireTimeout: -1}})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c, fake
}

func readNumbers(t *testing.T, result *client.Result) (read int, err error) {
	t.Helper()
	for record, err := range result.Records(t.Context()) {
		if err != nil {
			return read, err
		}
		var n int
		require.NoError(t, record.Scan(&n))
		require.Equal(t, read, n)
		read++
	}
	return read, nil
}

// More results are opened, and none is read, than the pool has connections: the earliest are read ahead.
func TestMoreOpenResultsThanConnections(t *testing.T) {
	const maxSize = 2
	c, fake := largeResults(t, maxSize)
	results := make([]*client.Result, 3*maxSize)
	for i := range results {
		query := "RETURN"
		if i == 1 {
			query = "FAIL"
		}
		var err error
		results[i], err = c.RunProg(t.Context(), "", query, nil, true)
		require.NoError(t, err)
	}
	for i := len(results) - 1; i >= 0; i-- {
		read, err := readNumbers(t, results[i])
		require.Equal(t, largeRecords, read)
		if i == 1 {
			require.ErrorAs(t, err, new(*client.Failure))
			continue
		}
		require.NoError(t, err)
		require.True(t, results[i].Summary().Complete)
	}
	require.Equal(t, maxSize, fake.Opened())
	require.Zero(t, c.InUse()[c.Profile()])
}

// The reader of a result that is being read ahead can give up, which interrupts the server, or discard it.
func TestReaderOfAResultThatIsReadAhead(t *testing.T) {
	fake := &boltfake.Server{Run: func(q boltfake.Query) boltfake.Answer {
		answer := boltfake.Answer{Fields: []string{"n"}, Records: [][]any{{int64(0)}, {int64(1)}}}
		if q.Text == "HELD" {
			answer.Wait = q.Interrupted
		}
		return answer
	}}
	profile, err := client.ParseProfile("bolt://user:secret@" + fake.Start(t))
	require.NoError(t, err)
	c, err := OpenConnector(t.Context(), profile, ConnectorOptions{Pool: Options{MaxSize: 1, AcquireTimeout: -1}})
	require.NoError(t, err)
	defer c.Close()
	for name, give := range map[string]func(ctx context.Context, r *client.Result) error{
		"buffer":  func(ctx context.Context, r *client.Result) error { return r.Buffer(ctx) },
		"discard": func(ctx context.Context, r *client.Result) error { return r.Discard(ctx) },
	} {
		t.Run(name, func(t *testing.T) {
			first, err := c.RunProg(t.Context(), "", "HELD", nil, true)
			require.NoError(t, err)
			second := make(chan error)
			go func() {
				result, err := c.RunProg(context.Background(), "", "RETURN", nil, true)
				if err == nil {
					err = result.Buffer(context.Background())
				}
				second <- err
			}()
			require.Eventually(t, func() bool { // until reading ahead has begun
				c.mu.Lock()
				defer c.mu.Unlock()
				return len(c.results) > 0 && c.results[0].ahead.begun()
			}, time.Minute, time.Millisecond)
			enough := errors.New("enough")
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(10*time.Millisecond, func() { cancel(enough) })
			require.ErrorIs(t, give(ctx, first), enough)
			require.NoError(t, <-second, "who waited gets the connection")
		})
	}
}

// A result that is too large to be read ahead keeps its connection; the error of a caller that waits says what to do.
func TestResultTooLargeToBeReadAhead(t *testing.T) {
	const records, size = 80, 1 << 20
	text := strings.Repeat("x", size)
	fake := &boltfake.Server{Run: func(boltfake.Query) boltfake.Answer {
		answer := boltfake.Answer{Fields: []string{"text"}}
		for range records {
			answer.Records = append(answer.Records, []any{text})
		}
		return answer
	}}
	profile, err := client.ParseProfile("bolt://user:secret@" + fake.Start(t))
	require.NoError(t, err)
	c, err := OpenConnector(t.Context(), profile, ConnectorOptions{Pool: Options{
		MaxSize: 1, AcquireTimeout: 2 * time.Second, Client: client.Options{FetchSize: 1},
	}})
	require.NoError(t, err)
	defer c.Close()
	first, err := c.RunProg(t.Context(), "", "LARGE", nil, true)
	require.NoError(t, err)
	_, err = c.RunProg(t.Context(), "", "OTHER", nil, true)
	requireReason(t, client.ReasonTimeout, err)
	require.ErrorContains(t, err, "read or discard")
	read := 0
	for record, err := range first.Records(t.Context()) {
		require.NoError(t, err)
		require.NotNil(t, record)
		read++
	}
	require.Equal(t, records, read, "nothing is lost")
	require.NoError(t, c.VerifyConnectivity(t.Context()))
}

// If one reader's pool is full, another reader's pool lends the connection.
func TestBorrowTakesTheReaderThatHasRoom(t *testing.T) {
	server, _ := threeServers()
	c := openConnector(t, server, "neo4j://a:1", ConnectorOptions{Pool: Options{MaxSize: 2, AcquireTimeout: -1}})
	ctx := context.Background()
	for range 4 { // b and c
		begin(t, c, true)
	}
	pools, err := c.Pools(ctx, "", true)
	require.NoError(t, err)
	require.NoError(t, pools[1].SetMaxSize(3))
	require.Equal(t, 2, pools[0].InUse())
	begin(t, c, true) // waits for ever at the first
	require.Equal(t, 3, pools[1].InUse())
}
