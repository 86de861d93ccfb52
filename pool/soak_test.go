//go:build !js

package pool

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// faultyProxy forwards a TCP stream, and cuts or stalls it at random.
type faultyProxy struct {
	listener net.Listener
	target   string
	open     sync.WaitGroup
	live     atomic.Int32
	cuts     atomic.Int64
	stop     chan struct{}
}

func startFaultyProxy(t *testing.T, target string) *faultyProxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &faultyProxy{listener: listener, target: target, stop: make(chan struct{})}
	p.open.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			p.open.Go(func() { p.carry(near) })
		}
	})
	return p
}

func (p *faultyProxy) carry(near net.Conn) {
	p.live.Add(1)
	defer p.live.Add(-1)
	defer near.Close()
	far, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer far.Close()
	done := make(chan struct{}, 2)
	pass := func(to, from net.Conn) {
		defer func() { done <- struct{}{} }()
		buffer := make([]byte, 16<<10)
		for {
			n, err := from.Read(buffer)
			switch roll := rand.IntN(4000); {
			case roll == 0: // in the middle of what came
				_, _ = to.Write(buffer[:n/2])
				p.cuts.Add(1)
				return
			case roll < 20:
				time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
			}
			if _, werr := to.Write(buffer[:n]); err != nil || werr != nil {
				return
			}
		}
	}
	go pass(far, near)
	go pass(near, far)
	select {
	case <-done:
	case <-p.stop:
	}
	near.Close()
	far.Close()
}

func (p *faultyProxy) close() {
	close(p.stop)
	p.listener.Close()
	p.open.Wait()
}

// TestSoakPool lets many goroutines work through a connector on a network that breaks at random, for the time that
// WEBBOLT_SOAK gives. Every answer must be right, every failure must have a type, no connection may stay lent and no
// goroutine may be left.
func TestSoakPool(t *testing.T) {
	limit, err := time.ParseDuration(os.Getenv("WEBBOLT_SOAK"))
	if err != nil {
		t.Skip("a long run: `make soak` does it")
	}
	server := neo4jtest.Need(t, neo4jtest.V5)
	proxy := startFaultyProxy(t, server.BoltAddr)
	profile, err := client.ParseProfile("neo4j://" + proxy.listener.Addr().String())
	require.NoError(t, err)
	profile.User, profile.Password = server.User, client.Secret(server.Password)
	c, err := OpenConnector(context.Background(), profile, ConnectorOptions{
		Pool: Options{MaxSize: 40, MaxAge: 5 * time.Second, IdleCheck: time.Second}})
	require.NoError(t, err)

	var right, failed, cancelled atomic.Int64
	var group sync.WaitGroup
	end := time.Now().Add(limit)
	for range 200 {
		group.Go(func() {
			for time.Now().Before(end) {
				ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
				if rand.IntN(10) == 0 {
					time.AfterFunc(time.Duration(rand.IntN(30))*time.Millisecond, cancel)
				}
				err := soakOnce(ctx, t, c)
				switch {
				case err == nil:
					right.Add(1)
				case ctx.Err() != nil:
					cancelled.Add(1)
				default:
					failed.Add(1)
					requireTyped(t, err)
				}
				cancel()
			}
		})
	}
	group.Wait()
	t.Logf("%d right, %d failed with a type, %d cancelled, %d connections cut; %+v", right.Load(), failed.Load(),
		cancelled.Load(), proxy.cuts.Load(),
		c.Statistics()[profile].Waited)
	for at, inUse := range c.InUse() {
		require.Zero(t, inUse, "left borrowed at %s", at.Address())
	}
	require.Empty(t, c.bound)
	require.Positive(t, right.Load())
	require.Positive(t, proxy.cuts.Load())
	c.Close()
	proxy.close()
	require.Zero(t, proxy.live.Load())
}

// soakOnce does one piece of work of a random kind and checks its answer.
func soakOnce(ctx context.Context, t *testing.T, c *Connector) error {
	token, n := rand.Int64(), rand.Int64N(3000)
	const query = "UNWIND range(0, $n) AS i RETURN i, $token"
	parameters := map[string]any{"n": n, "token": token}
	switch rand.IntN(3) {
	case 0:
		eager, err := c.ExecuteQuery(ctx, "", query, parameters, true)
		if err != nil {
			return err
		}
		if len(eager.Records) != int(n)+1 {
			t.Errorf("%d records, want %d", len(eager.Records), n+1)
		}
		return checkRecords(t, eager.Records, token)
	case 1:
		result, err := c.RunProg(ctx, "", query, parameters, true)
		if err != nil {
			return err
		}
		first, err := result.Fetch(ctx)
		if err == nil && first != nil {
			err = checkRecords(t, []*client.Record{first}, token)
		}
		limited, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		return errors.Join(err, result.Discard(limited)) // the connection is given back in any case
	}
	tx, err := c.Begin(ctx, "", true)
	if err != nil {
		return err
	}
	result, err := c.RunQuery(ctx, tx, query, parameters)
	if err == nil {
		err = result.Buffer(ctx)
	}
	limited, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if _, end := c.Rollback(limited, tx); end != nil && err == nil {
		err = end
	}
	return err
}

func checkRecords(t *testing.T, records []*client.Record, token int64) error {
	for i, record := range records {
		var at, got int64
		if err := record.Scan(&at, &got); err != nil {
			return err
		}
		if int(at) != i || got != token {
			t.Errorf("record %d says %d, %d; want token %d", i, at, got, token)
			return nil
		}
	}
	return nil
}

func requireTyped(t *testing.T, err error) {
	var unavailable *client.ConnectionUnavailable
	var broken *client.ConnectionBroken
	var failure *client.Failure
	var argument *client.ArgumentError
	switch {
	case errors.As(err, &unavailable), errors.As(err, &broken), errors.As(err, &failure),
		errors.Is(err, ErrRoutingTableInvalid):
	case errors.As(err, &argument): // a transaction that broke before its end
	case errors.Is(err, io.EOF):
		t.Errorf("an untyped end: %v", err)
	default:
		t.Errorf("an untyped failure: %v", err)
	}
}
