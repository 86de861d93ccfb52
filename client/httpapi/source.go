package httpapi

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/jsonvalues"
)

// source is the [client.Source] of one query's result. It reads the answer piece by piece, when a reader waits for
// records.
type source struct {
	c                          *Connection
	form                       wireForm
	tx                         *transaction // or nil
	alone                      bool         // tx was begun for this query only, and is committed after it
	readonly                   bool
	query, graphName, database string
	parameters                 map[string]any // a copy: the caller may change the original while this result is open
	filter                     client.NotificationFilter

	// The connection's turn guards these.
	call   *call
	answer *jsonvalues.Answer
	began  period // in which its transaction began; until is zero before the answer
	begun  bool   // rows came

	mu      sync.Mutex
	fields  []string
	batches []client.Batch // read and not handed out
	ended   error          // io.EOF, or why the result failed; nil before the end
	summary *client.Summary
	// unwanted is why the reader abandoned the result while another call had the turn, or nil.
	unwanted error
}

// Fields returns the field names, for which RunProg and RunQuery have waited.
func (s *source) Fields(context.Context) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fields, nil
}

// QueryID returns "": HTTP has no ids of queries.
func (s *source) QueryID(context.Context) (string, error) { return "", nil }

// Ready returns a batch that has arrived already.
func (s *source) Ready() (client.Batch, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pop()
}

// pop returns the next batch that was read. The caller holds mu.
func (s *source) pop() (client.Batch, bool) {
	if len(s.batches) == 0 {
		return client.Batch{}, false
	}
	batch := s.batches[0]
	s.batches[0] = client.Batch{}
	s.batches = s.batches[1:]
	return batch, true
}

// known returns the next batch, or how the result ended, if it is known without waiting.
func (s *source) known() (client.Batch, error, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if batch, ok := s.pop(); ok {
		return batch, nil, true
	}
	return client.Batch{}, s.ended, s.ended != nil
}

// Next waits for the next batch.
func (s *source) Next(ctx context.Context) (client.Batch, error) {
	if batch, err, known := s.known(); known {
		return batch, err
	}
	if err := s.lock(ctx); err != nil {
		return client.Batch{}, err
	}
	defer s.c.unlock()
	for {
		if batch, err, known := s.known(); known {
			return batch, err
		}
		s.advance(ctx)
	}
}

// lock waits for the turn. If ctx ends first, it abandons the result, so that the connection need not read the rest
// before its next use. If the result has failed, it returns that failure.
func (s *source) lock(ctx context.Context) error {
	err := s.c.lock(ctx)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		if s.c.turn.Try() {
			if s.c.open == s && s.c.lostBy() == nil {
				s.abandon(context.Cause(ctx))
			}
			s.c.unlock()
		} else { // the running call abandons the result when it is done
			s.mu.Lock()
			s.unwanted = context.Cause(ctx)
			s.mu.Unlock()
		}
	}
	if failure := s.failure(); failure != nil {
		return failure
	}
	return err
}

// failure is why the result failed, or nil.
func (s *source) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == io.EOF {
		return nil
	}
	return s.ended
}

// advance reads the next piece of the answer, and notes batches and the end in s. The caller has the turn.
func (s *source) advance(ctx context.Context) {
	c := s.c
	if err := c.readOn(ctx, s.call, s.answer); err != nil {
		s.end(s.failed(c.cutShort(err)))
		return
	}
	if s.answer.Ready() {
		s.begun = true
		batch := s.answer.Drain()
		s.mu.Lock()
		s.batches = append(s.batches, batch)
		s.mu.Unlock()
	}
	if !s.answer.Whole {
		return
	}
	var err error = io.EOF
	if failure := s.form.failure(s.answer.Meta); failure != nil {
		err = s.failed(failure)
	} else if s.answer.Torn {
		err = s.failed(c.protocolError("the server sent a row with another number of values than there are fields",
			nil))
	}
	s.finish(ctx, err)
}

// awaitFields reads until the field names are known.
func (s *source) awaitFields(ctx context.Context) error {
	for !s.answer.HasFields && s.ended == nil {
		s.advance(ctx)
	}
	if err := s.failure(); err != nil && len(s.batches) == 0 {
		return err // else the reader gets the rows before the failure
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fields = s.answer.Fields
	return nil
}

// finish notes that the answer is complete: err is io.EOF or the server's failure.
func (s *source) finish(ctx context.Context, err error) {
	last := s.answer.Meta
	if err == io.EOF && s.alone {
		// All rows have come, but they count only if the commit succeeds.
		answer, failure := s.c.exchange(ctx, s.form, s.form.commit(s.tx))
		if failure != nil {
			s.end(s.failed(failure))
			return
		}
		last = answer.Meta
	}
	summary := s.brief()
	summary.Complete = true
	s.form.summarize(s.answer.Meta, summary)
	summary.Notifications = filtered(filtered(summary.Notifications, s.c.options.Notifications), s.filter)
	if err == io.EOF {
		summary.GQLStatuses = client.StatusesOf(summary.Notifications, s.conclusion(summary))
	}
	if s.tx == nil || s.alone {
		summary.Bookmark = s.form.bookmark(last)
	}
	s.mu.Lock()
	s.summary = summary
	s.mu.Unlock()
	s.end(err)
}

// conclusion is how the complete result ended.
func (s *source) conclusion(summary *client.Summary) client.Conclusion {
	if summary.Plan != nil {
		return client.ConclusionOmitted // of EXPLAIN
	}
	return client.ConclusionOf(len(s.answer.Fields), s.begun || s.answer.Skipped, false)
}

// end notes that nothing more comes. The caller has the turn.
func (s *source) end(err error) {
	s.c.mu.Lock()
	if s.c.open == s {
		s.c.open = nil
	}
	s.c.mu.Unlock()
	s.call.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		s.ended = err
	}
}

// abandon gives up the rest of the answer, and with it the transaction, if there is one. The caller has the turn.
func (s *source) abandon(err error) {
	s.end(s.failed(err))
}

// failed notes that the query failed or was abandoned, and returns err. A failure ends the transaction. Of an abandoned
// query the server does not know: the Query API runs it to its end, and commits. The caller has the turn.
func (s *source) failed(err error) error {
	if _, refused := errors.AsType[*client.Failure](err); !refused && s.c.lostBy() == nil {
		s.abandonOnServer()
	}
	if s.tx != nil {
		s.c.breakOff(s.tx)
	}
	return err
}

// abandonOnServer makes the server end the query, which may still run.
func (s *source) abandonOnServer() {
	if s.began.until.IsZero() {
		s.began.until = time.Now()
	}
	s.c.addLeftover(leftover{tx: s.tx, query: s.query, parameters: s.parameters,
		address: s.form.address(s.database, s.tx != nil), began: s.began})
}

// dropUnwanted abandons the open result if its reader has abandoned it. The caller has the turn.
func (c *Connection) dropUnwanted() {
	s := c.open
	if s == nil || c.lostBy() != nil {
		return
	}
	s.mu.Lock()
	cause := s.unwanted
	s.mu.Unlock()
	if cause != nil {
		s.abandon(cause)
	}
}

// buffer reads the rest of the answer into memory. The caller has the turn.
func (s *source) buffer(ctx context.Context) {
	for s.c.open == s {
		s.advance(ctx)
	}
}

// discardLimit is how many bytes of an unwanted answer are read, where the query only reads. A short answer is read to
// its end, for its summary.
const discardLimit = 1 << 20

// Discard reads the answer to its end without keeping records, so that the query runs to its end. A query that only
// reads, in a transaction of its own, is abandoned after discardLimit bytes.
func (s *source) Discard(ctx context.Context) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.c.unlock()
	start := s.c.bytesIn.Load()
	for s.c.open == s {
		s.answer.Discard = true
		if s.readonly && s.tx == nil && s.c.bytesIn.Load()-start > discardLimit {
			s.end(io.EOF)
			s.abandonOnServer()
			break
		}
		s.advance(ctx)
	}
	s.mu.Lock()
	s.batches = nil
	s.mu.Unlock()
	return s.failure()
}

// Complete reports whether all has arrived.
func (s *source) Complete() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.summary != nil
}

// Summary is what is known now.
func (s *source) Summary() *client.Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.summary == nil {
		return s.brief()
	}
	summary := *s.summary
	return &summary
}

// brief is what is known from the start.
func (s *source) brief() *client.Summary {
	return &client.Summary{Query: s.query, Database: s.database, AvailableAfter: -1, ConsumedAfter: -1,
		ServerAddress: s.c.profile.Address(), ServerAgent: "Neo4j/" + s.c.version,
		Transport: client.TransportHTTP}
}

var _ client.Source = (*source)(nil)
