package server

import (
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/client/lane"
)

// wantsSigns reports whether the page asks for signs of life.
func wantsSigns(r *http.Request) bool { return r.URL.Query().Get(lane.SignParameter) == lane.Version }

// startSigns begins to send signs of life to a page that waits for an answer. The relay knows from TCP keep-alives that
// the server is there: they end the connection if it is not.
func (c *carrier) startSigns() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.signs && c.cause == nil {
		c.signing = time.AfterFunc(c.server.limits.Sign, c.sign)
	}
}

func (c *carrier) stopSigns() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.signing != nil {
		c.signing.Stop()
	}
}

func (c *carrier) sign() {
	var err error
	c.blocks.converter.WhileDue(func() { err = c.giveSign() })
	if err != nil {
		c.end(c.failed(err))
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause == nil {
		c.signing.Reset(c.server.limits.Sign)
	}
}

// giveSign sends a sign of life. Nothing else may write to the page meanwhile.
func (c *carrier) giveSign() error {
	return c.sendFrame(websocket.TextMessage, []byte(lane.Sign(c.server.limits.Sign)))
}
