package bolt

import (
	"context"
	"errors"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/dial"
	"github.com/webbolt/webbolt/client/lane"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// relayed is a source's state for row blocks, which a relay sends instead of records (docs/lanes.md).
type relayed struct {
	number int64     // by which the relay knows the result; 0 if records come
	lane   dial.Lane // or nil
	size   int       // bytes of the blocks that came on the WebSocket
	byLane bool      // rows come on the lane, or did

	// Of the last PULL:
	asked  int       // rows
	beside int       // rows that came on the WebSocket
	part   *lanePart // the rows that come on the lane, or nil
}

// lanePart is what the relay sends on the lane for one PULL, up to an end frame. Among a source's batches, a block
// whose Foreign is the lanePart takes the place of its rows.
type lanePart struct {
	waiting int  // rows that count as waiting; below zero for those taken before they were counted
	left    bool // all rows were read
}

// bulk is the size in bytes of a result's blocks on the WebSocket from which on a lane is opened, before the server
// says that there is more.
const bulk = 256 << 10

// firstOnLane is the part of the lane that has the next rows, if they come on the lane.
func (s *source) firstOnLane() *lanePart {
	if len(s.batches) == 0 || s.batches[0].Block == nil {
		return nil
	}
	p, _ := s.batches[0].Block.Foreign.(*lanePart)
	return p
}

// acceptBlocks makes the source's rows come in row blocks, if the caller accepts them and a relay offers them.
func (s *source) acceptBlocks(ctx context.Context) {
	c := s.c
	if conn, is := c.conn.(dial.BlockConn); is && client.BlocksAccepted(ctx) && conn.OffersBlocks() &&
		wire.FeaturePullN.In(c.version) {
		c.lastBlocks++
		s.relayed.number = c.lastBlocks
	}
}

// appendAsk appends the entry of PULL or DISCARD by which the relay knows the result.
func (s *source) appendAsk(b []byte, n int) []byte {
	r := &s.relayed
	r.asked, r.beside, r.part = n, 0, nil
	b = packstream.AppendString(b, lane.PullKey)
	b = packstream.AppendMapHeader(b, 1)
	b = packstream.AppendString(b, lane.ResultKey)
	return packstream.AppendInt(b, r.number)
}

// transport returns how the rows have come so far. The caller holds mu.
func (s *source) transport() client.Transport {
	switch r := &s.relayed; {
	case r.byLane:
		return client.TransportLane
	case r.size > 0:
		return client.TransportBlocks
	}
	return dial.TransportOf(s.c.conn)
}

// nextFetch is how many rows the next PULL asks for: of a result that has a lane as many as may be under way, as the
// relay goes over to it among them.
func (s *source) nextFetch() int {
	l := s.relayed.lane
	ended := l == nil
	if !ended {
		ended, _ = l.Ended()
	}
	return s.fetch.next(!ended)
}

// wentByLane notes that the rows which come next, up to an end frame, come on the lane.
func (s *source) wentByLane() error {
	r := &s.relayed
	switch {
	case s.ended || s.dropping:
		return nil
	case !s.ran || r.lane == nil:
		return &client.ProtocolError{Message: "the relay sent rows on a lane that nobody opened"}
	}
	if len(s.open.spans) > 0 {
		s.closeBatch()
	}
	r.part, r.byLane = &lanePart{}, true
	s.batches = append(s.batches, client.Batch{Block: &client.Block{Foreign: r.part}})
	return nil
}

// pullAnswered notes that the server has answered the last PULL. If there is more, it has sent all rows that were asked
// for; those that were not read from the lane yet count as waiting.
func (s *source) pullAnswered() {
	r := &s.relayed
	if p := r.part; p != nil && s.more && !p.left {
		rows := max(0, r.asked-r.beside)
		p.waiting += rows
		s.waiting += rows
	}
}

// expectLane begins to open a lane for a result that has turned out to be large.
func (s *source) expectLane() {
	r := &s.relayed
	if r.number > 0 && r.lane == nil && !s.dropping {
		r.lane = s.c.conn.(dial.BlockConn).OpenLane(r.number)
	}
}

// tookBlock handles a row block that came on the WebSocket: a byte array, in the arena.
func (s *source) tookBlock(c *Connection, message []byte) error {
	reader := packstream.NewReader(message[2:])
	block, err := reader.Bytes()
	if err != nil || reader.Len() > 0 {
		return malformed("a row block", err)
	}
	rows, err := rowsOf(block)
	if err != nil {
		return err
	}
	if !s.ran {
		return &client.ProtocolError{Message: "the relay sent a row block that nobody asked for"}
	}
	if s.ended || s.dropping {
		return nil
	}
	if len(s.open.spans) > 0 {
		s.closeBatch()
	}
	s.batches = append(s.batches, client.Batch{Block: &client.Block{Rows: rows, Size: len(block), Bytes: block}})
	s.waiting += rows
	s.received, c.in.held = true, true
	s.relayed.beside += rows
	if s.relayed.size += len(block); s.relayed.size >= bulk {
		s.expectLane()
	}
	return nil
}

// rowsOf reads the number of rows in a block's header.
func rowsOf(block []byte) (int, error) {
	const header, rows = 64, 12
	if len(block) < header {
		return 0, &client.ProtocolError{Message: "the relay sent a row block that is shorter than its header"}
	}
	at := block[rows : rows+4]
	return int(uint32(at[0]) | uint32(at[1])<<8 | uint32(at[2])<<16 | uint32(at[3])<<24), nil
}

// takeFromLane returns the next block of p, which comes on the lane. With over, the lane has given all of p.
func (s *source) takeFromLane(p *lanePart) (batch client.Batch, over bool, fault error) {
	frame, ok := s.relayed.lane.Take()
	switch {
	case !ok:
		return batch, false, s.laneFault()
	case frame.End:
		return batch, true, nil
	}
	s.received = true
	p.waiting -= frame.Rows
	s.waiting -= frame.Rows
	batch.Block = &client.Block{Rows: frame.Rows, Size: frame.Size, Foreign: frame.Block}
	s.fetch.handedOut(batch)
	return batch, false, nil
}

// laneFault is what is wrong with a lane that was to give more and has nothing: nothing as long as it has not ended.
func (s *source) laneFault() error {
	ended, why := s.relayed.lane.Ended()
	if !ended {
		return nil
	}
	if malformed, is := errors.AsType[*client.ProtocolError](why); is {
		return malformed
	}
	return s.c.brokenError("rows that the relay sent past the WebSocket did not arrive", why)
}

// leaveLane continues with what follows the rows of p.
func (s *source) leaveLane(p *lanePart) {
	s.waiting -= p.waiting
	p.left = true
	s.batches = s.batches[1:]
}

// laneWait returns the channel to wait on if the next rows come on the lane, else nil. The caller holds mu.
func (s *source) laneWait() <-chan struct{} {
	if s.firstOnLane() == nil {
		return nil
	}
	return s.relayed.lane.Arrived()
}

// closeLane closes the lane. The caller holds mu.
func (s *source) closeLane() {
	if l := s.relayed.lane; l != nil {
		l.Close()
	}
}

// cutLane drops the rows that come on the lane, and everything behind them. The caller holds mu.
func (s *source) cutLane() {
	s.closeLane()
	for i, batch := range s.batches {
		if batch.Block == nil {
			continue
		}
		if _, is := batch.Block.Foreign.(*lanePart); is {
			s.batches = s.batches[:i]
			if len(s.open.spans) > 0 {
				s.finishBatch()
			}
			return
		}
	}
}

// glance reads the answer to PULL if it has arrived, so that the next PULL leaves while rows still come on the lane. It
// does not wait.
func (c *Connection) glance(ctx context.Context, s *source) {
	if conn, is := c.conn.(dial.BlockConn); !is || !conn.Buffered() {
		return
	}
	if !c.turn.Try() {
		return
	}
	defer c.unlock()
	if c.lost != nil {
		return
	}
	looked := false
	_ = c.converse(ctx, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		if s.hungry() {
			c.appendPull(s, s.nextFetch())
		}
		done := looked
		looked = true
		return done
	})
}

// loseLane breaks the connection because rows were lost on a lane: the server may still be sending others.
func (c *Connection) loseLane(fault error) {
	c.turn.Seize()
	defer c.unlock()
	if c.lost == nil {
		_ = c.lose(fault)
	}
}
