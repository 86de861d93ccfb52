package main

import (
	"context"
	"sync"
	"time"
)

// clock is the drivers' clock, which the suite can stop and move on.
type clock struct {
	mu      sync.Mutex
	stopped time.Time // the zero Time: it goes on by itself
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped.IsZero() {
		return time.Now()
	}
	return c.stopped
}

func (c *clock) set(to func(stopped time.Time, d data) time.Time) request {
	return func(_ context.Context, _ *frontend, d data) (string, any, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.stopped = to(c.stopped, d)
		return "FakeTimeAck", nil, nil
	}
}

// suitesClock is that of all drivers: a backend runs one test at a time.
var suitesClock clock

func stopped(time.Time, data) time.Time { return time.Now() }

func goingOn(time.Time, data) time.Time { return time.Time{} }

func later(stopped time.Time, d data) time.Time {
	after, _ := d.milliseconds("incrementMs")
	return stopped.Add(after)
}
