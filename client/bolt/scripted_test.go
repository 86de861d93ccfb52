package bolt_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/boltfake"
)

func mustOpenFake(t testing.TB, options client.Options, script func(c *boltfake.Conn)) *bolt.Connection {
	t.Helper()
	c, err := openFake(t, options, script)
	require.NoError(t, err)
	return c
}

var fieldX = map[string]any{"fields": []any{"x"}}

func TestHelloSaysWhoWeAre(t *testing.T) {
	hello := func(version client.Version, profile client.Profile, options client.Options) (hello, logon map[string]any) {
		stream, stop := boltfake.Pipe(t, func(c *boltfake.Conn) {
			c.Handshake(version)
			hello = c.Answer("HELLO", map[string]any{"server": "Neo4j/4.4.48"}).Map(0)
			if version.AtLeast(5, 1) {
				logon = c.Answer("LOGON", nil).Map(0)
			}
		})
		c, err := bolt.Open(context.Background(), stream, profile, options)
		require.NoError(t, err)
		require.NoError(t, c.Close())
		stop()
		return hello, logon
	}
	plain := fakeProfile(t)
	routing, err := client.ParseProfile("neo4j://fake?region=eu")
	require.NoError(t, err)
	filter := client.NotificationFilter{MinimumSeverity: "WARNING", DisabledCategories: []string{"HINT"}}

	said, _ := hello(client.Version{Major: 3}, plain, client.Options{UserAgent: "me/1"})
	require.Equal(t, map[string]any{"user_agent": "me/1", "scheme": "basic", "principal": "alice", "credentials": "secret"}, said)
	said, _ = hello(client.Version{Major: 4, Minor: 4}, routing, client.Options{})
	require.Equal(t, map[string]any{
		"user_agent": "webbolt/0.1", "scheme": "none", "patch_bolt": []any{"utc"},
		"routing": map[string]any{"region": "eu", "address": "fake:7687"},
	}, said)
	said, token := hello(client.Version{Major: 5, Minor: 2}, plain, client.Options{Notifications: filter})
	require.Equal(t, map[string]any{"user_agent": "webbolt/0.1", "notifications_minimum_severity": "WARNING", "notifications_disabled_categories": []any{"HINT"}}, said)
	require.Equal(t, map[string]any{"scheme": "basic", "principal": "alice", "credentials": "secret"}, token)
	said, token = hello(bolt58, routing, client.Options{Notifications: filter, Auth: func(context.Context, *client.Failure) (client.Auth, error) {
		return client.Auth{Scheme: "mine", Principal: "p", Credentials: "c", Realm: "r", Parameters: map[string]any{"n": 1}}, nil
	}})
	require.Equal(t, []any{"HINT"}, said["notifications_disabled_classifications"])
	agent := said["bolt_agent"].(map[string]any)
	require.Equal(t, "webbolt/0.1", agent["product"])
	require.Contains(t, agent["language"], "Go/")
	require.Equal(t, map[string]any{"scheme": "mine", "principal": "p", "credentials": "c", "realm": "r", "parameters": map[string]any{"n": int64(1)}}, token)
}

func TestTelemetry(t *testing.T) {
	hints := map[string]any{"hints": map[string]any{"telemetry.enabled": true}}
	script := func(told bool) func(c *boltfake.Conn) {
		return func(c *boltfake.Conn) {
			c.Login(bolt58, hints)
			if told {
				require.Equal(t, []any{int64(2)}, c.Answer("TELEMETRY", nil).Fields)
			}
			c.Answer("RUN", fieldX)
			c.Answer("PULL", nil)
			if told {
				require.Equal(t, []any{int64(1)}, c.Answer("TELEMETRY", nil).Fields)
			}
			c.Answer("BEGIN", nil)
			c.Answer("RUN", fieldX)
			c.Answer("PULL", nil)
			c.AwaitClose()
		}
	}
	for _, told := range []bool{true, false} {
		c := mustOpenFake(t, client.Options{DisableTelemetry: !told}, script(told))
		_, err := c.RunProg(context.Background(), "", "RETURN 1 AS x", nil, true)
		require.NoError(t, err)
		tx, err := c.Begin(context.Background(), "", true)
		require.NoError(t, err)
		_, err = c.RunQuery(context.Background(), tx, "RETURN 1 AS x", nil)
		require.NoError(t, err)
	}
}

// What cannot be encoded leaves nothing behind, not even the TELEMETRY before it.
func TestParameterThatCannotBeSent(t *testing.T) {
	c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
		c.Login(bolt58, map[string]any{"hints": map[string]any{"telemetry.enabled": true}})
		c.Answer("RESET", nil)
		c.AwaitClose()
	})
	_, err := c.RunProg(context.Background(), "", "RETURN $x", map[string]any{"x": make(chan int)}, true)
	var wrong *client.ArgumentError
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, "parameters", wrong.Argument)
	_, err = c.Begin(context.Background(), "", true, client.TxOptions{Metadata: map[string]any{"x": make(chan int)}})
	require.ErrorAs(t, err, &wrong)
	require.True(t, c.Clean())
	require.NoError(t, c.Reset(context.Background(), true))
}

// PULL leaves as soon as has_more is known and the reader is near the end of what has come, before the reader asks for more.
func TestPullsAhead(t *testing.T) {
	pulls := make(chan map[string]any, 100)
	c := mustOpenFake(t, client.Options{FetchSize: 10}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Answer("RUN", fieldX)
		for i := range 3 {
			pulls <- c.Expect("PULL").Map(0)
			for range 10 {
				c.Record(i)
			}
			c.Success(map[string]any{"has_more": i < 2})
		}
		c.AwaitClose()
	})
	result, err := c.RunProg(context.Background(), "", "RETURN", nil, true)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"n": int64(10)}, <-pulls)
	for seen := 0; seen < 10; {
		batch, err := result.NextBatch(context.Background())
		require.NoError(t, err)
		seen += len(batch.Records)
	}
	_, err = result.NextBatch(context.Background()) // by now the second PULL has left, or leaves
	require.NoError(t, err)
	<-pulls
	require.NoError(t, result.Buffer(context.Background()))
	require.Len(t, pulls, 1)
}

// A reader that does not keep up is not sent more than it asked for, whatever else the connection does.
func TestBackPressure(t *testing.T) {
	server := &boltfake.Server{Run: func(boltfake.Query) boltfake.Answer {
		return boltfake.Answer{Fields: []string{"x"}, Records: make([][]any, 100)}
	}}
	stream, stop := server.Pipe(t)
	defer stop()
	c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{FetchSize: 10})
	require.NoError(t, err)
	ctx := context.Background()
	tx, err := c.Begin(ctx, "", true)
	require.NoError(t, err)
	slow, err := c.RunQuery(ctx, tx, "SLOW", nil)
	require.NoError(t, err)
	quick, err := c.RunQuery(ctx, tx, "QUICK", nil)
	require.NoError(t, err)
	require.NoError(t, quick.Buffer(ctx))
	require.Len(t, slow.PeekRecords(1000), 10)
	require.NoError(t, slow.Discard(ctx))
	_, err = c.Rollback(ctx, tx)
	require.NoError(t, err)
	var pulls, discards int
	for _, m := range server.Requests() {
		switch m.Name {
		case "PULL":
			pulls++
		case "DISCARD":
			discards++
			require.Equal(t, map[string]any{"n": int64(-1), "qid": int64(0)}, m.Map(0))
		}
	}
	require.Equal(t, 11, pulls)
	require.Equal(t, 1, discards)
	require.NoError(t, c.Close())
}

func TestRecvTimeout(t *testing.T) {
	hints := map[string]any{"hints": map[string]any{"connection.recv_timeout_seconds": 60}}
	synctest.Test(t, func(t *testing.T) {
		stream, stop := boltfake.Pipe(t, func(c *boltfake.Conn) {
			c.Login(bolt58, hints)
			c.Answer("RUN", fieldX)
			c.Expect("PULL")
			for range 10 { // ten minutes, but never a silent one
				time.Sleep(59 * time.Second)
				c.Noop()
			}
			c.Record(1)
			c.AwaitClose() // and now silence
		})
		defer stop()
		var broken []string
		c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{OnBroken: func(_ client.Profile, message string) { broken = append(broken, message) }})
		require.NoError(t, err)
		time.Sleep(time.Hour) // nothing is due, so silence is no fault
		result, err := c.RunProg(context.Background(), "", "RETURN", nil, true)
		require.NoError(t, err)
		record, err := result.Fetch(context.Background())
		require.NoError(t, err)
		require.NotNil(t, record)
		heard := time.Now()
		_, err = result.Fetch(context.Background())
		var lost *client.ConnectionBroken
		require.ErrorAs(t, err, &lost)
		require.Contains(t, lost.Message, "60 s")
		require.Equal(t, 60*time.Second, time.Since(heard))
		require.Equal(t, []string{err.Error()}, broken)
		require.True(t, c.Broken())
	})
}

func TestCancelledCallsReturnAtOnceAndRecover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &boltfake.Server{Run: func(q boltfake.Query) boltfake.Answer {
			if q.Text == "WAIT" {
				<-q.Interrupted
				time.Sleep(10 * time.Second) // the server takes its time to notice
				return boltfake.Answer{Failure: &client.Failure{Code: "Neo.ClientError.Transaction.Terminated", Message: "reset"}}
			}
			return boltfake.Answer{Fields: []string{"x"}, Records: [][]any{{q.Text}}}
		}}
		stream, stop := server.Pipe(t)
		defer stop()
		unbound := 0
		c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{OnUnbind: func(*client.TransactionRef) { unbound++ }})
		require.NoError(t, err)
		tx, err := c.Begin(context.Background(), "", true)
		require.NoError(t, err)
		open, err := c.RunQuery(context.Background(), tx, "OPEN", nil)
		require.NoError(t, err)
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(context.Background())
		time.AfterFunc(time.Minute, func() { cancel(cause) })
		started := time.Now()
		_, err = c.RunQuery(ctx, tx, "WAIT", nil)
		require.Equal(t, cause, err)
		require.Equal(t, time.Minute, time.Since(started))
		require.True(t, tx.Broken())
		require.Equal(t, 1, unbound)
		require.False(t, c.Clean())
		record, err := open.Fetch(context.Background()) // it had come already
		require.NoError(t, err)
		require.NotNil(t, record)
		_, err = c.Commit(context.Background(), tx)
		require.ErrorAs(t, err, new(*client.ArgumentError))

		result, err := c.RunProg(context.Background(), "", "NEXT", nil, true)
		require.NoError(t, err)
		require.Equal(t, [][]any{{"NEXT"}}, all(t, result))
		require.True(t, c.Clean())
		require.NoError(t, c.Close())
	})
}

func TestResetNeverAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream, stop := boltfake.Pipe(t, func(c *boltfake.Conn) {
			c.Login(bolt58, nil)
			c.AwaitClose()
		})
		defer stop()
		c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, err = c.RunProg(ctx, "", "RETURN", nil, true)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		_, err = c.RunProg(context.Background(), "", "RETURN", nil, true)
		require.ErrorAs(t, err, new(*client.ConnectionBroken))
		require.True(t, c.Broken())
	})
}

// A client that writes into a full network can be cancelled too, and writes the rest when the server reads again.
func TestCancelledWhileWriting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		resume := make(chan struct{})
		stream, stop := boltfake.Pipe(t, func(c *boltfake.Conn) {
			c.Login(bolt58, nil)
			<-resume
			c.Answer("RUN", fieldX)
			c.Expect("PULL")
			c.Ignored()
			c.Answer("RESET", nil)
			require.Equal(t, "SECOND", c.Answer("RUN", fieldX).Text(0))
			c.Answer("PULL", nil)
			c.AwaitClose()
		})
		defer stop()
		c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, err = c.RunProg(ctx, "", "FIRST", map[string]any{"large": make([]byte, 300000)}, true)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		close(resume)
		result, err := c.RunProg(context.Background(), "", "SECOND", nil, true)
		require.NoError(t, err)
		require.NoError(t, result.Buffer(context.Background()))
		require.NoError(t, c.Close())
	})
}

func TestProtocolViolations(t *testing.T) {
	for name, script := range map[string]func(c *boltfake.Conn){
		"a record for RUN":          func(c *boltfake.Conn) { c.Record(1) },
		"a tag without meaning":     func(c *boltfake.Conn) { c.Write([]byte("\x00\x02\xB0\x55\x00\x00")) },
		"not a structure":           func(c *boltfake.Conn) { c.Write([]byte("\x00\x01\x01\x00\x00")) },
		"has_more that is no bool":  func(c *boltfake.Conn) { c.Success(fieldX); c.Success(map[string]any{"has_more": 1}) },
		"fields that are no list":   func(c *boltfake.Conn) { c.Success(map[string]any{"fields": 1}) },
		"fields that are no names":  func(c *boltfake.Conn) { c.Success(map[string]any{"fields": []any{1}}) },
		"qid that is no number":     func(c *boltfake.Conn) { c.Success(map[string]any{"qid": "x"}) },
		"IGNORED without a failure": func(c *boltfake.Conn) { c.Ignored() },
	} {
		t.Run(name, func(t *testing.T) {
			c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
				c.Login(bolt58, nil)
				c.Expect("RUN")
				c.Expect("PULL")
				script(c)
				c.AwaitClose()
			})
			result, err := c.RunProg(context.Background(), "", "RETURN", nil, true)
			if err == nil {
				err = result.Buffer(context.Background())
			}
			if err == nil {
				err = c.Reset(context.Background(), true)
			}
			require.ErrorAs(t, err, new(*client.ProtocolError))
			require.True(t, c.Broken())
			_, again := c.Begin(context.Background(), "", true)
			require.Equal(t, err, again)
		})
	}
}

// A record that claims 4 GB is found when it is read; what follows is not lost.
func TestRecordThatClaimsTooMuch(t *testing.T) {
	c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Answer("RUN", fieldX)
		c.Expect("PULL")
		c.Write([]byte("\x00\x08\xB1\x71\x91\xD2\xFF\xFF\xFF\xFF\x00\x00"))
		c.Success(nil)
		c.AwaitClose()
	})
	result, err := c.RunProg(context.Background(), "", "RETURN", nil, true)
	require.NoError(t, err)
	record, err := result.Fetch(context.Background())
	require.NoError(t, err)
	_, err = record.Values()
	require.ErrorAs(t, err, new(*client.ProtocolError))
}

func TestFailedReset(t *testing.T) {
	server := &boltfake.Server{Ping: func() *client.Failure {
		return &client.Failure{Code: "Neo.DatabaseError.General.UnknownError", Message: "no"}
	}}
	stream, stop := server.Pipe(t)
	defer stop()
	c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{})
	require.NoError(t, err)
	err = c.Reset(context.Background(), true)
	require.ErrorAs(t, err, new(*client.ConnectionBroken))
	require.ErrorAs(t, err, new(*client.Failure))
	require.True(t, c.Broken())
}

func TestResetEndsWhatIsOpen(t *testing.T) {
	c := mustOpenFake(t, client.Options{FetchSize: 1}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Answer("BEGIN", nil)
		c.Answer("RUN", fieldX)
		c.Expect("PULL")
		c.Record(1)
		c.Success(map[string]any{"has_more": true})
		c.Answer("RESET", nil)
		c.AwaitClose()
	})
	tx, err := c.Begin(context.Background(), "", true)
	require.NoError(t, err)
	result, err := c.RunQuery(context.Background(), tx, "RETURN", nil)
	require.NoError(t, err)
	require.NoError(t, c.Reset(context.Background(), false))
	require.True(t, tx.Broken())
	require.True(t, c.Clean())
	require.NoError(t, c.Reset(context.Background(), false)) // asks nothing
	require.ErrorAs(t, result.Buffer(context.Background()), new(*client.ArgumentError))
	require.NoError(t, c.Close())
	_, err = c.Begin(context.Background(), "", true)
	require.ErrorAs(t, err, new(*client.ConnectionBroken))
	require.True(t, c.Closed())
	require.False(t, c.Broken())
}

func TestCloseWakesACallThatWaits(t *testing.T) {
	waiting := make(chan struct{})
	c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Expect("RUN")
		close(waiting)
		c.AwaitClose()
	})
	ended := make(chan error)
	go func() {
		_, err := c.RunProg(context.Background(), "", "RETURN", nil, true)
		ended <- err
	}()
	<-waiting
	require.NoError(t, c.Close())
	require.ErrorAs(t, <-ended, new(*client.ConnectionBroken))
	require.False(t, c.Broken())
}

func TestCallsTakeTurns(t *testing.T) {
	server := &boltfake.Server{Run: func(q boltfake.Query) boltfake.Answer {
		return boltfake.Answer{Fields: []string{"x"}, Records: [][]any{{q.Text}, {q.Text}}}
	}}
	stream, stop := server.Pipe(t)
	defer stop()
	c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{FetchSize: 1})
	require.NoError(t, err)
	ended := make(chan error)
	for i := range 20 {
		go func() {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			query := string(rune('a' + i))
			result, err := c.RunProg(ctx, "", query, nil, true)
			for n := 0; err == nil; {
				var batch client.Batch
				batch, err = result.NextBatch(ctx)
				if n += len(batch.Records); err == io.EOF && n != 2 {
					err = errors.New("a record is missing, or one too many")
				}
				if err == nil && string(batch.Data[batch.Records[0].Start:batch.Records[0].End]) != "\x91\x81"+query {
					err = errors.New("another query's record")
				}
			}
			ended <- err
		}()
	}
	for range 20 {
		require.Equal(t, io.EOF, <-ended)
	}
	require.True(t, c.Clean())
	require.EqualValues(t, 20, c.Statistics().Queries)
	require.NoError(t, c.Close())
}

func TestCallbacks(t *testing.T) {
	server := talkative(bolt58)
	stream, stop := server.Pipe(t)
	defer stop()
	var calls []string
	var c *bolt.Connection
	c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{
		OnBind: func(tx *client.TransactionRef, cx client.Connection) {
			require.Same(t, c, cx)
			require.False(t, cx.Clean()) // it may use the connection
			calls = append(calls, "bind "+tx.GraphName())
		},
		OnUnbind:  func(tx *client.TransactionRef) { calls = append(calls, "unbind "+tx.GraphName()) },
		OnRelease: func(cx client.Connection) { calls = append(calls, "release") },
		OnBroken:  func(profile client.Profile, message string) { calls = append(calls, "broken "+profile.Host) },
	})
	require.NoError(t, err)
	for _, graph := range []string{"commit", "rollback", "fail", "cut"} {
		tx, err := c.Begin(context.Background(), graph, true)
		require.NoError(t, err)
		switch graph {
		case "commit":
			_, err = c.Commit(context.Background(), tx)
		case "rollback":
			_, err = c.Rollback(context.Background(), tx)
		case "fail":
			_, err = c.RunQuery(context.Background(), tx, "REFUSE", nil)
			require.ErrorAs(t, err, new(*client.Failure))
			err = nil
		case "cut":
			stop()
			_, err = c.RunQuery(context.Background(), tx, "RETURN", nil)
			require.ErrorAs(t, err, new(*client.ConnectionBroken))
			err = nil
		}
		require.NoError(t, err)
	}
	c.Release()
	require.NoError(t, c.Close())
	require.Equal(t, []string{"bind commit", "unbind commit", "bind rollback", "unbind rollback", "bind fail", "unbind fail", "bind cut", "unbind cut", "broken fake", "release"}, calls)
}
