package bolt

import (
	"context"
	"io"

	"github.com/webbolt/webbolt/client"
)

// Sync waits until the server has answered the query behind result, with its first records, and returns its failure if
// it failed.
func (c *Connection) Sync(ctx context.Context, result *client.Result) error {
	var own *source
	if result != nil {
		own, _ = result.Source().(*source)
	}
	if own == nil || own.c != c {
		return &client.ArgumentError{Argument: "result", Message: "it is not a result of this connection"}
	}
	c.mu.Lock()
	done, err := own.answeredSoFar()
	c.mu.Unlock()
	if done {
		return err
	}
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.unlock()
	talkErr := c.converse(ctx, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		done, err = own.answeredSoFar()
		return done
	})
	if talkErr != nil {
		return talkErr
	}
	return err
}

// answeredSoFar reports whether no answer is due, and how the result failed if it did.
func (s *source) answeredSoFar() (bool, error) {
	if s.ended && s.err != io.EOF {
		return true, s.err
	}
	return s.ended || !s.due(), nil
}
