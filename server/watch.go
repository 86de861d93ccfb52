package server

import (
	"math"
	"time"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/client/wire"
)

// touch notes that bytes were carried.
func (c *carrier) touch() { c.active.Store(int64(time.Since(c.began))) }

// hear notes a sign of life of the page.
func (c *carrier) hear() { c.heard.Store(int64(time.Since(c.began))) }

// quietFor is how long nothing was carried.
func (c *carrier) quietFor() time.Duration {
	return time.Since(c.began) - time.Duration(c.active.Load())
}

// startWatch begins to ping the page and to check the time limits.
func (c *carrier) startWatch() {
	c.hear()
	c.touch()
	c.ws.SetPongHandler(func(string) error { c.hear(); return nil })
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watch = time.AfterFunc(c.nextLook(), c.look)
}

// look ends a connection that exceeds a time limit, or pings it.
func (c *carrier) look() {
	limits := c.server.limits
	age := time.Since(c.began)
	switch {
	case limits.Life > 0 && age >= limits.Life:
		c.end(&ending{wire.CloseTimeOver, "the connection has reached the age that the relay allows"})
		return
	case limits.Idle > 0 && c.quietFor() >= limits.Idle:
		c.end(&ending{wire.CloseTimeOver, "the connection was idle for too long"})
		return
	case limits.Ping > 0 && !c.busy.Load() && age-time.Duration(c.heard.Load()) > 3*limits.Ping:
		c.end(&ending{wire.CloseTimeOver, "the page does not answer pings"})
		return
	}
	if limits.Ping > 0 {
		_ = c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(closeTimeout))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause == nil {
		c.watch.Reset(c.nextLook())
	}
}

// nextLook is the time until the next check.
func (c *carrier) nextLook() time.Duration {
	limits := c.server.limits
	next := time.Duration(math.MaxInt64)
	if limits.Life > 0 {
		next = limits.Life - time.Since(c.began)
	}
	if limits.Idle > 0 {
		next = min(next, limits.Idle-c.quietFor())
	}
	if limits.Ping > 0 {
		next = min(next, limits.Ping)
	}
	return max(next, time.Millisecond)
}

// positive is the limit, or 0 for none, as net/http wants it.
func positive(limit time.Duration) time.Duration { return max(0, limit) }
