package server

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client/wire"
)

const (
	// quietTime is how long a connection must have carried no bytes, with no answer due, to count as idle.
	quietTime = time.Second
	drainTick = 100 * time.Millisecond
)

// drain ends connections: quiet ones without an answer due at once, the others when ctx ends.
func (s *Server) drain(ctx context.Context) error {
	tick := time.NewTicker(drainTick)
	defer tick.Stop()
	goodbye := &ending{wire.CloseGoingAway, "the relay is shutting down"}
	for {
		force := ctx.Err() != nil
		left := 0
		for _, c := range s.open() {
			left++
			if force || c.quietFor() >= quietTime && !c.asked.Load() {
				c.end(goodbye)
			}
		}
		if left == 0 {
			return nil
		}
		if force {
			return ctx.Err()
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// open lists the connections.
func (s *Server) open() []*carrier {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*carrier, 0, len(s.carriers))
	for c := range s.carriers {
		list = append(list, c)
	}
	return list
}
