package bolt_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/client/dial"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// signedConn is a stream through a relay that promised signs of life.
type signedConn struct {
	dial.Conn
	every time.Duration
	last  atomic.Int64 // in nanoseconds of Unix time
}

func (c *signedConn) sign() { c.last.Store(time.Now().UnixNano()) }

func (c *signedConn) Signs() (time.Duration, time.Time) { return c.every, time.Unix(0, c.last.Load()) }

// A relay that gives signs is waited for, whatever the server takes; one that has stopped is not.
func TestMissingSigns(t *testing.T) {
	const promised = 10 * time.Second
	for name, c := range map[string]struct {
		every   time.Duration
		options client.Options
		hint    any
		signs   int // that come
		want    time.Duration
		says    string // "" for nothing: there is no end
	}{
		"none come": {every: promised,
			want: 30 * time.Second, says: "the relay gave no sign of life for 30 s"},
		"some come":          {every: promised, signs: 60, want: 630 * time.Second, says: "no sign of life for 30 s"},
		"none are promised":  {},
		"no limit is wanted": {every: promised, options: client.Options{ReceiveTimeout: -1}},
		"an option is shorter": {every: promised, signs: 60,
			options: client.Options{ReceiveTimeout: 20 * time.Second},
			want:    20 * time.Second, says: "the server sent nothing for 20 s"},
		"the server has a hint": {every: promised, hint: 60, signs: 60,
			want: 60 * time.Second, says: "the server sent nothing for 60 s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pipe, stop := boltfake.Pipe(t, func(b *boltfake.Conn) {
					b.Login(bolt58, map[string]any{"hints": map[string]any{"connection.recv_timeout_seconds": c.hint}})
					b.Expect("RUN")
					b.AwaitClose()
				})
				defer stop()
				stream := &signedConn{Conn: pipe, every: c.every}
				cx, err := bolt.Open(t.Context(), stream, fakeProfile(t), c.options)
				require.NoError(t, err)
				time.Sleep(time.Hour) // nothing is due, so signs are not either
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				go func() {
					for range c.signs {
						select {
						case <-time.After(c.every):
							stream.sign()
						case <-ctx.Done():
							return
						}
					}
				}()
				asked := time.Now()
				_, err = cx.RunProg(ctx, "", "RETURN", nil, true)
				if c.says == "" {
					require.ErrorIs(t, err, context.DeadlineExceeded)
					return
				}
				require.ErrorAs(t, err, new(*client.ConnectionBroken))
				require.ErrorContains(t, err, c.says)
				require.Equal(t, c.want, time.Since(asked))
			})
		})
	}
}

// sleepyConn ends its reads later than its deadline says, as a machine that slept does.
type sleepyConn struct {
	*signedConn
	naps int // that are left
}

func (c *sleepyConn) Read(p []byte) (int, error) {
	n, err := c.signedConn.Read(p)
	if err != nil && dial.TimedOut(err) && c.naps > 0 {
		c.naps--
		time.Sleep(time.Hour)
	}
	return n, err
}

// While the machine slept nobody could listen.
func TestSignsMissedAsleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pipe, stop := boltfake.Pipe(t, func(b *boltfake.Conn) {
			b.Login(bolt58, nil)
			b.Expect("RUN")
			b.AwaitClose()
		})
		defer stop()
		stream := &sleepyConn{&signedConn{Conn: pipe, every: 10 * time.Second}, 2}
		cx, err := bolt.Open(t.Context(), stream, fakeProfile(t), client.Options{})
		require.NoError(t, err)
		asked := time.Now()
		_, err = cx.RunProg(t.Context(), "", "RETURN", nil, true)
		require.ErrorAs(t, err, new(*client.ConnectionBroken))
		require.Equal(t, 3*30*time.Second+2*time.Hour, time.Since(asked),
			"it is waited as long once more after each nap")
	})
}
