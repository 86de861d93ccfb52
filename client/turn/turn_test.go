package turn

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOneAtATime(t *testing.T) {
	turn := New()
	holders := 0
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 100 {
				if turn.Wait(t.Context()) == nil {
					holders++ // the race detector sees if two hold it
					turn.End()
				}
			}
		})
	}
	all.Wait()
	require.Equal(t, 2000, holders)
}

func TestWaitEndsWithItsContext(t *testing.T) {
	turn := New()
	turn.Seize()
	require.False(t, turn.Try())
	reason := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	waited := make(chan error)
	go func() { waited <- turn.Wait(ctx) }()
	cancel(reason)
	require.Equal(t, reason, <-waited)
	require.Equal(t, reason, turn.Wait(ctx))
	turn.End()
	require.Equal(t, reason, turn.Wait(ctx), "though the turn is free")
	require.True(t, turn.Try())
}

// A callback may take the turn: it is called when that has ended, each once and in order.
func TestCallbacksComeAfterTheTurn(t *testing.T) {
	turn := New()
	var called []int
	for i := range 3 {
		turn.Seize()
		turn.Later(func() {
			require.NoError(t, turn.Wait(t.Context()))
			called = append(called, i)
			turn.End()
		})
		turn.End()
		require.Len(t, called, i+1)
	}
	require.Equal(t, []int{0, 1, 2}, called)
	turn.Seize()
	aside := make(chan bool)
	turn.Later(func() { aside <- turn.Try() })
	turn.EndAside()
	require.True(t, <-aside)
}
