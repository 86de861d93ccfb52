//go:build js && wasm

package bridge

import (
	"context"
	"io"
	"sync"
	"syscall/js"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/rowblock"
	"github.com/webbolt/webbolt/internal/jsx"
)

func init() {
	register(map[string]method{
		"result.credit":  creditResult,
		"result.discard": discardResult,
		"result.queryId": queryID,
	})
}

const (
	// blockLimit is the size at which a block is sent.
	blockLimit = rowblock.DefaultLimit
	// maxKept is the size of the largest block whose memory is kept for the next.
	maxKept = 8 * blockLimit
	// lingering is how long rows wait in a block that is not full. The first rows of a result do not wait.
	lingering = 15 * time.Millisecond
)

// stream sends the rows of one result to the page, which names it by the id of the call that gave the result. The page grants
// credit, in blocks, so that it never has to hold more than it wants:
//
//	{event: "fields", result, fields}
//	{event: "block", result, block, fields?, end?}   block: an ArrayBuffer; fields with the first where they were not sent before
//	{event: "end", result, fields?, end}             end: {summary, queryId, error?, state?, transaction?}
//	{event: "restart", result}                       what came before is void: the work is being tried again
type stream struct {
	engine *engine
	id     int
	result *client.Result
	tx     *client.TransactionRef // or nil
	cn     *connection            // or nil, when a connector runs it
	wake   chan struct{}          // credit was granted, or the rest discarded
	done   chan struct{}

	mu        sync.Mutex
	credit    int
	discarded bool
	fields    []string
	queryID   string
	announced bool // the page knows the fields
	sent      bool // a block
	overdue   bool // rows have waited long enough, but for the page's credit
	writer    *rowblock.Writer
	late      *time.Timer
	held      *client.Block // a relay's, that waits for whether the end of the result goes with it
}

// stream starts sending result to the page, and gives the call's answer.
func (c *call) stream(ctx context.Context, result *client.Result, cn *connection) object {
	s := c.engine.newStream(c.id, c.args.number("credit"))
	s.result, s.tx, s.cn = result, c.tx, cn
	c.then = func() {
		err := s.send(ctx)
		if err != nil {
			s.leave(ctx)
		}
		s.finish(err)
	}
	return resultHead(result)
}

func (e *engine) newStream(id, credit int) *stream {
	s := &stream{engine: e, id: id, credit: credit, wake: make(chan struct{}, 1), done: make(chan struct{})}
	e.streams[id] = s
	return s
}

// restart makes what was sent void, because the query is being run again.
func (s *stream) restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.announced, s.sent, s.overdue, s.writer, s.held = false, false, false, nil, nil
	s.engine.post(object{"event": "restart", "result": s.id})
}

// abandon ends a stream of which the page hears by the answer to its call.
func (s *stream) abandon() {
	delete(s.engine.streams, s.id)
	s.mu.Lock()
	s.discarded = true
	s.mu.Unlock()
	close(s.done)
}

// send sends all rows; it returns nil at the end of the result, and when the rest was discarded.
func (s *stream) send(ctx context.Context) error {
	fields, err := s.result.Fields(ctx)
	if err != nil {
		return err
	}
	if s.queryID, err = s.result.QueryID(ctx); err != nil {
		return err
	}
	s.fields, s.writer = fields, rowblock.NewWriter(len(fields), blockLimit)
	for !s.isDiscarded() {
		s.announce()
		batch, err := s.result.NextBatch(ctx)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.append(ctx, batch); err != nil {
			return err
		}
	}
	return s.result.Discard(ctx)
}

// leave gives up what is left of a result whose sending ended early, so that the server does not go on holding it until the connection is used again.
func (s *stream) leave(ctx context.Context) {
	if ctx.Err() == nil {
		_ = s.result.Discard(ctx)
		return
	}
	for { // past what has arrived, a context that has ended interrupts the server
		if _, err := s.result.NextBatch(ctx); err != nil {
			return
		}
	}
}

// announce is called before the next records are taken: what the page can have already must not wait for them. The first rows of a result
// go at once, those after them only when the server has to be waited for.
func (s *stream) announce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := s.writer.Rows() > 0 && !s.sent
	if !first && s.result.HasRecords() {
		return
	}
	switch {
	case s.writer.Rows() == 0:
		if !s.announced && !s.result.Source().Complete() {
			s.announced = true
			s.engine.post(object{"event": "fields", "result": s.id, "fields": s.fields})
		}
	case first:
		if !s.result.Source().Complete() { // else the end is here too, and goes with the rows
			s.flush(nil)
		}
	case s.late == nil:
		s.late = time.AfterFunc(lingering, s.flushLate)
	}
}

// flushLate sends a block that is not full, because its rows have waited long enough.
func (s *stream) flushLate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.late = nil
	if s.writer != nil && s.writer.Rows() > 0 && !s.discarded {
		if s.overdue = s.credit <= 0; !s.overdue {
			s.flush(nil)
		}
	}
}

// pass sends a block that a relay made. The last one of a result is held back for its end to go with it.
func (s *stream) pass(ctx context.Context, block *client.Block) error {
	if err := s.passHeld(ctx); err != nil {
		return err
	}
	if s.result.Source().Complete() && !s.result.HasRecords() {
		s.held = block
		return nil
	}
	if err := s.awaitCredit(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.discarded {
		s.post(foreign(block), nil)
	}
	return nil
}

// passHeld sends the block that was held back, because it is not the last.
func (s *stream) passHeld(ctx context.Context) error {
	block := s.held
	if block == nil {
		return nil
	}
	s.held = nil
	if err := s.awaitCredit(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.discarded {
		s.post(foreign(block), nil)
	}
	return nil
}

// foreign gives a block as an ArrayBuffer.
func foreign(block *client.Block) js.Value {
	if buffer, is := block.Foreign.(js.Value); is {
		return buffer
	}
	return jsx.Uint8Array(block.Bytes).Get("buffer")
}

func (s *stream) append(ctx context.Context, batch client.Batch) error {
	if batch.Block != nil {
		return s.pass(ctx, batch.Block)
	}
	for from := 0; from < len(batch.Records); {
		s.mu.Lock()
		n, err := s.writer.Append(batch, from)
		s.mu.Unlock()
		if err != nil {
			return &client.ProtocolError{Message: "the server sent a record that cannot be read", Err: err}
		}
		from += n
		if from == len(batch.Records) {
			return nil
		}
		if err := s.awaitCredit(ctx); err != nil {
			return err
		}
		s.mu.Lock()
		if s.discarded {
			s.mu.Unlock()
			return nil
		}
		s.flush(nil)
		s.mu.Unlock()
	}
	return nil
}

// awaitCredit waits until a block may be sent.
func (s *stream) awaitCredit(ctx context.Context) error {
	for {
		s.mu.Lock()
		ready := s.credit > 0 || s.discarded
		s.mu.Unlock()
		if ready {
			return nil
		}
		select {
		case <-s.wake:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// flush sends the block, with the end of the result where that is known. Called with mu held.
func (s *stream) flush(end object) {
	s.engine.block = s.writer.Flush(s.engine.block[:0])
	block := s.engine.block
	s.post(jsx.Uint8Array(block).Get("buffer"), end)
	if cap(block) > maxKept {
		s.engine.block = nil
	}
}

// post sends a block, with the end of the result where that is known. Called with mu held.
func (s *stream) post(buffer js.Value, end object) {
	message := object{"event": "block", "result": s.id}
	if !s.announced {
		s.announced = true
		message["fields"] = s.fields
	}
	if end != nil {
		message["end"] = end
	}
	s.credit--
	s.sent, s.overdue = true, false
	s.engine.postBlock(message, buffer)
}

// finish sends what is left, and how the result ended. A last block goes with it whatever the credit, as nothing follows it.
func (s *stream) finish(err error) {
	delete(s.engine.streams, s.id)
	defer close(s.done)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.late != nil {
		s.late.Stop()
	}
	end := s.describeEnd(err)
	if s.held != nil && !s.discarded {
		s.post(foreign(s.held), end)
		return
	}
	if s.writer != nil && s.writer.Rows() > 0 && !s.discarded {
		s.flush(end)
		return
	}
	message := object{"event": "end", "result": s.id, "end": end}
	if s.fields != nil && !s.announced {
		message["fields"] = s.fields
	}
	s.engine.post(message)
}

func (s *stream) describeEnd(err error) object {
	end := object{"summary": describeSummary(s.result.Summary()), "queryId": s.queryID}
	if err == nil {
		return end
	}
	end["error"] = describe(err)
	if s.cn != nil {
		end["state"] = s.cn.state()
	}
	if s.tx != nil {
		end["transaction"] = describeTransaction(s.tx)
	}
	return end
}

func (s *stream) isDiscarded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.discarded
}

// nudge wakes the sender, if it waits for the page.
func (s *stream) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// creditResult lets more blocks be sent.
func creditResult(_ context.Context, c *call) (any, error) {
	if s := c.engine.streams[c.args.number("result")]; s != nil {
		s.mu.Lock()
		s.credit += c.args.number("blocks")
		if s.overdue && s.credit > 0 && s.writer != nil && s.writer.Rows() > 0 && !s.discarded {
			s.flush(nil)
		}
		s.mu.Unlock()
		s.nudge()
	}
	return nil, nil
}

// discardResult gives up the rest of a result. One that has ended already is left as it is.
func discardResult(ctx context.Context, c *call) (any, error) {
	s := c.engine.streams[c.args.number("result")]
	if s == nil {
		return nil, nil
	}
	s.mu.Lock()
	s.discarded = true
	s.mu.Unlock()
	s.nudge()
	select {
	case <-s.done:
		return nil, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func queryID(ctx context.Context, c *call) (any, error) {
	s := c.engine.streams[c.args.number("result")]
	if s == nil {
		return nil, nil
	}
	return s.result.QueryID(ctx)
}
