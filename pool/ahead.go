package pool

import (
	"context"
	"slices"
	"sync"

	"github.com/webbolt/webbolt/client"
)

// A result of a Connector holds a connection until it has been read. A caller that opens more results than the pool has
// connections, before it reads the first, would wait for itself. So when a caller has to wait, the connector reads the
// result that was opened first into memory, up to aheadLimit, to free its connection.

// aheadLimit is the maximum number of bytes of one result that are read ahead. A larger result keeps its connection
// until the caller has read it.
const aheadLimit = 64 << 20

// ahead is what was read of a result before its reader asked for it. The source's turn guards it, except for the fields
// that mu guards.
type ahead struct {
	batches []client.Batch
	err     error // the end of the result, after the batches

	mu     sync.Mutex
	cancel context.CancelCauseFunc // while the result is being read; nil before
}

// next returns the first batch, or the end; known is false if there is neither, and more is to be read.
func (a *ahead) next() (batch client.Batch, err error, known bool) {
	if len(a.batches) > 0 {
		batch = a.batches[0]
		a.batches = slices.Delete(a.batches, 0, 1)
		return batch, nil, true
	}
	return client.Batch{}, a.err, a.err != nil
}

func (a *ahead) drop() { a.batches = nil }

// begin returns the context to read with. Only the first call does; later calls give nil.
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

// stop makes reading ahead interrupt the server, because the reader has given up.
func (a *ahead) stop(cause error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cancel != nil {
		a.cancel(cause)
	}
}

// readAhead reads the rest of the result. It releases the turn after each batch, so that the reader can get it.
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

// relieve starts reading ahead the earliest result that holds a connection of a full pool.
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
