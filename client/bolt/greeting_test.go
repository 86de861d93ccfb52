package bolt_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/boltfake"
)

func TestHelloSaysWhoWeAre(t *testing.T) {
	hello := func(version client.Version, profile client.Profile, options client.Options) (hello,
		logon map[string]any) {
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
	require.Equal(t, map[string]any{"user_agent": "me/1", "scheme": "basic", "principal": "alice",
		"credentials": "secret"}, said)
	said, _ = hello(client.Version{Major: 4, Minor: 4}, routing, client.Options{})
	require.Equal(t, map[string]any{
		"user_agent": wire.Product, "scheme": "none", "patch_bolt": []any{"utc"},
		"routing": map[string]any{"region": "eu", "address": "fake:7687"},
	}, said)
	said, token := hello(client.Version{Major: 5, Minor: 2}, plain, client.Options{Notifications: filter})
	require.Equal(t, map[string]any{"user_agent": wire.Product, "notifications_minimum_severity": "WARNING",
		"notifications_disabled_categories": []any{"HINT"}}, said)
	require.Equal(t, map[string]any{"scheme": "basic", "principal": "alice", "credentials": "secret"}, token)
	said, token = hello(bolt58, routing, client.Options{Notifications: filter,
		Auth: func(context.Context, *client.Failure) (client.Auth, error) {
			return client.Auth{Scheme: "mine", Principal: "p", Credentials: "c", Realm: "r",
				Parameters: map[string]any{"n": 1}}, nil
		}})
	require.Equal(t, []any{"HINT"}, said["notifications_disabled_classifications"])
	agent := said["bolt_agent"].(map[string]any)
	require.Equal(t, wire.Product, agent["product"])
	require.Contains(t, agent["language"], "Go/")
	require.Equal(t, map[string]any{"scheme": "mine", "principal": "p", "credentials": "c", "realm": "r",
		"parameters": map[string]any{"n": int64(1)}}, token)
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

// Work that is tried again is told of until a server has taken the news.
func TestTelemetryTellsOfRetriedWorkOnce(t *testing.T) {
	var told atomic.Bool
	begin := func(script func(c *boltfake.Conn)) error {
		c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
			c.Login(bolt58, map[string]any{"hints": map[string]any{"telemetry.enabled": true}})
			script(c)
		})
		_, err := c.Begin(context.Background(), "", true, client.TxOptions{OriginTold: &told})
		return err
	}
	require.Error(t, begin(func(c *boltfake.Conn) { c.Expect("TELEMETRY") })) // and it hangs up
	require.NoError(t, begin(func(c *boltfake.Conn) {
		c.Answer("TELEMETRY", nil)
		c.Answer("BEGIN", nil)
		c.AwaitClose()
	}))
	require.NoError(t, begin(func(c *boltfake.Conn) {
		c.Answer("BEGIN", nil)
		c.AwaitClose()
	}))
}

func TestTelemetryTellsTransactionsApart(t *testing.T) {
	for origin, code := range map[client.Origin]int64{client.OriginCaller: 1, client.OriginFunction: 0,
		client.OriginQuery: 3} {
		c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
			c.Login(bolt58, map[string]any{"hints": map[string]any{"telemetry.enabled": true}})
			require.Equal(t, []any{code}, c.Answer("TELEMETRY", nil).Fields)
			c.Answer("BEGIN", nil)
			c.AwaitClose()
		})
		_, err := c.Begin(context.Background(), "", true, client.TxOptions{Origin: origin})
		require.NoError(t, err)
	}
	require.Error(t, client.TxOptions{Origin: client.OriginUntold + "!"}.Validate())
	c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
		c.Login(bolt58, map[string]any{"hints": map[string]any{"telemetry.enabled": true}})
		c.Answer("RUN", fieldX)
		c.Answer("PULL", nil)
		c.Answer("BEGIN", nil)
		c.AwaitClose()
	})
	untold := client.TxOptions{Origin: client.OriginUntold}
	_, err := c.RunProg(context.Background(), "", "RETURN 1 AS x", nil, true, untold)
	require.NoError(t, err)
	_, err = c.Begin(context.Background(), "", true, untold)
	require.NoError(t, err)
}
