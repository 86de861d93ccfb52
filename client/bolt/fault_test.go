package bolt_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// talkative is a server whose results have a few records, and one of them a failure behind them.
func talkative(version client.Version) *boltfake.Server {
	return &boltfake.Server{Version: version, Hints: map[string]any{"telemetry.enabled": true},
		Run: func(q boltfake.Query) boltfake.Answer {
			answer := boltfake.Answer{Fields: []string{"i", "text"}}
			for i := range 5 {
				answer.Records = append(answer.Records, []any{i, "some text"})
			}
			if q.Parameters["context"] != nil {
				return boltfake.Answer{Fields: []string{"ttl", "servers"}, Records: [][]any{{300, []any{}}}}
			}
			switch q.Text {
			case "REFUSE":
				answer.Failure = &client.Failure{Code: "Neo.ClientError.Statement.SyntaxError", Message: "refused"}
			case "FAIL":
				answer.After = &client.Failure{Code: "Neo.ClientError.Statement.ArithmeticError", Message: "failed"}
			}
			return answer
		}}
}

// longConversation does everything that a connection can do, and returns the first error that is not as it should be.
// What it has begun it gives, so that a test can look at it afterwards.
func longConversation(c *bolt.Connection) (tx *client.TransactionRef, open *client.Result, err error) {
	ctx := context.Background()
	if open, err = c.RunProg(ctx, "", "RETURN", map[string]any{"a": 1}, true); err != nil {
		return nil, nil, err
	}
	if err = open.Buffer(ctx); err != nil {
		return nil, open, err
	}
	if tx, err = c.Begin(ctx, "", false); err != nil {
		return nil, open, err
	}
	if open, err = c.RunQuery(ctx, tx, "RETURN", nil); err != nil {
		return tx, nil, err
	}
	if _, err = open.Fetch(ctx); err != nil {
		return tx, open, err
	}
	second, err := c.RunQuery(ctx, tx, "RETURN", nil)
	if err != nil {
		return tx, open, err
	}
	if err = second.Discard(ctx); err != nil {
		return tx, open, err
	}
	if _, err = c.Commit(ctx, tx); err != nil {
		return tx, open, err
	}
	if err = refusedOrFailed(c); err != nil {
		return nil, nil, err
	}
	if _, err = c.Route(ctx, "", nil); err != nil {
		return nil, nil, err
	}
	return nil, nil, c.Reset(ctx, true)
}

var errAccepted = errors.New("a query that should fail did not")

func refusedOrFailed(c *bolt.Connection) error {
	ctx := context.Background()
	for _, query := range []string{"REFUSE", "FAIL"} {
		result, err := c.RunProg(ctx, "", query, nil, true)
		if err == nil {
			err = result.Buffer(ctx)
		}
		if err == nil {
			return errAccepted
		}
		if _, failed := errors.AsType[*client.Failure](err); !failed {
			return err
		}
	}
	return nil
}

// shapedConversation has the conversation over a stream of the given shape.
func shapedConversation(t *testing.T, server *boltfake.Server, shaped *boltfake.Shaped) (broken []string,
	read, written int, openErr, err error) {
	stream, stop := server.Pipe(t)
	defer stop()
	shaped.Conn = stream
	unbound := 0
	c, err := bolt.Open(context.Background(), shaped, fakeProfile(t), client.Options{
		FetchSize: 2,
		OnBroken:  func(_ client.Profile, message string) { broken = append(broken, message) },
		OnUnbind:  func(*client.TransactionRef) { unbound++ },
	})
	if err != nil {
		require.Nil(t, c)
		return broken, 0, 0, err, nil
	}
	tx, open, err := longConversation(c)
	if err != nil {
		if tx != nil {
			require.True(t, tx.Broken())
			require.Equal(t, 1, unbound)
		}
		if open != nil {
			if ended := open.Buffer(context.Background()); ended != nil {
				require.Equal(t, err, ended, "the open result ends as the call did")
			} else {
				require.True(t, open.Summary().Complete)
			}
		}
		require.True(t, c.Broken())
		require.False(t, c.Clean())
		_, again := c.RunProg(context.Background(), "", "RETURN", nil, true)
		require.Equal(t, err, again)
	}
	require.NoError(t, c.Close())
	require.NoError(t, c.Close())
	read, written = shaped.Count()
	return broken, read, written, nil, err
}

var faultyVersions = []client.Version{{Major: 3}, {Major: 4, Minor: 4}, {Major: 5, Minor: 8}, {Major: 6, Minor: 1}}

func TestCutAfterEveryByte(t *testing.T) {
	for _, version := range faultyVersions {
		t.Run(version.String(), func(t *testing.T) {
			server := talkative(version)
			_, read, written, openErr, err := shapedConversation(t, server, &boltfake.Shaped{})
			require.NoError(t, openErr)
			require.NoError(t, err)
			for at := 1; at < read; at++ {
				requireCut(t, server, &boltfake.Shaped{CutReadAt: at})
			}
			goodbye := len("\x00\x02\xB0\x02\x00\x00")
			for at := 1; at < written-goodbye; at++ {
				requireCut(t, server, &boltfake.Shaped{CutWriteAt: at})
			}
		})
	}
}

func requireCut(t *testing.T, server *boltfake.Server, shaped *boltfake.Shaped) {
	t.Helper()
	broken, _, _, openErr, err := shapedConversation(t, server, shaped)
	if openErr != nil {
		var unavailable *client.ConnectionUnavailable
		require.ErrorAs(t, openErr, &unavailable, "cut when %d bytes were read and %d written", shaped.CutReadAt,
			shaped.CutWriteAt)
		require.Equal(t, client.ReasonClosed, unavailable.Reason)
		require.Empty(t, broken)
		return
	}
	require.ErrorAs(t, err, new(*client.ConnectionBroken), "cut when %d bytes were read and %d written",
		shaped.CutReadAt, shaped.CutWriteAt)
	require.Equal(t, []string{err.Error()}, broken)
}

func TestSplitAtEveryByte(t *testing.T) {
	for _, version := range faultyVersions {
		t.Run(version.String(), func(t *testing.T) {
			server := talkative(version)
			_, read, _, _, err := shapedConversation(t, server, &boltfake.Shaped{Largest: 1})
			require.NoError(t, err)
			for at := 1; at < read; at++ {
				_, _, _, openErr, err := shapedConversation(t, server, &boltfake.Shaped{SplitAt: at})
				require.NoError(t, openErr)
				require.NoError(t, err)
			}
		})
	}
}

// What comes late, and what comes together, is the same conversation.
func TestDelayedAndMergedAtEveryByte(t *testing.T) {
	for name, shape := range map[string]func(at int) *boltfake.Shaped{
		"delayed": func(at int) *boltfake.Shaped { return &boltfake.Shaped{SplitAt: at, Delay: 20 * time.Second} },
		"merged":  func(at int) *boltfake.Shaped { return &boltfake.Shaped{MergeAt: at} },
	} {
		for _, version := range faultyVersions {
			t.Run(name+" "+version.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					server := talkative(version)
					_, read, _, _, err := shapedConversation(t, server, &boltfake.Shaped{})
					require.NoError(t, err)
					for at := 1; at < read; at++ {
						_, _, _, openErr, err := shapedConversation(t, server, shape(at))
						require.NoError(t, openErr)
						require.NoError(t, err)
					}
				})
			})
		}
	}
}
