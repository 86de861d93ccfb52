package pool

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

// closedOf counts the closed connections.
func closedOf(server *fakeServer) (n int) {
	for _, cx := range server.connections() {
		if cx.Closed() {
			n++
		}
	}
	return n
}

// Connections that are never lent, because another one is lent again and again, are also closed at their maximum age.
func TestPoolClosesIdleConnectionsByAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, server := openFake(t, Options{InitSize: 5, MaxAge: 10 * time.Minute, IdleCheck: -1})
		defer p.Close()
		for range 3 {
			require.NoError(t, p.Release(acquire(t, p), false))
			time.Sleep(time.Minute)
		}
		young, err := p.Connect(context.Background())
		require.NoError(t, err)
		require.NoError(t, p.Release(young, false))
		time.Sleep(5 * time.Minute)
		require.Zero(t, closedOf(server), "nine minutes are within the age of all")

		time.Sleep(2*time.Minute + 2*time.Nanosecond)
		synctest.Wait()
		require.Equal(t, 5, closedOf(server), "nobody has asked for them")
		require.Equal(t, 1, p.Size())
		require.Same(t, young, acquire(t, p))
		require.NoError(t, p.Release(young, false))
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		require.True(t, young.Closed())
		require.Zero(t, p.Size())
	})
}

// A connection that reaches its maximum age while it is lent stays open until it is released.
func TestPoolDoesNotCloseLentConnectionsByAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := openFake(t, Options{InitSize: 2, MaxAge: 10 * time.Minute})
		defer p.Close()
		lent := acquire(t, p)
		time.Sleep(20 * time.Minute)
		synctest.Wait()
		require.False(t, lent.Closed())
		require.Equal(t, 1, p.Size())
		require.Equal(t, 1, p.InUse())
		require.NoError(t, p.Release(lent, false))
		require.True(t, lent.Closed())
	})
}

func TestPoolSpreadsTheAgesOfItsConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = 200
		p, server := openFake(t, Options{InitSize: size, MaxSize: size, MaxAge: 100 * time.Minute})
		defer p.Close()
		closedAfter := func(d time.Duration) int {
			time.Sleep(d)
			synctest.Wait()
			return closedOf(server)
		}
		require.Zero(t, closedAfter(90*time.Minute-time.Nanosecond), "a tenth is the most that is taken off")
		halfway := closedAfter(5 * time.Minute)
		require.Greater(t, halfway, size/4, "some end in the first half of the spread")
		require.Less(t, halfway, size*3/4, "others in the second")
		require.Equal(t, size, closedAfter(5*time.Minute+2*time.Nanosecond), "none grows older than that")
	})
}

func TestPoolWithoutAConnectionWatchesNoAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, end := range map[string]func(*ConnectionPool){"closed": (*ConnectionPool).Close,
			"pruned": (*ConnectionPool).Prune} {
			p, _ := openFake(t, Options{InitSize: 2})
			require.Positive(t, p.aging.at, name)
			end(p)
			require.Zero(t, p.aging.at, name)
			require.False(t, p.aging.timer.Stop(), "the timer of a pool that is %s still runs", name)
		}
		p, _ := openFake(t, Options{InitSize: 2, MaxAge: -1})
		require.Zero(t, p.aging.at, "what lives for ever is not watched")
		p.Close()
	})
}

func TestPoolClosesFreeConnectionsWithARefusedToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := openFake(t, Options{InitSize: 3, MaxAge: -1})
		defer p.Close()
		refused := acquire(t, p).(*fakeConnection)
		refused.locked(func() { refused.tokenRefused = true })
		require.NoError(t, p.Release(refused, false))
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		require.Zero(t, p.Size(), "they need not be asked for to be closed")
	})
}

// Connections are lent and given back while others of the pool are retired; the race detector watches.
func TestPoolLendsWhileATokenIsRefused(t *testing.T) {
	p, server := openFake(t, Options{MaxSize: 5, IdleCheck: -1})
	var borrowers sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		borrowers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				cx, err := p.Acquire(context.Background())
				if err != nil {
					t.Error(err)
					return
				}
				if err := p.Release(cx, false); err != nil {
					t.Error(err)
				}
				runtime.Gosched() // in a browser no other goroutine would run
			}
		})
	}
	for range 300 {
		fake := acquire(t, p).(*fakeConnection)
		fake.locked(func() { fake.tokenRefused = true })
		require.NoError(t, p.Release(fake, false))
	}
	close(stop)
	borrowers.Wait()
	require.Zero(t, p.InUse())
	require.GreaterOrEqual(t, len(server.connections()), 300)
	p.Close()
}

// A pool is of one user: a connection that may act for another does not come back.
func TestPoolDropsConnectionsWithAnotherToken(t *testing.T) {
	p, _ := openFake(t, Options{})
	defer p.Close()
	auth := client.Auth{Scheme: "basic", Principal: "other"}
	changed := acquire(t, p)
	require.NoError(t, changed.Authenticate(context.Background(), auth))
	require.NoError(t, p.Release(changed, false))
	require.True(t, changed.Closed())
	require.Zero(t, p.Size())

	late := acquire(t, p)
	require.NoError(t, p.Release(late, false))
	require.NoError(t, late.Authenticate(context.Background(), auth), "by one who has given it back already")
	next := acquire(t, p)
	require.NotSame(t, late, next)
	require.True(t, late.Closed())
}
