package dial

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d deadline
		passed := d.wait()
		d.set(time.Now().Add(time.Minute))
		time.Sleep(59 * time.Second)
		synctest.Wait()
		require.False(t, isClosed(passed))
		time.Sleep(time.Second)
		synctest.Wait()
		require.True(t, isClosed(passed))
	})
}

func TestDeadlineMoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d deadline
		passed := d.wait()
		d.set(time.Now().Add(time.Minute))
		d.set(time.Now().Add(time.Hour))
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		require.False(t, isClosed(passed), "the earlier deadline does not count any more")
		d.set(time.Now().Add(-time.Second))
		require.True(t, isClosed(passed), "a deadline in the past passes at once")
		d.set(time.Time{})
		require.False(t, isClosed(d.wait()), "no deadline")
	})
}

func TestErrors(t *testing.T) {
	require.ErrorIs(t, errTimeout, os.ErrDeadlineExceeded)
	require.NotErrorIs(t, errTimeout, io.EOF)
	require.True(t, TimedOut(errTimeout))
	require.True(t, TimedOut(errors.Join(io.EOF, os.ErrDeadlineExceeded)))
	require.True(t, TimedOut(context.DeadlineExceeded))
	require.False(t, TimedOut(io.EOF))

	closed := &CloseError{Code: 1001, Reason: "bye"}
	require.ErrorIs(t, closed, io.EOF)
	require.Equal(t, "the other side closed the WebSocket with code 1001: bye", closed.Error())
}
