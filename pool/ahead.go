package pool

import (
	"context"
	"slices"
	"sync"

	"github.com/webbolt/webbolt/client"
)

// A result of a Connector holds a connection until it has been read. Whoever opens more of them than the pool has
// connections before reading the first would wait for himself. So when somebody has to wait, the result that was opened
// first is read into memory, up to aheadLimit, to free its connection.

// aheadLimit is how many bytes of one result are read ahead at most. A larger one keeps its connection until its reader
// takes it.
const aheadLimit = 64 << 20

// ahead is what was read of a result before its reader asked for it. The source's turn guards it, but for what mu does.
type ahead struct {
	batches []client.Batch
	err     error // the end, behind the batches

	mu     sync.Mutex
	cancel context.CancelCauseFunc // while it is being read; nil before
}

// next gives the first batch, or the end; known is false where more is to be asked for.
func (a *ahead) next() (batch client.Batch, err error, known bool) {
	if len(a.batches) > 0 {
		batch = a.batches[0]
		a.batches = slices.Delete(a.batches, 0, 1)
		return batch, nil, true
	}
	return client.Batch{}, a.err, a.err != nil
}

func (a *ahead) drop() { a.batches = nil }

// begin gives the context to read with, once; nil if reading has begun already.
func (a *ahead) begin() context.Context {
	if a.begun() {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	ctx, cancel := context.WithCancelCause(context.Background())
	a.cancel = cancel
	return ctx
}

// begun reports whether reading ahead has begun.
func (a *ahead) begun() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.cancel != nil
}

// stop has reading ahead interrupt the server, because the reader has given up.
func (a *ahead) stop(cause error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cancel != nil {
		a.cancel(cause)
	}
}

// readAhead reads the rest of the result, batch by batch, so that its reader gets in between.
func (s *leasedSource) readAhead(ctx context.Context) {
	for size := 0; size < aheadLimit; {
		s.turn <- struct{}{}
		if s.over {
			s.unlock()
			break
		}
		batch, err := s.read(ctx)
		if err != nil {
			s.ahead.err = err
		} else {
			s.ahead.batches = append(s.ahead.batches, batch)
			size += len(batch.Data)
		}
		s.unlock()
	}
	s.ahead.stop(nil)
}

// watchResult notes a result that holds a connection; unwatchResult forgets it.
func (c *Connector) watchResult(s *leasedSource) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.results = append(c.results, s)
}

func (c *Connector) unwatchResult(s *leasedSource) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.results, s); i >= 0 {
		c.results = slices.Delete(c.results, i, i+1)
	}
}

// relieve has the earliest result that holds a connection of a full pool read ahead.
func (c *Connector) relieve(p *ConnectionPool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.results {
		if s.lease.pool != p {
			continue
		}
		if ctx := s.ahead.begin(); ctx != nil {
			go s.readAhead(ctx)
			return
		}
	}
}
