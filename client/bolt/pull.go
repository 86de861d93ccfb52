package bolt

import (
	"context"
	"io"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// keyHasMore is in the metadata of SUCCESS where the server keeps records back until the next PULL.
const keyHasMore = "has_more"

// pullAnswer is a source in its role as answerer of PULL or DISCARD.
type pullAnswer source

// appendPull asks for n records, or for all that are left if n is negative. The caller holds the turn and mu.
func (c *Connection) appendPull(s *source, n int) {
	c.appendTransfer(s, requestPull, wire.MessagePull, n)
}

// appendTransfer appends PULL or DISCARD: {n, qid}. In Bolt 3 they have no fields and always mean all records.
func (c *Connection) appendTransfer(s *source, r request, tag byte, n int) {
	s.pulling, s.more = true, false
	if !wire.FeaturePullN.In(c.version) {
		c.out.end(c.out.begin(tag, 0))
		c.expect(r, (*pullAnswer)(s))
		return
	}
	b := c.out.begin(tag, 1)
	named := s.explicit && s.qid >= 0 && s != c.latest // without qid it is the query that was run last
	entries := 1
	if named {
		entries++
	}
	if s.relayed.number > 0 {
		entries++
	}
	b = packstream.AppendMapHeader(b, entries)
	if named {
		b = packstream.AppendString(b, "qid")
		b = packstream.AppendInt(b, s.qid)
	}
	if s.relayed.number > 0 {
		b = s.appendAsk(b, n)
	}
	b = packstream.AppendString(b, "n")
	b = packstream.AppendInt(b, int64(max(n, allRecords)))
	c.out.end(b)
	c.expect(r, (*pullAnswer)(s))
}

func (p *pullAnswer) answered(c *Connection, metadata []byte, err error) error {
	s := (*source)(p)
	s.pulling = false
	if s.ended {
		return nil
	}
	if err != nil {
		s.end(c, err)
		return nil
	}
	if s.more, err = packstream.BoolEntry(metadata, keyHasMore); err != nil {
		return malformed("SUCCESS", err)
	}
	s.pullAnswered()
	if s.more {
		s.fetch.keptUp = s.awaited
		s.expectLane()
		return nil
	}
	c.in.held = true
	s.endMetadata = metadata
	s.end(c, io.EOF)
	return nil
}

// hungry reports whether it is time for the next PULL before the reader waits for it.
func (s *source) hungry() bool {
	return s.mayPull() && !s.c.options.NoPrefetch && s.waiting <= s.fetch.lowWater()
}

// mayPull reports whether the server waits for a PULL, and its records are wanted.
func (s *source) mayPull() bool { return s.more && !s.pulling && !s.dropping }

// pullAhead sends the next PULL. If another call holds the turn, the next call of Next does; that reports errors, too.
func (c *Connection) pullAhead(ctx context.Context, s *source) {
	if !c.turn.Try() {
		return
	}
	defer c.unlock()
	if c.lost != nil {
		return
	}
	_ = c.converse(ctx, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		if s.hungry() {
			c.appendPull(s, s.nextFetch())
		}
		return true
	})
}

// bufferOpen is a condition for converse: the server has sent all of every open result. It requests what is left.
func (c *Connection) bufferOpen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.open {
		if s.more && !s.pulling {
			c.appendPull(s, allRecords)
		}
	}
	return len(c.open) == 0
}
