package bolt

import (
	"context"
	"io"

	"github.com/webbolt/webbolt/client/wire"
)

// Discard drops what is buffered, tells the server that no more records are wanted, and waits for the end of the
// result.
func (s *source) Discard(ctx context.Context) error {
	c := s.c
	c.mu.Lock()
	s.drop()
	ended, err := s.ended, s.err
	c.mu.Unlock()
	if ended {
		return unlessEOF(err)
	}
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.unlock()
	talkErr := c.converse(ctx, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		if s.more && !s.pulling {
			s.discards = true
			c.appendTransfer(s, requestDiscard, wire.MessageDiscard, allRecords)
		}
		err = s.err
		return s.ended
	})
	if talkErr != nil {
		return talkErr
	}
	return unlessEOF(err)
}

// drop discards the buffered records, and those that still come. The caller holds mu.
func (s *source) drop() {
	if len(s.open.spans) > 0 {
		s.finishBatch()
	}
	s.closeLane()
	s.batches, s.waiting, s.dropping = nil, 0, true
}

func unlessEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}
