package bolt_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/client/dial"
	"github.com/webbolt/webbolt/client/lane"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/internal/boltfake"
)

// relayConn is a stream to a relay that offers row blocks; lanes are those that it opened.
type relayConn struct {
	net.Conn
	refuses bool

	mu    sync.Mutex
	lanes []*fakeLane
}

func (r *relayConn) OffersBlocks() bool { return true }
func (r *relayConn) Buffered() bool     { return false }

func (r *relayConn) OpenLane(int64) dial.Lane {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.refuses {
		return nil
	}
	l := &fakeLane{arrived: make(chan struct{}, 1)}
	r.lanes = append(r.lanes, l)
	return l
}

// theLane waits for the only lane.
func (r *relayConn) theLane(t testing.TB) *fakeLane {
	t.Helper()
	var l *fakeLane
	require.Eventually(t, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.lanes) > 0 {
			l = r.lanes[0]
		}
		return l != nil
	}, time.Minute, time.Millisecond)
	return l
}

type fakeLane struct {
	arrived chan struct{}

	mu     sync.Mutex
	frames []dial.LaneFrame
	ended  bool
	err    error
	closed bool
}

func (l *fakeLane) change(do func()) {
	l.mu.Lock()
	do()
	l.mu.Unlock()
	select {
	case l.arrived <- struct{}{}:
	default:
	}
}

func (l *fakeLane) add(frames ...dial.LaneFrame) {
	l.change(func() { l.frames = append(l.frames, frames...) })
}
func (l *fakeLane) fail(err error)           { l.change(func() { l.ended, l.err = true, err }) }
func (l *fakeLane) Close()                   { l.change(func() { l.ended, l.closed = true, true }) }
func (l *fakeLane) Arrived() <-chan struct{} { return l.arrived }

func (l *fakeLane) isClosed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

func (l *fakeLane) Ended() (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended, l.err
}

func (l *fakeLane) Take() (f dial.LaneFrame, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.frames) == 0 {
		return f, false
	}
	f, l.frames = l.frames[0], l.frames[1:]
	return f, true
}

// block is the header of a row block, which is all that the client looks at.
func block(rows int) []byte {
	b := make([]byte, 64)
	binary.LittleEndian.PutUint32(b[12:], uint32(rows))
	return b
}

// blockMessage is a row block as it comes on the WebSocket.
func blockMessage(b []byte) []byte {
	message := packstream.AppendBytes(packstream.AppendStructHeader(nil, lane.TagBlock, 1), b)
	var out []byte
	for chunk := range slices.Chunk(message, 0xFFFF) {
		out = append(binary.BigEndian.AppendUint16(out, uint16(len(chunk))), chunk...)
	}
	return append(out, 0, 0)
}

func onLane(rows int) dial.LaneFrame  { return dial.LaneFrame{Rows: rows, Size: 64, Block: rows} }
func laneEnd(rows int) dial.LaneFrame { return dial.LaneFrame{End: true, Rows: rows} }

// laneMark says that the rows which come next come on the lane.
var laneMark = []byte{0, 2, 0xB0, lane.TagLane, 0, 0}

// asked requires a PULL or DISCARD for a result in blocks, and returns the number of rows that it asks for.
func asked(t testing.TB, m boltfake.Message) any {
	t.Helper()
	require.Equal(t, map[string]any{lane.ResultKey: int64(1)}, m.Map(0)[lane.PullKey])
	return m.Map(0)["n"]
}

func relayed(t *testing.T, conn *relayConn, script func(c *boltfake.Conn)) *client.Result {
	t.Helper()
	stream, stop := boltfake.Pipe(t, func(c *boltfake.Conn) {
		c.Login(client.Version{Major: 5, Minor: 8}, nil)
		c.Expect("RUN")
		asked(t, c.Expect("PULL"))
		c.Success(fieldX)
		script(c)
	})
	conn.Conn = stream
	c, err := bolt.Open(t.Context(), conn, fakeProfile(t), client.Options{})
	require.NoError(t, err)
	t.Cleanup(func() {
		_ = c.Close()
		stop()
	})
	result, err := c.RunProg(client.AcceptBlocks(t.Context()), "", "RETURN 1", nil, false)
	require.NoError(t, err)
	return result
}

var more = map[string]any{"has_more": true}

// rows reads the rest of a result, and returns the number of rows in each batch.
func rows(ctx context.Context, result *client.Result) (list []int, err error) {
	for {
		batch, err := result.NextBatch(ctx)
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return list, err
		}
		list = append(list, batch.Rows())
	}
}

func TestBlocksOnTheWebSocket(t *testing.T) {
	result := relayed(t, &relayConn{refuses: true}, func(c *boltfake.Conn) {
		c.Write(blockMessage(block(2)))
		c.Success(more)
		asked(t, c.Expect("PULL"))
		c.Write(blockMessage(block(3)))
		c.Record(int64(1)) // one that fits no block
		c.Write(blockMessage(block(4)))
		c.Success(nil)
		c.AwaitClose()
	})
	got, err := rows(t.Context(), result)
	require.NoError(t, err)
	require.Equal(t, []int{2, 3, 1, 4}, got)
	require.Equal(t, client.TransportBlocks, result.Summary().Transport)
}

func TestBlocksAreOnlyForThoseWhoAsk(t *testing.T) {
	conn := &relayConn{}
	stream, stop := boltfake.Pipe(t, func(c *boltfake.Conn) {
		c.Login(client.Version{Major: 5, Minor: 8}, nil)
		c.Expect("RUN")
		require.NotContains(t, c.Expect("PULL").Map(0), lane.PullKey)
		c.Success(fieldX)
		c.Write(blockMessage(block(2)))
		c.AwaitClose()
	})
	defer stop()
	conn.Conn = stream
	c, err := bolt.Open(t.Context(), conn, fakeProfile(t), client.Options{})
	require.NoError(t, err)
	defer c.Close()
	result, err := c.RunProg(t.Context(), "", "RETURN 1", nil, false)
	require.NoError(t, err)
	_, err = result.NextBatch(t.Context())
	var protocol *client.ProtocolError
	require.ErrorAs(t, err, &protocol)
}

func TestMalformedBlock(t *testing.T) {
	for name, message := range map[string][]byte{
		"short":     blockMessage(block(1)[:63]),
		"not bytes": {0, 3, 0xB1, lane.TagBlock, 1, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			result := relayed(t, &relayConn{refuses: true}, func(c *boltfake.Conn) {
				c.Write(message)
				c.AwaitClose()
			})
			_, err := rows(t.Context(), result)
			var protocol *client.ProtocolError
			require.ErrorAs(t, err, &protocol)
		})
	}
}

func TestLane(t *testing.T) {
	conn := &relayConn{}
	result := relayed(t, conn, func(c *boltfake.Conn) {
		c.Write(blockMessage(block(1)))
		c.Success(more)
		asked(t, c.Expect("PULL"))
		l := conn.theLane(t)
		c.Write(laneMark)
		l.add(onLane(2), onLane(3))
		c.Success(more) // before the end of the rows
		l.add(laneEnd(5))
		asked(t, c.Expect("PULL"))
		l.add(onLane(4)) // before the client knows that it belongs here
		c.Write(blockMessage(block(6)))
		c.Write(laneMark)
		c.Success(nil)
		l.add(laneEnd(4))
		c.AwaitClose()
	})
	got, err := rows(t.Context(), result)
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 3, 6, 4}, got)
	require.True(t, conn.theLane(t).isClosed())
	require.True(t, result.Summary().Complete)
	require.Equal(t, client.TransportLane, result.Summary().Transport)
}

// TestLaneWithinTheFirstPull has large rows: the client does not wait for the end of a PULL to open the lane.
func TestLaneWithinTheFirstPull(t *testing.T) {
	conn := &relayConn{}
	large := append(block(2), make([]byte, 300<<10)...)
	result := relayed(t, conn, func(c *boltfake.Conn) {
		c.Write(blockMessage(large))
		l := conn.theLane(t)
		c.Write(blockMessage(large)) // already under way
		c.Write(laneMark)
		l.add(onLane(3), laneEnd(3))
		c.Record(int64(1)) // one that fits no block
		c.Success(nil)
		c.AwaitClose()
	})
	got, err := rows(t.Context(), result)
	require.NoError(t, err)
	require.Equal(t, []int{2, 2, 3, 1}, got)
	require.Equal(t, client.TransportLane, result.Summary().Transport)
}

// TestMuchIsAskedForOnceThereIsALane has the client ask for as much as may be under way before the lane delivers.
func TestMuchIsAskedForOnceThereIsALane(t *testing.T) {
	for name, c := range map[string]struct {
		refuses bool
		rows    int64
	}{"with a lane": {false, 8 << 20 / 64}, "without": {true, 2000}} {
		t.Run(name, func(t *testing.T) {
			result := relayed(t, &relayConn{refuses: c.refuses}, func(server *boltfake.Conn) {
				server.Write(blockMessage(block(1)))
				server.Success(more)
				require.Equal(t, c.rows, asked(t, server.Expect("PULL")))
				server.Success(nil)
				server.AwaitClose()
			})
			_, err := rows(t.Context(), result)
			require.NoError(t, err)
		})
	}
}

func TestLaneThatNobodyOpened(t *testing.T) {
	result := relayed(t, &relayConn{refuses: true}, func(c *boltfake.Conn) {
		c.Write(laneMark)
		c.AwaitClose()
	})
	_, err := rows(t.Context(), result)
	var protocol *client.ProtocolError
	require.ErrorAs(t, err, &protocol)
}

func TestLaneThatTheRelayDoesNotUse(t *testing.T) {
	for name, fail := range map[string]bool{"open": false, "ended": true} {
		t.Run(name, func(t *testing.T) {
			conn := &relayConn{}
			result := relayed(t, conn, func(c *boltfake.Conn) {
				c.Write(blockMessage(block(1)))
				c.Success(more)
				asked(t, c.Expect("PULL"))
				if fail {
					conn.theLane(t).fail(errors.New("reset"))
				}
				c.Write(blockMessage(block(2)))
				c.Write(blockMessage(block(3)))
				if !fail {
					conn.theLane(t).fail(nil)
				}
				c.Success(nil)
				c.AwaitClose()
			})
			got, err := rows(t.Context(), result)
			require.NoError(t, err)
			require.Equal(t, []int{1, 2, 3}, got)
			require.Equal(t, client.TransportBlocks, result.Summary().Transport)
		})
	}
}

func TestFailureAfterRowsOnALane(t *testing.T) {
	conn := &relayConn{}
	result := relayed(t, conn, func(c *boltfake.Conn) {
		c.Write(blockMessage(block(1)))
		c.Success(more)
		c.Expect("PULL")
		c.Write(laneMark)
		c.Failure("Neo.ClientError.Statement.ArithmeticError", "/ by zero")
		conn.theLane(t).add(onLane(2), laneEnd(2))
		c.Expect("RESET")
		c.Success(nil)
		c.AwaitClose()
	})
	got, err := rows(t.Context(), result)
	var failure *client.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, []int{1, 2}, got)
}

func TestRowsLostOnALane(t *testing.T) {
	for name, why := range map[string]error{
		"broken":    errors.New("reset"),
		"ended":     nil,
		"malformed": &client.ProtocolError{Message: "a block of 4 GB"},
	} {
		t.Run(name, func(t *testing.T) {
			conn := &relayConn{}
			result := relayed(t, conn, func(c *boltfake.Conn) {
				c.Write(blockMessage(block(1)))
				c.Success(more)
				c.Expect("PULL")
				c.Write(laneMark)
				l := conn.theLane(t)
				l.add(onLane(2))
				l.fail(why)
				c.AwaitClose()
			})
			got, err := rows(t.Context(), result)
			require.Equal(t, []int{1, 2}, got)
			var protocol *client.ProtocolError
			if why != nil && errors.As(why, &protocol) {
				require.ErrorAs(t, err, &protocol)
				return
			}
			var broken *client.ConnectionBroken
			require.ErrorAs(t, err, &broken)
			require.Contains(t, err.Error(), "did not arrive")
		})
	}
}

// TestRowsLostOnALaneBeforeOthers has the relay go over to the WebSocket after rows were lost: what came later must not
// hide that.
func TestRowsLostOnALaneBeforeOthers(t *testing.T) {
	conn := &relayConn{}
	result := relayed(t, conn, func(c *boltfake.Conn) {
		c.Write(blockMessage(block(1)))
		c.Success(more)
		asked(t, c.Expect("PULL"))
		c.Write(laneMark)
		l := conn.theLane(t)
		l.add(onLane(2))
		c.Success(more)
		l.fail(errors.New("reset"))
		c.AwaitClose()
	})
	got, err := rows(t.Context(), result)
	require.Equal(t, []int{1, 2}, got)
	var broken *client.ConnectionBroken
	require.ErrorAs(t, err, &broken)
}

func TestConnectionLostWhileALaneIsAwaited(t *testing.T) {
	conn := &relayConn{}
	result := relayed(t, conn, func(c *boltfake.Conn) {
		c.Write(blockMessage(block(1)))
		c.Success(more)
		c.Expect("PULL")
		c.Write(laneMark)
		conn.theLane(t).fail(errors.New("cut"))
		c.Close()
	})
	_, err := rows(t.Context(), result)
	var broken *client.ConnectionBroken
	require.ErrorAs(t, err, &broken)
}

func TestCancelOnALane(t *testing.T) {
	conn := &relayConn{}
	result := relayed(t, conn, func(c *boltfake.Conn) {
		c.Write(blockMessage(block(1)))
		c.Success(more)
		c.Expect("PULL")
		c.Write(laneMark)
		conn.theLane(t).add(onLane(2))
		c.Expect("RESET")
		c.Ignored()
		c.Success(nil)
		c.AwaitClose()
	})
	ctx, cancel := context.WithCancel(t.Context())
	for range 2 {
		_, err := result.NextBatch(ctx)
		require.NoError(t, err)
	}
	time.AfterFunc(time.Millisecond, cancel)
	_, err := result.NextBatch(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Eventually(t, conn.theLane(t).isClosed, time.Minute, time.Millisecond)
}

func TestDiscardOnALane(t *testing.T) {
	conn := &relayConn{}
	result := relayed(t, conn, func(c *boltfake.Conn) {
		c.Write(blockMessage(block(1)))
		c.Success(more)
		c.Expect("PULL")
		c.Write(laneMark)
		conn.theLane(t).add(onLane(2))
		c.Success(more)
		asked(t, c.Expect("DISCARD"))
		c.Success(nil)
		c.AwaitClose()
	})
	for range 2 {
		_, err := result.NextBatch(t.Context())
		require.NoError(t, err)
	}
	require.NoError(t, result.Discard(t.Context()))
	require.True(t, conn.theLane(t).isClosed())
	require.True(t, result.Summary().Complete)
}
