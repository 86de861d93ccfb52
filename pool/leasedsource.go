package pool

import (
	"context"
	"io"

	"github.com/webbolt/webbolt/client"
)

// leasedSource gives the connection back when the result has ended.
type leasedSource struct {
	client.Source
	connector *Connector
	lease     *lease
	ahead     ahead // what was read before the reader asked for it
	// held by one call at a time, so that the failure of a call is always the end of the result; guards the fields
	// below
	turn    chan struct{}
	over    bool // the connection was given back
	learned bool // from a failure
}

// lock waits for the turn. If no other call uses the source, a call gets the turn even if its context has ended: the
// source then interrupts the server.
func (s *leasedSource) lock(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		return nil
	default:
	}
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		s.ahead.stop(context.Cause(ctx))
		return context.Cause(ctx)
	}
}

func (s *leasedSource) unlock() { <-s.turn }

func (s *leasedSource) Next(ctx context.Context) (client.Batch, error) {
	if err := s.lock(ctx); err != nil {
		return client.Batch{}, err
	}
	defer s.unlock()
	if batch, err, known := s.ahead.next(); known {
		return batch, err
	}
	return s.read(ctx)
}

// Ready returns a batch that has arrived already.
func (s *leasedSource) Ready() (client.Batch, bool) {
	select {
	case s.turn <- struct{}{}:
	default:
		return client.Batch{}, false
	}
	defer s.unlock()
	if batch, err, known := s.ahead.next(); known {
		return batch, err == nil
	}
	return s.Source.Ready()
}

// read waits for the next batch. The caller has the turn.
func (s *leasedSource) read(ctx context.Context) (client.Batch, error) {
	batch, err := s.Source.Next(ctx)
	if err != nil {
		s.end(ctx, err)
	} else {
		s.endIfComplete(ctx)
	}
	return batch, err
}

// endIfComplete gives the connection back as soon as all records have arrived, even if they are not all read yet.
func (s *leasedSource) endIfComplete(ctx context.Context) {
	if !s.over && s.Complete() {
		s.end(ctx, io.EOF)
	}
}

func (s *leasedSource) Discard(ctx context.Context) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	s.ahead.drop()
	err := s.Source.Discard(ctx)
	s.end(ctx, err)
	return err
}

// end is called each time that the end is seen. Only the first call has an effect: later the information is old, and
// another caller has the connection.
func (s *leasedSource) end(ctx context.Context, err error) {
	if err != nil && err != io.EOF && !s.learned { // an error that wraps io.EOF: the other side closed the connection
		s.learned = true
		s.connector.learn(ctx, s.lease, err)
	}
	if s.over {
		return
	}
	s.over = true
	s.connector.unwatchResult(s)
	if s.connector.bookmarks != nil && s.Complete() {
		// the result is complete, even if Consume fails
		_ = s.connector.bookmarks.update(ctx, s.lease.bookmarks, s.Summary().Bookmark)
	}
	s.lease.end(ctx)
}
