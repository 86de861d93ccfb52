//go:build !js

package pool

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/connect"
	"github.com/webbolt/webbolt/internal/boltfake"
	"github.com/webbolt/webbolt/server"
)

const idleConnections = 6

// calls are all calls of a connector that borrow a connection.
var calls = map[string]func(ctx context.Context, c *Connector) error{
	"run": func(ctx context.Context, c *Connector) error {
		result, err := c.RunProg(ctx, "", "RETURN 1", nil, false)
		if err != nil {
			return err
		}
		return result.Buffer(ctx)
	},
	"begin": func(ctx context.Context, c *Connector) error {
		tx, err := c.Begin(ctx, "", false)
		if err != nil {
			return err
		}
		_, err = c.Rollback(ctx, tx)
		return err
	},
	"graphNames": func(ctx context.Context, c *Connector) error { _, err := c.GraphNames(ctx); return err },
	"defaultGraphName": func(ctx context.Context, c *Connector) error {
		_,
			err := c.DefaultGraphName(ctx)
		return err
	},
	"verifyConnectivity": func(ctx context.Context, c *Connector) error { return c.VerifyConnectivity(ctx) },
	"executeQuery": func(ctx context.Context, c *Connector) error {
		_, err := c.ExecuteQuery(ctx, "", "RETURN 1", nil, false)
		return err
	},
	"pipelined work": func(ctx context.Context, c *Connector) error {
		return c.ExecuteRead(ctx, "", func(ctx context.Context, tx *Transaction) error {
			result, err := tx.Run(ctx, "RETURN 1", nil)
			if err != nil {
				return err
			}
			return result.Buffer(ctx)
		}, client.TxOptions{Pipelined: true})
	},
	"pipelined work without a query": func(ctx context.Context, c *Connector) error {
		return c.ExecuteWrite(ctx, "", func(context.Context, *Transaction) error { return nil },
			client.TxOptions{Pipelined: true})
	},
}

// filled returns a connector whose pool has idle connections to the server.
func filled(t *testing.T, uri string, options ConnectorOptions) *Connector {
	t.Helper()
	profile, err := client.ParseProfile(uri)
	require.NoError(t, err)
	options.RetryTime = -1 // a retry with a delay would be a failure
	options.Pool.InitSize = idleConnections
	c, err := OpenConnector(t.Context(), profile, options)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// No call fails because the other side closed connections while they were free in the pool.
func TestCallsAfterAllIdleConnectionsWereCut(t *testing.T) {
	for _, scheme := range []string{"bolt", "neo4j"} {
		for name, call := range calls {
			t.Run(scheme+"/"+name, func(t *testing.T) {
				fake := &boltfake.Server{}
				address := fake.Start(t)
				c := filled(t, scheme+"://user:secret@"+address, ConnectorOptions{})
				require.NoError(t, call(t.Context(), c))
				fake.Cut()
				require.NoError(t, call(t.Context(), c))
			})
		}
	}
}

// deaf is a connection whose end is not seen before it is used, as if the closing were still on its way.
type deaf struct {
	client.Connection
	used *atomic.Bool
}

func (d deaf) Broken() bool { return d.used.Load() && d.Connection.Broken() }

func (d deaf) Begin(ctx context.Context, graphName string, readonly bool,
	options ...client.TxOptions) (*client.TransactionRef, error) {
	d.used.Store(true)
	return d.Connection.Begin(ctx, graphName, readonly, options...)
}

func (d deaf) RunProg(ctx context.Context, graphName, cypher string, parameters map[string]any, readonly bool,
	options ...client.TxOptions) (*client.Result, error) {
	d.used.Store(true)
	return d.Connection.RunProg(ctx, graphName, cypher, parameters, readonly, options...)
}

func (d deaf) Reset(ctx context.Context, force bool) error {
	d.used.Store(true)
	return d.Connection.Reset(ctx, force)
}

func openDeaf(ctx context.Context, profile client.Profile, options client.Options) (client.Connection, error) {
	cx, err := connect.Open(ctx, profile, options)
	if err != nil {
		return nil, err
	}
	return deaf{cx, &atomic.Bool{}}, nil
}

// If the closing is seen only at the first use, the call is tried again at once if it had no effect.
func TestFirstUseOfAClosedConnectionIsTriedAgain(t *testing.T) {
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			fake := &boltfake.Server{}
			address := fake.Start(t)
			c := filled(t, "bolt://user:secret@"+address, ConnectorOptions{Pool: Options{Open: openDeaf}})
			fake.Cut()
			err := call(t.Context(), c)
			if name == "run" { // it writes, and may have taken effect
				require.ErrorAs(t, err, new(*client.ConnectionBroken))
				return
			}
			require.NoError(t, err)
		})
	}
}

// A call that the server answered, even in part, is not tried again.
func TestAnsweredWorkIsNotTriedAgain(t *testing.T) {
	var runs atomic.Int32
	fake := &boltfake.Server{Run: func(boltfake.Query) boltfake.Answer {
		runs.Add(1)
		return boltfake.Answer{Fields: []string{"n"}, Records: [][]any{{int64(1)}}, Cut: true}
	}}
	address := fake.Start(t)
	c := filled(t, "bolt://user:secret@"+address, ConnectorOptions{})
	result, err := c.RunProg(t.Context(), "", "CREATE ()", nil, true)
	if err == nil {
		err = result.Buffer(t.Context())
	}
	require.ErrorAs(t, err, new(*client.ConnectionBroken))
	require.EqualValues(t, 1, runs.Load())
}

// Pool and callback learn of the end of unused connections: over a WebSocket at once, over TCP when the pool checks, or
// at the next acquire.
func TestIdleConnectionsThatWereCutAreToldOf(t *testing.T) {
	fake := &boltfake.Server{}
	address := fake.Start(t)
	relay, _ := startRelay(t, "bolt://"+address)
	for name, options := range map[string]client.Options{"tcp": {}, "websocket": {Relay: relay}} {
		t.Run(name, func(t *testing.T) {
			told := make(chan client.Profile, 2)
			options.OnBroken = func(profile client.Profile, _ string) { told <- profile }
			profile, err := client.ParseProfile("bolt://user:secret@" + address)
			require.NoError(t, err)
			p, err := Open(t.Context(), profile, Options{InitSize: 2, Client: options})
			require.NoError(t, err)
			defer p.Close()
			lent := acquire(t, p)
			fake.Cut()
			require.Equal(t, profile.Address(), (<-told).Address())
			if name == "tcp" {
				require.True(t, lent.Broken())
			}
			require.Equal(t, profile.Address(), (<-told).Address())
			require.True(t, lent.Broken())
			require.Eventually(t, func() bool { return p.Size() == 1 }, time.Minute, time.Millisecond)
			lent.Release()
			require.Zero(t, p.Size())
			require.EqualValues(t, 2, p.Statistics().Broken)
		})
	}
}

// A relay that starts again takes its connections with it.
func TestRelayRestart(t *testing.T) {
	fake := &boltfake.Server{}
	address := fake.Start(t)
	relay, restart := startRelay(t, "bolt://"+address)
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			var told atomic.Int32
			c := filled(t, "bolt://user:secret@"+address, ConnectorOptions{Pool: Options{Client: client.Options{
				Relay: relay, OnBroken: func(client.Profile, string) { told.Add(1) },
			}}})
			require.NoError(t, call(t.Context(), c))
			restart()
			require.Eventually(t, func() bool { return told.Load() == idleConnections }, time.Minute, time.Millisecond)
			require.NoError(t, call(t.Context(), c))
		})
	}
}

// startRelay returns the address of a relay, and a function that restarts it at the same address.
func startRelay(t *testing.T, upstream string) (address string, restart func()) {
	t.Helper()
	listen := "127.0.0.1:0"
	var stop func()
	start := func() {
		relay, err := server.New(server.Config{Upstreams: []string{upstream}})
		require.NoError(t, err)
		listener, err := net.Listen("tcp", listen)
		require.NoError(t, err)
		listen = listener.Addr().String()
		var serving sync.WaitGroup
		serving.Go(func() { _ = relay.Serve(context.Background(), listener) })
		stop = func() {
			now, cancel := context.WithCancel(context.Background())
			cancel()
			_ = relay.Shutdown(now) // at once
			serving.Wait()
		}
	}
	start()
	t.Cleanup(func() { stop() })
	return "ws://" + listen + "/bolt", func() { stop(); start() }
}

// A server that sends something between requests, such as a keep-alive, keeps its connections.
func TestKeepAlivesDoNotCostTheConnection(t *testing.T) {
	speak := make(chan struct{})
	listener := boltfake.Listen(t, func(c *boltfake.Conn) {
		c.Login(client.Version{Major: 5, Minor: 8}, nil)
		<-speak
		c.Noop()
		c.Noop()
		c.Expect("RESET")
		c.Success(nil)
		c.AwaitClose()
	})
	profile, err := client.ParseProfile("bolt://user:secret@" + listener.Address)
	require.NoError(t, err)
	p, err := Open(t.Context(), profile, Options{})
	require.NoError(t, err)
	defer p.Close()
	cx := acquire(t, p)
	before := cx.Statistics().BytesIn
	close(speak)
	require.Eventually(t, func() bool { return !cx.Broken() && cx.Statistics().BytesIn == before+4 }, time.Minute,
		time.Millisecond)
	require.NoError(t, cx.Reset(t.Context(), true))
}
