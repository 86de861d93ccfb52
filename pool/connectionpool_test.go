package pool

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

func openFake(t *testing.T, options Options) (*ConnectionPool, *fakeServer) {
	t.Helper()
	server := &fakeServer{}
	options.Open = server.open
	profile, err := client.ParseProfile("bolt://example.org")
	require.NoError(t, err)
	p, err := Open(context.Background(), profile, options)
	require.NoError(t, err)
	return p, server
}

func acquire(t *testing.T, p *ConnectionPool) client.Connection {
	t.Helper()
	cx, err := p.Acquire(context.Background())
	require.NoError(t, err)
	return cx
}

func requireReason(t *testing.T, reason client.Reason, err error) {
	t.Helper()
	var unavailable *client.ConnectionUnavailable
	require.ErrorAs(t, err, &unavailable)
	require.Equal(t, reason, unavailable.Reason, err.Error())
}

func TestPoolOpensInitialConnections(t *testing.T) {
	p, server := openFake(t, Options{InitSize: 3, MaxSize: 5})
	require.Len(t, server.connections(), 3)
	require.Equal(t, 3, p.Size())
	require.Equal(t, 0, p.InUse())
	require.Equal(t, 5, p.MaxSize())
}

func TestPoolRefusesImpossibleOptions(t *testing.T) {
	profile, _ := client.ParseProfile("bolt://example.org")
	for _, o := range []Options{{MaxSize: -1}, {InitSize: -1}, {InitSize: 3, MaxSize: 2}} {
		_, err := Open(context.Background(), profile, o)
		var argument *client.ArgumentError
		require.ErrorAs(t, err, &argument)
	}
	_, err := Open(context.Background(), client.Profile{Scheme: "gopher"}, Options{})
	var argument *client.ArgumentError
	require.ErrorAs(t, err, &argument)
}

func TestPoolLendsTheSameConnectionAgain(t *testing.T) {
	p, server := openFake(t, Options{})
	first := acquire(t, p)
	require.Equal(t, 1, p.InUse())
	require.NoError(t, p.Release(first, false))
	require.Same(t, first, acquire(t, p))
	require.Len(t, server.connections(), 1)
}

func TestConnectionReleaseGoesBackToItsPool(t *testing.T) {
	var released []client.Connection
	p, _ := openFake(t, Options{Client: client.Options{OnRelease: func(
		cx client.Connection) {
		released = append(released, cx)
	}}})
	cx := acquire(t, p)
	cx.Release()
	require.Equal(t, 0, p.InUse())
	require.Equal(t, []client.Connection{cx}, released)
}

func TestPoolRefusesAForeignConnection(t *testing.T) {
	p, _ := openFake(t, Options{})
	q, _ := openFake(t, Options{})
	err := p.Release(acquire(t, q), false)
	var argument *client.ArgumentError
	require.ErrorAs(t, err, &argument)
}

func TestPoolReleaseTwiceDoesNothing(t *testing.T) {
	p, _ := openFake(t, Options{})
	cx := acquire(t, p)
	require.NoError(t, p.Release(cx, false))
	require.NoError(t, p.Release(cx, false))
	require.Equal(t, 1, p.Size())
	acquire(t, p)
	require.NotSame(t, cx, acquire(t, p))
}

func TestPoolResetsOnlyWhatIsNotClean(t *testing.T) {
	p, server := openFake(t, Options{})
	cx := acquire(t, p)
	require.NoError(t, p.Release(cx, false))
	fake := server.connections()[0]
	require.Equal(t, 0, fake.resets)

	fake.locked(func() { fake.clean = false })
	require.NoError(t, p.Release(acquire(t, p), false))
	require.Equal(t, 1, fake.resets)
	require.Equal(t, 0, fake.forced)

	require.NoError(t, p.Release(acquire(t, p), true))
	require.Equal(t, 1, fake.forced)

	_, err := p.Acquire(context.Background(), AcquireOptions{ForceReset: true})
	require.NoError(t, err)
	require.Equal(t, 2, fake.forced)
}

func TestPoolDropsWhatCannotBeReset(t *testing.T) {
	p, server := openFake(t, Options{})
	cx := acquire(t, p)
	fake := server.connections()[0]
	fake.locked(func() { fake.clean, fake.resetError = false, errFakeReset })
	require.NoError(t, p.Release(cx, false))
	require.Equal(t, 0, p.Size())
	require.True(t, fake.Closed())
}

func TestPoolNeverLendsABrokenConnection(t *testing.T) {
	p, server := openFake(t, Options{})
	cx := acquire(t, p)
	fake := server.connections()[0]
	require.NoError(t, p.Release(cx, false))
	fake.locked(func() { fake.broken = true }) // while it was free
	next := acquire(t, p)
	require.NotSame(t, cx, next)
	second := server.connections()[1]
	second.locked(func() { second.broken = true }) // while it was lent
	require.NoError(t, p.Release(next, false))
	require.Equal(t, 0, p.Size())
	statistics := p.Statistics()
	require.EqualValues(t, 2, statistics.Broken)
	require.EqualValues(t, 2, statistics.Closed)
}

func TestPoolDropsConnectionsWhoseTokenIsRefused(t *testing.T) {
	p, server := openFake(t, Options{MaxSize: 5})
	older, free, refused := acquire(t, p), acquire(t, p), acquire(t, p)
	require.NoError(t, p.Release(free, false))
	require.NoError(t, p.Release(refused, false))
	require.Same(t, refused, acquire(t, p))
	require.Same(t, free, acquire(t, p))
	younger := acquire(t, p)
	require.NoError(t, p.Release(free, false))
	fake := server.connections()[2]
	fake.locked(func() { fake.tokenRefused, fake.clean = true, false })

	require.NoError(t, p.Release(refused, false))
	require.True(t, refused.Closed())
	require.Equal(t, 0, fake.resets, "it is no use any more")
	next := acquire(t, p)
	require.NotSame(t, free, next, "its token is as old")
	require.True(t, free.Closed())
	require.NoError(t, p.Release(older, false))
	require.True(t, older.Closed())
	require.NoError(t, p.Release(younger, false))
	require.False(t, younger.Closed(), "it was opened later, with a token of its own")
	require.Equal(t, 2, p.Size())
}

func TestPoolFullWithoutWaiting(t *testing.T) {
	p, _ := openFake(t, Options{MaxSize: 1})
	acquire(t, p)
	_, err := p.Acquire(context.Background(), AcquireOptions{NoWait: true})
	requireReason(t, client.ReasonPoolFull, err)
}

func TestPoolServesFirstComeFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := openFake(t, Options{MaxSize: 1})
		held := acquire(t, p)
		order := make(chan int, 10)
		for i := range 10 {
			go func() {
				cx, err := p.Acquire(context.Background())
				require.NoError(t, err)
				order <- i
				require.NoError(t, p.Release(cx, false))
			}()
			synctest.Wait()
		}
		require.Equal(t, 10, p.Statistics().Waiting)
		require.NoError(t, p.Release(held, false))
		for i := range 10 {
			require.Equal(t, i, <-order)
		}
		require.Equal(t, 1, p.Size())
	})
}

func TestPoolWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := openFake(t, Options{MaxSize: 1, AcquireTimeout: time.Second})
		held := acquire(t, p)
		_, err := p.Acquire(context.Background())
		requireReason(t, client.ReasonTimeout, err)
		require.ErrorIs(t, err, context.DeadlineExceeded)

		ctx, cancel := context.WithCancel(context.Background())
		failed := make(chan error)
		go func() { _, err := p.Acquire(ctx); failed <- err }()
		synctest.Wait()
		cancel()
		err = <-failed
		requireReason(t, client.ReasonCancelled, err)
		require.ErrorIs(t, err, context.Canceled)

		require.Equal(t, 0, p.Statistics().Waiting, "a cancelled waiter leaves no trace")
		require.NoError(t, p.Release(held, false))
		require.Same(t, held, acquire(t, p))
	})
}

// One timer serves all waiters; each wait ends at its own time.
func TestPoolEndsEachWaitInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := openFake(t, Options{MaxSize: 1, AcquireTimeout: time.Second})
		held := acquire(t, p)
		began := time.Now()
		ended := make(chan time.Duration, 3)
		for _, delay := range []time.Duration{0, 500 * time.Millisecond, 1200 * time.Millisecond} {
			go func() {
				time.Sleep(delay)
				_, err := p.Acquire(context.Background())
				requireReason(t, client.ReasonTimeout, err)
				ended <- time.Since(began)
			}()
		}
		require.Equal(t, time.Second, <-ended)
		require.Equal(t, 1500*time.Millisecond, <-ended)
		require.Equal(t, 2200*time.Millisecond, <-ended)
		require.Equal(t, 3*time.Second, p.Statistics().WaitTime)

		time.Sleep(time.Second)
		began = time.Now()
		_, err := p.Acquire(context.Background())
		requireReason(t, client.ReasonTimeout, err)
		require.Equal(t, time.Second, time.Since(began), "the timer is set again after a while without waiters")
		require.NoError(t, p.Release(held, false))
	})
}

// A waiter that is cancelled while it gets a connection passes the connection on.
func TestPoolLosesNoWakeUp(t *testing.T) {
	p, _ := openFake(t, Options{MaxSize: 2})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range 2000 {
				ctx, cancel := context.WithCancel(context.Background())
				if i%3 == 0 {
					go cancel()
				}
				if cx, err := p.Acquire(ctx); err == nil {
					require.NoError(t, p.Release(cx, i%7 == 0))
				}
				cancel()
			}
		})
	}
	group.Wait()
	require.Equal(t, 0, p.InUse())
	require.LessOrEqual(t, p.Size(), 2)
	first, second := acquire(t, p), acquire(t, p)
	require.NotSame(t, first, second)
}

func TestPoolRoomGoesToTheNextWhenOpeningFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, server := openFake(t, Options{MaxSize: 1})
		server.hold = make(chan struct{})
		refused := errors.New("refused")
		server.setRefuse(refused)
		failed, got := make(chan error, 1), make(chan client.Connection, 1)
		go func() { _, err := p.Acquire(context.Background()); failed <- err }()
		synctest.Wait()
		go func() { cx, _ := p.Acquire(context.Background()); got <- cx }()
		synctest.Wait()
		require.EqualValues(t, 1, server.opening.Load(), "the second waits for the first: there is room for one")
		server.hold <- struct{}{}
		require.ErrorIs(t, <-failed, refused)
		server.setRefuse(nil)
		close(server.hold)
		require.NotNil(t, <-got)
		require.Equal(t, 1, p.Size())
	})
}

func TestPoolReplacesOldConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, server := openFake(t, Options{MaxAge: 10 * time.Minute, IdleCheck: -1})
		old := acquire(t, p)
		require.NoError(t, p.Release(old, false))
		time.Sleep(8 * time.Minute)
		require.Same(t, old, acquire(t, p), "jitter takes a tenth at the most")
		require.NoError(t, p.Release(old, false))
		time.Sleep(3 * time.Minute)
		require.NotSame(t, old, acquire(t, p))
		require.True(t, server.connections()[0].Closed())

		lent := acquire(t, p)
		time.Sleep(11 * time.Minute)
		require.NoError(t, p.Release(lent, false))
		require.True(t, lent.Closed(), "too old when it came back")
	})
}

func TestPoolAsksAnIdleConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, server := openFake(t, Options{IdleCheck: time.Minute})
		cx := acquire(t, p)
		require.NoError(t, p.Release(cx, false))
		time.Sleep(59 * time.Second)
		require.Same(t, cx, acquire(t, p))
		fake := server.connections()[0]
		require.Equal(t, 0, fake.forced)
		require.NoError(t, p.Release(cx, false))
		time.Sleep(61 * time.Second)
		require.Same(t, cx, acquire(t, p))
		require.Equal(t, 1, fake.forced)

		require.NoError(t, p.Release(cx, false))
		fake.locked(func() { fake.resetError = errFakeReset })
		time.Sleep(61 * time.Second)
		require.NotSame(t, cx, acquire(t, p))
	})
}

func TestPoolLeavesASilentConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, server := openFake(t, Options{IdleCheck: time.Minute, ResetTimeout: 3 * time.Second})
		silent := acquire(t, p)
		require.NoError(t, p.Release(silent, false))
		fake := server.connections()[0]
		fake.locked(func() { fake.silent = true })
		time.Sleep(2 * time.Minute)
		began := time.Now()
		require.NotSame(t, silent, acquire(t, p))
		require.Equal(t, 3*time.Second, time.Since(began))
		require.True(t, silent.Closed())
	})
}

func TestPoolCloseAndUseAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, server := openFake(t, Options{MaxSize: 2})
		lent, free := acquire(t, p), acquire(t, p)
		require.NoError(t, p.Release(free, false))
		other := acquire(t, p)
		failed := make(chan error)
		go func() { _, err := p.Acquire(context.Background()); failed <- err }()
		synctest.Wait()
		p.Close()
		requireReason(t, client.ReasonPoolZero, <-failed)
		for _, cx := range server.connections() {
			require.True(t, cx.Closed())
		}
		require.Equal(t, 0, p.Size())
		_, err := p.Acquire(context.Background())
		requireReason(t, client.ReasonPoolZero, err)
		_, err = p.Connect(context.Background())
		requireReason(t, client.ReasonPoolZero, err)

		require.NoError(t, p.SetMaxSize(1))
		again := acquire(t, p)
		require.NoError(t, p.Release(lent, false), "a borrower may give back what was closed under it")
		require.NoError(t, p.Release(other, false))
		require.Equal(t, 1, p.Size())
		require.NoError(t, p.Release(again, false))
		p.Close()
	})
}

func TestPoolGracefulEnd(t *testing.T) {
	p, _ := openFake(t, Options{MaxSize: 2})
	lent, free := acquire(t, p), acquire(t, p)
	require.NoError(t, p.Release(free, false))
	require.NoError(t, p.SetMaxSize(0))
	p.Prune()
	require.True(t, free.Closed())
	require.False(t, lent.Closed())
	require.NoError(t, p.Release(lent, false))
	require.True(t, lent.Closed())
	require.Equal(t, 0, p.Size())
}

func TestPoolRaisedMaximumLetsWaitersIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := openFake(t, Options{MaxSize: 1})
		held := acquire(t, p)
		got := make(chan client.Connection)
		for range 2 {
			go func() { cx, err := p.Acquire(context.Background()); require.NoError(t, err); got <- cx }()
		}
		synctest.Wait()
		require.NoError(t, p.SetMaxSize(3))
		a, b := <-got, <-got
		require.NotSame(t, a, b)
		require.Equal(t, 3, p.Size())
		require.NoError(t, p.SetMaxSize(1))
		require.NoError(t, p.Release(held, false))
		require.Equal(t, 2, p.Size(), "a released connection over the limit is closed")
	})
}

func TestPoolStatistics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, server := openFake(t, Options{MaxSize: 1})
		cx := acquire(t, p)
		fake := server.connections()[0]
		fake.locked(func() { fake.statistics = client.Statistics{Queries: 3, BytesIn: 40, BytesOut: 50} })
		go func() {
			again, err := p.Acquire(context.Background())
			require.NoError(t, err)
			require.NoError(t, p.Release(again, false))
		}()
		synctest.Wait()
		time.Sleep(2 * time.Second)
		require.NoError(t, p.Release(cx, false))
		synctest.Wait()
		s := p.Statistics()
		require.EqualValues(t, 2, s.Acquired)
		require.EqualValues(t, 1, s.Waited)
		require.Equal(t, 2*time.Second, s.WaitTime)
		require.Equal(t, client.Statistics{Queries: 3, BytesIn: 40, BytesOut: 50}, s.Statistics)
		require.Len(t, s.Connections, 1)
		require.Equal(t, 2*time.Second, s.Connections[0].Age)
		p.Prune()
		s = p.Statistics()
		require.Equal(t, client.Statistics{Queries: 3, BytesIn: 40, BytesOut: 50}, s.Statistics,
			"closed connections count on")
		require.Empty(t, s.Connections)
		require.EqualValues(t, 1, s.Closed)

		server.setRefuse(errors.New("no"))
		_, err := p.Acquire(context.Background())
		require.Error(t, err)
		require.EqualValues(t, 1, p.Statistics().Failed)
	})
}

func BenchmarkPool(b *testing.B) {
	for _, contenders := range []int{1, 8, 64} {
		b.Run(strconv.Itoa(contenders), func(b *testing.B) {
			server := &fakeServer{}
			profile, _ := client.ParseProfile("bolt://example.org")
			p, err := Open(context.Background(), profile, Options{MaxSize: 8, Open: server.open})
			require.NoError(b, err)
			b.ReportAllocs()
			b.SetParallelism(contenders)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					cx, err := p.Acquire(context.Background())
					if err != nil {
						b.Error(err)
						return
					}
					_ = p.Release(cx, false)
				}
			})
		})
	}
}

// A program's tests can let connections become idle without waiting.
func TestPoolClockCanBeReplaced(t *testing.T) {
	now := time.Now()
	p, server := openFake(t, Options{InitSize: 1, IdleCheck: time.Hour, MaxAge: -1,
		Now: func() time.Time { return now }})
	defer p.Close()
	lend := func() { require.NoError(t, p.Release(acquire(t, p), false)) }
	lend()
	require.Zero(t, server.connections()[0].resets)
	now = now.Add(time.Hour)
	lend()
	require.Equal(t, 1, server.connections()[0].resets)
}
