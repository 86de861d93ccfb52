package server

import (
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/client/lane"
	"github.com/webbolt/webbolt/server/blocks"
)

// wantsBlocks reports whether the page asks for row blocks instead of records.
func wantsBlocks(r *http.Request) bool { return r.URL.Query().Get(lane.Parameter) == lane.Version }

// blockMaker makes row blocks for a connection.
type blockMaker struct {
	key       string // opens lanes
	converter *blocks.Converter
	page      io.Writer // set before the converter writes
}

// Write sends the page the converter's output.
func (b *blockMaker) Write(data []byte) (int, error) { return b.page.Write(data) }

// offerBlocks tells the page that it may ask for row blocks and, with signs, that it will get signs of life. It is
// called before the connection carries bytes.
func (c *carrier) offerBlocks(signs bool) {
	c.blocks = &blockMaker{key: rand.Text()}
	c.blocks.converter = blocks.NewConverter(c.blocks, blocks.Stats{Block: c.server.metrics.blocks.count})
	c.page.text = c.blocks.goAhead
	c.server.lanes.remember(c)
	_ = c.ws.SetWriteDeadline(time.Now().Add(closeTimeout))
	// a page that is gone is seen by greet
	_ = c.ws.WriteMessage(websocket.TextMessage, []byte(lane.Greeting(c.blocks.key)))
	if signs && c.server.limits.Sign >= time.Second {
		c.signs = true
		_ = c.giveSign()
	}
}

// goAhead handles a text frame by which the page allows the use of a lane.
func (b *blockMaker) goAhead(text string) bool {
	result, ok := lane.ReadGoAhead(text)
	if ok {
		b.converter.UseLane(result)
	}
	return ok
}

// blockTraffic is traffic in which records become row blocks.
type blockTraffic struct {
	*blocks.Converter
	inner traffic
}

// FromServer handles bytes from the server; inner writes the bytes for the page to the Converter.
func (b blockTraffic) FromServer(data []byte) error { return b.inner.FromServer(data) }

// waitingTraffic holds back some of the server's bytes for a short time.
type waitingTraffic interface {
	traffic
	Due() time.Time
	Flush() error
}

// flushIfDue sends held back bytes in time, by a deadline for the next read. It reports whether the last read ended by
// that deadline.
func (c *carrier) flushIfDue(conn net.Conn, to waitingTraffic, readErr error) (expired bool, err error) {
	if errors.Is(readErr, os.ErrDeadlineExceeded) {
		expired = true
		if err := to.Flush(); err != nil {
			return expired, err
		}
	}
	due := to.Due()
	if !due.IsZero() && !time.Now().Before(due) { // the server still sends, but too little to fill the block
		if err := to.Flush(); err != nil {
			return expired, err
		}
		due = time.Time{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause == nil {
		_ = conn.SetReadDeadline(due)
	}
	return expired, nil
}
