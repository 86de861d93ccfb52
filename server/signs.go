package server

import (
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/client/lane"
)

// wantsSigns reports whether the page asks for signs of life.
func wantsSigns(r *http.Request) bool { return r.URL.Query().Get(lane.SignParameter) == lane.Version }

// startSigns begins to tell a page that waits for an answer that the relay is there. That the server is, the relay
// knows from the system's keep-alives, which end the connection where it is not.
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

// giveSign is called where nothing else writes to the page.
func (c *carrier) giveSign() error {
	return c.sendFrame(websocket.TextMessage, []byte(lane.Sign(c.server.limits.Sign)))
}
