//go:build js && wasm

package bridge

import (
	"context"
	"io"
	"sync"
	"time"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/rowblock"
)

func init() {
	handle(protocol.MethodResultCredit, creditResult)
	handle(protocol.MethodResultDiscard, discardResult)
	handle(protocol.MethodResultQueryID, queryID)
}

const (
	// blockLimit is the size at which a block is sent.
	blockLimit = rowblock.DefaultLimit
	// maxKept is the size of the largest block whose memory is kept for the next.
	maxKept = 8 * blockLimit
	// lingering is how long rows wait at most in a block that is not full. The first rows of a result do not wait.
	lingering = 15 * time.Millisecond
)

// stream sends the rows of one result to the page. Its number is the id of the call that made the result. The page
// grants credit, in blocks, so that it never holds more blocks than it wants. The answer to the call goes with the
// first rows, or with the end, if they have arrived already; else it goes before them.
type stream struct {
	engine *engine
	id     int
	answer *protocol.Answer // to the call, while it is to be sent
	result *client.Result
	tx     *client.TransactionRef // or nil
	cn     *connection            // or nil if a connector runs the query
	// metadata says that the end includes the server's own metadata.
	metadata bool
	wake     chan struct{} // credit was granted, or the rest was discarded
	done     chan struct{}

	mu        sync.Mutex
	credit    int
	discarded bool
	fields    []string
	queryID   string
	announced bool // the page knows the fields
	sent      bool // a block
	complete  bool // the writer has all rows
	overdue   bool // rows have waited long enough and only lack the page's credit
	writer    *rowblock.Writer
	late      *time.Timer
	held      *client.Block // a relay's block, kept until it is known whether the result ends with it
}

func (e *engine) newStream(id, credit int) *stream {
	s := &stream{engine: e, id: id, credit: credit, wake: make(chan struct{}, 1), done: make(chan struct{})}
	e.streams[id] = s
	return s
}

// run answers the call and sends the rows.
func (s *stream) run(ctx context.Context, answer *protocol.Answer) {
	s.answer = answer
	var err error
	if !s.complete {
		err = s.send(ctx)
	}
	if err != nil {
		s.discardRest(ctx)
	}
	s.finish(err)
}

// restart tells the page to drop the rows so far, because the query runs again.
func (s *stream) restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.announced, s.sent, s.overdue, s.writer, s.held = false, false, false, nil, nil
	s.engine.postText(s.engine.writer.ResultEvent(&protocol.ResultEvent{Result: s.id, Restart: true}))
}

// abandon ends a stream whose failure is in the answer to the call.
func (s *stream) abandon() {
	delete(s.engine.streams, s.id)
	s.mu.Lock()
	s.discarded = true
	s.mu.Unlock()
	close(s.done)
}

// send sends all rows. It returns nil at the end of the result, and if the rest was discarded.
func (s *stream) send(ctx context.Context) error {
	fields, err := s.result.Fields(ctx)
	if err != nil {
		return err
	}
	if s.queryID, err = s.result.QueryID(ctx); err != nil {
		return err
	}
	s.fields, s.writer = append([]string{}, fields...), rowblock.NewWriter(len(fields), blockLimit)
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

// discardRest discards the rows of a result that is not sent to its end. Otherwise the server would hold them until the
// connection is used again.
func (s *stream) discardRest(ctx context.Context) {
	if ctx.Err() == nil {
		_ = s.result.Discard(ctx)
		return
	}
	for { // after the rows that have arrived, the ended context interrupts the server
		if _, err := s.result.NextBatch(ctx); err != nil {
			return
		}
	}
}

// announce is called before the next records are read: rows that have arrived must not wait for them. The first rows of
// a result are sent at once, later ones only when the next read has to wait for the server.
func (s *stream) announce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := s.writer.Rows() > 0 && !s.sent
	if !first && s.result.HasRecords() {
		return
	}
	complete := s.result.Source().Complete() // then the end has arrived too, and goes with the rows
	switch {
	case complete:
	case first:
		s.flush(nil)
	case s.writer.Rows() > 0 && s.late == nil:
		s.late = time.AfterFunc(lingering, s.flushLate)
	case s.writer.Rows() == 0 && !s.announced:
		s.post(protocol.ResultEvent{}, nil)
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

// pass sends a block that a relay made. It keeps the last block of a result, so that the end goes with it.
func (s *stream) pass(ctx context.Context, block *client.Block) error {
	if err := s.passHeld(ctx); err != nil {
		return err
	}
	if s.result.Source().Complete() && !s.result.HasRecords() {
		s.held = block
		return nil
	}
	return s.passNow(ctx, block)
}

// passHeld sends the block that was kept, because it is not the last.
func (s *stream) passHeld(ctx context.Context) error {
	block := s.held
	if block == nil {
		return nil
	}
	s.held = nil
	return s.passNow(ctx, block)
}

func (s *stream) passNow(ctx context.Context, block *client.Block) error {
	if err := s.awaitCredit(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.discarded {
		s.postBlock(block, nil)
	}
	return nil
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
		if s.writer.Rows() > 0 { // else flushLate was quicker
			s.flush(nil)
		}
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

// flush sends the block, with the end of the result if it is known. Called with mu held.
func (s *stream) flush(end *protocol.End) {
	s.engine.block = s.writer.Flush(s.engine.block[:0])
	block := s.engine.block
	s.postBlock(&client.Block{Bytes: block}, end)
	if cap(block) > maxKept {
		s.engine.block = nil
	}
}

// postBlock sends a block, with the end of the result if it is known. Called with mu held.
func (s *stream) postBlock(block *client.Block, end *protocol.End) {
	s.credit--
	s.sent, s.overdue = true, false
	s.post(protocol.ResultEvent{End: end}, block)
}

// post sends an event of the result, with the field names if the page does not know them yet, and with the answer to
// the call if it is not sent yet. The block may be nil. Called with mu held.
func (s *stream) post(event protocol.ResultEvent, block *client.Block) {
	event.Result = s.id
	if !s.announced && s.fields != nil {
		s.announced = true
		event.Fields = s.fields
	}
	if answer := s.answer; answer != nil {
		s.answer, answer.Rows = nil, &event
		s.engine.postWith(s.engine.writer.Answer(answer), block)
		return
	}
	s.engine.postWith(s.engine.writer.ResultEvent(&event), block)
}

// finish sends the remaining rows and how the result ended. The last block needs no credit, because nothing follows it.
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
		s.postBlock(s.held, end)
		return
	}
	if s.writer != nil && s.writer.Rows() > 0 && !s.discarded {
		s.flush(end)
		return
	}
	s.post(protocol.ResultEvent{End: end}, nil)
}

func (s *stream) describeEnd(err error) *protocol.End {
	end := &protocol.End{QueryID: s.queryID}
	if whole := s.result.Summary(); whole != nil {
		summary := *whole
		summary.Query = ""
		if end.Success = client.OnlySuccess(summary.GQLStatuses); end.Success {
			summary.GQLStatuses = nil
		}
		end.Summary = &summary
		if s.metadata {
			end.Metadata = metadataOf(whole)
		}
	}
	if err == nil {
		return end
	}
	end.Error = describe(err)
	if s.cn != nil {
		end.State = s.cn.state()
	}
	if s.tx != nil {
		end.Transaction = describeTransaction(s.tx)
	}
	return end
}

// metadataOf puts the server's metadata into a row block, because only a row block can hold values of every type.
func metadataOf(summary *client.Summary) map[string]any {
	run, end := summary.Metadata()
	record := packstream.AppendListHeader(nil, 2)
	for _, part := range [][]byte{run, end} {
		if part == nil {
			record = packstream.AppendNull(record)
		}
		record = append(record, part...)
	}
	writer := rowblock.NewWriter(2, blockLimit)
	batch := client.Batch{Data: record, Records: []client.Span{{End: uint32(len(record))}}}
	if _, err := writer.Append(batch, 0); err != nil {
		return nil // cannot be: it came as a map
	}
	return map[string]any{"block": writer.Flush(nil)}
}

func (s *stream) isDiscarded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.discarded
}

// nudge wakes the sender if it waits for the page.
func (s *stream) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// creditResult lets more blocks be sent.
func creditResult(_ context.Context, c *call, args *protocol.Credit) (*protocol.None, error) {
	if s := c.engine.streams[args.Result]; s != nil {
		s.mu.Lock()
		s.credit += args.Blocks
		if s.overdue && s.credit > 0 && s.writer != nil && s.writer.Rows() > 0 && !s.discarded {
			s.flush(nil)
		}
		s.mu.Unlock()
		s.nudge()
	}
	return nil, nil
}

// discardResult gives up the rest of a result. If the result has ended already, it does nothing.
func discardResult(ctx context.Context, c *call, args *protocol.OfResult) (*protocol.None, error) {
	s := c.engine.streams[args.Result]
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

// queryID returns "" for a result that has ended: its end has told the id.
func queryID(ctx context.Context, c *call, args *protocol.OfResult) (*string, error) {
	s := c.engine.streams[args.Result]
	if s == nil {
		return new(string), nil
	}
	id, err := s.result.QueryID(ctx)
	return &id, err
}
