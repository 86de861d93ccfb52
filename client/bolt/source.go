package bolt

import (
	"context"
	"strconv"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// source is the [client.Source] of one query's result. Its fields are guarded by the connection's mu.
type source struct {
	c        *Connection
	graph    string
	query    string
	explicit bool // in an explicit transaction, where several results can be open

	ran     bool     // RUN was answered
	pulling bool     // PULL or DISCARD was not answered yet
	more    bool     // the server has more to send, and waits for PULL or DISCARD
	ended   bool     // nothing more comes
	err     error    // how it ended: io.EOF, or why not
	refused error    // why RUN failed
	keys    []string // field names
	qid     int64    // the server's id of the query, or -1

	batches  []client.Batch // arrived and not handed out
	open     openBatch      // records behind them
	waiting  int            // records in batches and open
	received bool           // a record came
	dropping bool           // records are no longer wanted
	discards bool           // the server was told that, and does not say whether there were more
	awaited  bool           // the reader waits for records
	fetch    fetch
	relayed  relayed

	runMetadata, endMetadata []byte // of SUCCESS, for the summary
	summary                  *client.Summary
}

// openBatch is a batch that may still get records: those of one arena.
type openBatch struct {
	arena []byte
	spans []client.Span // relative to first
	first int           // where the first record starts in the arena
	last  int           // where the last record ends
}

// record adds one record: a PackStream list, which stays in the connection's arena.
func (s *source) record(c *Connection, body []byte) error {
	if !s.ran {
		return &client.ProtocolError{Message: "the server sent a record before it answered RUN"}
	}
	if s.ended {
		return nil
	}
	s.received = true
	if s.dropping {
		return nil
	}
	start := c.in.end - len(body) // the message is the one that ended last
	b := s.openFor(c, start)
	b.spans = append(b.spans, client.Span{Start: uint32(start - b.first), End: uint32(c.in.end - b.first)})
	b.last = c.in.end
	s.waiting++
	c.in.held = true
	return nil
}

// records adds all records that have arrived completely in one chunk each, as nearly all do, up to the first message of
// another kind. It does the same as record, but in one loop without calls, which are what costs most in WebAssembly.
func (s *source) records(c *Connection) {
	in := &c.in
	if in.inMessage || in.chunk > 0 || !s.ran || s.ended || s.dropping {
		return
	}
	arrived := in.arena[:in.filled]
	for at := in.parsed; recordSize(arrived, at) > 0; {
		b := s.openFor(c, at+recordHead)
		spans, first := b.spans, b.first
		for len(spans) < cap(spans) {
			size := recordSize(arrived, at)
			if size == 0 {
				break
			}
			end := at + chunkHead + size
			spans = append(spans, client.Span{Start: uint32(at + recordHead - first), End: uint32(end - first)})
			b.last = end
			at = end + chunkHead // of the empty chunk at the message's end
		}
		s.waiting += len(spans) - len(b.spans)
		b.spans = spans
		in.parsed = at
		s.received, in.held = true, true
	}
}

const (
	chunkHead  = 2             // bytes before a chunk: its size
	recordHead = chunkHead + 2 // bytes before a record's list, which the message RECORD has in its only field
)

// recordSize is the size of the chunk at a place if it is a complete record with its end marker, else 0.
func recordSize(arrived []byte, at int) int {
	rest := arrived[at:]
	if len(rest) < recordHead+chunkHead+1 || rest[2] != 0xB1 || rest[3] != wire.MessageRecord {
		return 0
	}
	size := int(rest[0])<<8 | int(rest[1])
	if size < 3 || len(rest) < size+2*chunkHead || rest[size+2]|rest[size+3] != 0 {
		return 0
	}
	return size
}

// openFor returns the open batch, with room for the record whose list starts there in the connection's arena.
func (s *source) openFor(c *Connection, start int) *openBatch {
	b := &s.open
	if len(b.spans) > 0 && (&b.arena[0] != &c.in.arena[0] || len(b.spans) == cap(b.spans)) {
		s.closeBatch()
	}
	if c.filling != nil && c.filling != s && len(c.filling.open.spans) > 0 {
		c.filling.closeBatch() // open batches take their spans from the same slab
	}
	c.filling = s
	if len(b.spans) == 0 {
		if len(c.spans) == 0 {
			c.spans = make([]client.Span, spanSlab)
		}
		b.arena, b.first, b.spans = c.in.arena, start, c.spans[:0]
	}
	return b
}

// spanSlab is how many spans are allocated together. Consecutive batches share them.
const spanSlab = 512

// closeBatch appends the open batch, which has records, to the others.
func (s *source) closeBatch() { s.batches = append(s.batches, s.finishBatch()) }

// finishBatch returns the open batch; the next record begins another.
func (s *source) finishBatch() client.Batch {
	b := &s.open
	n := len(b.spans)
	batch := client.Batch{Data: b.arena[b.first:b.last:b.last], Records: b.spans[:n:n]}
	s.c.spans = s.c.spans[n:]
	*b = openBatch{}
	return batch
}

// nextBatch returns the next batch, or how the result ended, if that is known.
func (s *source) nextBatch() (batch client.Batch, err error, known bool) {
	for p := s.firstOnLane(); p != nil; p = s.firstOnLane() {
		batch, over, fault := s.takeFromLane(p)
		if !over {
			return batch, fault, batch.Block != nil || fault != nil
		}
		s.leaveLane(p)
	}
	switch {
	case len(s.batches) > 0:
		batch = s.batches[0]
		s.batches[0] = client.Batch{}
		s.batches = s.batches[1:]
	case len(s.open.spans) > 0:
		batch = s.finishBatch()
	default:
		if s.ended {
			s.closeLane()
		}
		return client.Batch{}, s.err, s.ended
	}
	s.waiting -= batch.Rows()
	s.fetch.handedOut(batch)
	return batch, nil, true
}

// due reports whether an answer is due.
func (s *source) due() bool { return !s.ran || s.pulling }

// end marks the result as ended.
func (s *source) end(c *Connection, err error) {
	if s.ended {
		return
	}
	s.ended, s.err, s.more = true, err, false
	for i, other := range c.open {
		if other == s {
			c.open = append(c.open[:i], c.open[i+1:]...)
			return
		}
	}
}

// Fields returns the field names. They came with the answer to RUN, which RunProg and RunQuery have waited for.
func (s *source) Fields(context.Context) ([]string, error) { return s.keys, nil }

// QueryID returns the server's id of the query, which Bolt has in explicit transactions from 4.0 on.
func (s *source) QueryID(context.Context) (string, error) {
	if s.qid < 0 {
		return "", nil
	}
	return strconv.FormatInt(s.qid, 10), nil
}

// Complete reports whether all has arrived.
func (s *source) Complete() bool {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	return s.ended
}

// Ready returns a batch that has already arrived.
func (s *source) Ready() (client.Batch, bool) {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	batch, err, known := s.nextBatch()
	return batch, known && err == nil
}

// Next waits for the next batch.
func (s *source) Next(ctx context.Context) (client.Batch, error) {
	c := s.c
	for {
		c.mu.Lock()
		batch, err, known := s.nextBatch()
		hungry, arrived := s.hungry(), s.laneWait()
		faulty := err != nil && !s.ended
		reading := s.relayed.lane != nil && s.pulling
		c.mu.Unlock()
		switch {
		case faulty:
			c.loseLane(err)
			return batch, err
		case known && hungry:
			c.pullAhead(ctx, s)
		case known && reading:
			c.glance(ctx, s)
		}
		switch {
		case known:
			return batch, err
		case arrived == nil:
			batch, err, known = s.await(ctx)
			if known || err != nil {
				return batch, err
			}
		default:
			select {
			case <-arrived:
			case <-ctx.Done():
				c.abandonResult(ctx)
				return client.Batch{}, context.Cause(ctx)
			}
		}
	}
}

// await reads until a batch or the end of the result is known, or the next rows come on a lane.
func (s *source) await(ctx context.Context) (batch client.Batch, err error, known bool) {
	c := s.c
	if err := c.lock(ctx); err != nil {
		c.abandonResult(ctx)
		return client.Batch{}, err, false
	}
	talkErr := c.converse(ctx, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		batch, err, known = s.nextBatch()
		if s.hungry() || !known && s.mayPull() {
			c.appendPull(s, s.nextFetch())
		}
		s.awaited = !known
		return known || s.laneWait() != nil
	})
	lost := err != nil && known && !s.ended
	c.unlock()
	switch {
	case lost:
		c.loseLane(err)
	case talkErr != nil && !known:
		return client.Batch{}, talkErr, false
	}
	return batch, err, known
}
