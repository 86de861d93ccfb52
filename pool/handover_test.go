package pool

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

func TestPoolWithoutRoomLendsNoFreeConnection(t *testing.T) {
	p, _ := openFake(t, Options{InitSize: 1})
	require.NoError(t, p.SetMaxSize(0))
	_, err := p.Acquire(context.Background())
	requireReason(t, client.ReasonPoolZero, err)
	require.Zero(t, p.InUse())
	require.NoError(t, p.SetMaxSize(1))
	require.NoError(t, p.Release(acquire(t, p), false))
	require.EqualValues(t, 2, p.Statistics().Acquired, "the free one is lent again")
	p.Close()
}

// passedOn cancels a waiter while it gets a connection, and calls between before the connection is passed on.
func passedOn(t *testing.T, between func(*ConnectionPool)) (*ConnectionPool, *fakeConnection) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for range 100 { // which of the two the waiter sees is random
		p, server := openFake(t, Options{MaxSize: 1})
		held := acquire(t, p)
		p.mu.Lock()
		joined := p.waiters.join(p.clock(), 0)
		p.mu.Unlock()
		require.NoError(t, p.Release(held, false))
		between(p)
		if _, err := p.wait(ended, joined, nil); err != nil {
			requireReason(t, client.ReasonCancelled, err)
			return p, server.connections()[0]
		}
		p.Close()
	}
	require.Fail(t, "the cancellation was never seen")
	return nil, nil
}

func TestPoolTakesNoClosedConnectionFromACancelledWaiter(t *testing.T) {
	p, _ := passedOn(t, (*ConnectionPool).Close)
	require.Zero(t, p.Size())
	require.Zero(t, p.InUse())
	require.Empty(t, p.entries)
	require.NoError(t, p.SetMaxSize(1))
	require.False(t, acquire(t, p).Closed())
	require.Equal(t, 1, p.InUse())
	p.Close()
}

func TestPoolClosesWhatACancelledWaiterHasTooMuch(t *testing.T) {
	p, fake := passedOn(t, func(p *ConnectionPool) {
		require.NoError(t, p.SetMaxSize(0))
		p.Prune()
	})
	require.Zero(t, p.Size(), "a graceful end waits for this")
	require.Zero(t, p.InUse())
	require.True(t, fake.Closed())
}

func TestPoolKeepsWhatACancelledWaiterDoesNotWant(t *testing.T) {
	p, fake := passedOn(t, func(*ConnectionPool) {})
	require.Zero(t, p.InUse())
	require.EqualValues(t, 1, p.Statistics().Acquired)
	require.Same(t, fake, acquire(t, p))
	p.Close()
}
