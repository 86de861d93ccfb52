package server

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/server/budget"
	"github.com/webbolt/webbolt/server/household"
	"github.com/webbolt/webbolt/server/logs"
	"github.com/webbolt/webbolt/server/upstream"
)

// carrier carries one connection. Two goroutines work for it: run reads the page and writes the upstream, down reads
// the upstream and writes the page. Each writes before it reads on, so a slow side slows the other one down.
type carrier struct {
	server *Server
	visit  Visit
	to     upstream.Destination
	ws     *websocket.Conn
	page   *pageReader
	blocks *blockMaker     // or nil, if the page did not ask for row blocks
	memory *budget.Account // for what the page has not finished
	ctx    context.Context // ends with the connection
	cancel func()

	began          time.Time
	active         atomic.Int64 // when the last byte was carried, as time since began
	heard          atomic.Int64 // when the page last gave a sign of life, likewise
	busy           atomic.Bool  // writing to the upstream, so not reading from the page
	asked          atomic.Bool  // the page sent the last bytes, so an answer is due
	received, sent atomic.Int64
	watch          *time.Timer
	signs          bool        // the page was promised signs of life
	signing        *time.Timer // when the next is due, or nil

	mu       sync.Mutex
	upstream net.Conn // nil until it is reached
	cause    *ending  // why the connection ends; set once
	expiry   *time.Timer
}

var errPageGone = &ending{0, "the page closed the connection"}

func newCarrier(s *Server, ws *websocket.Conn, visit Visit, to upstream.Destination) *carrier {
	c := &carrier{server: s, visit: visit, to: to, ws: ws, began: time.Now()}
	c.page = &pageReader{ws: ws, limit: s.limits.Frame}
	c.memory = s.budget.Open(household.Of(visit.Client), func() {
		c.end(
			&ending{wire.CloseTooMany, budget.ErrTaken.Error()})
	})
	c.ctx, c.cancel = context.WithCancel(logs.WithClient(context.Background(), visit.Client))
	return c
}

// start begins to carry the connection, unless the relay is shutting down.
func (s *Server) start(c *carrier) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return false
	}
	s.carriers[c] = struct{}{}
	s.running.Go(c.run)
	return true
}

// run carries the connection from its handshake to its end.
func (c *carrier) run() {
	defer c.cleanUp()
	hello, err := c.greet()
	if err != nil {
		c.end(c.failed(err))
		c.refused()
		return
	}
	dialled := time.Now()
	conn, err := c.server.directory.Dial(c.ctx, c.to)
	c.server.metrics.dial.Observe(time.Since(dialled).Seconds())
	if err != nil {
		c.end(endingOf(err))
		c.server.log.Warn("upstream not reached", "id", c.visit.ID, "client", c.visit.Client, "target", c.visit.Target,
			"error", causeOf(err))
		c.refused()
		return
	}
	if !c.attach(conn) {
		c.refused()
		return
	}
	c.server.note(Event{Kind: EventOpened, Visit: c.visit})
	c.startWatch()
	c.carry(conn, hello)
	c.server.note(Event{
		Kind: EventClosed, Visit: c.visit, Code: c.cause.code, Reason: c.cause.text,
		Received: c.received.Load(), Sent: c.sent.Load(), Duration: time.Since(c.began),
	})
}

// carry passes bytes in both directions until one side ends.
func (c *carrier) carry(conn net.Conn, hello []byte) {
	bytes, err := c.begin(conn, hello)
	if err != nil {
		c.end(c.failed(err))
		linger(c.ws)
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.end(c.down(conn, bytes))
	}()
	why := c.up(bytes)
	if why.code == wire.CloseUnreachable { // the server's last bytes may still be on their way
		select {
		case <-done:
		case <-time.After(lingering):
		}
	}
	c.end(why)
	linger(c.ws)
	<-done
}

// refused ends a connection that did not reach its upstream.
func (c *carrier) refused() {
	c.server.note(Event{Kind: EventRefused, Visit: c.visit, Code: c.cause.code, Reason: c.cause.text})
	linger(c.ws)
}

func (c *carrier) cleanUp() {
	c.cancel()
	c.server.lanes.forget(c)
	if c.watch != nil {
		c.watch.Stop()
	}
	c.stopSigns()
	if c.expiry != nil {
		c.expiry.Stop()
	}
	_ = c.ws.Close()
	c.memory.Close()
	c.server.census.remove(c.visit.Client)
	c.server.mu.Lock()
	delete(c.server.carriers, c)
	c.server.mu.Unlock()
}

// attach sets the upstream, unless the connection has ended meanwhile.
func (c *carrier) attach(conn net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause != nil {
		_ = conn.Close()
		return false
	}
	c.upstream = conn
	_ = c.ws.NetConn().SetReadDeadline(time.Time{}) // that of greet
	return true
}

// end ends the connection: it tells the page, and ends reads and writes on both sides. Only the first cause counts.
func (c *carrier) end(why *ending) {
	c.mu.Lock()
	if c.cause != nil {
		c.mu.Unlock()
		return
	}
	c.cause = why
	conn := c.upstream
	c.mu.Unlock()
	c.cancel()
	if conn != nil {
		_ = conn.Close()
	}
	if c.blocks != nil {
		c.blocks.converter.Close()
	}
	if why.code != 0 {
		sayGoodbye(c.ws, why)
	}
	socket := c.ws.NetConn()
	_ = socket.SetReadDeadline(time.Now().Add(lingering))
	_ = socket.SetWriteDeadline(time.Now()) // for down, in case the page reads nothing
}

// up carries the page's bytes. It returns why it stopped.
func (c *carrier) up(to traffic) *ending {
	for {
		if err := c.page.await(); err != nil {
			return c.failed(err)
		}
		buffer := middle.get()
		n, err := c.page.Read(buffer.bytes)
		if err == nil {
			c.received.Add(int64(n))
			c.server.metrics.received.Add(float64(n))
			c.hear()
			c.asked.Store(true)
			c.busy.Store(true)
			err = to.FromPage(buffer.bytes[:n])
			c.hear() // signs of the page were not read meanwhile
			c.busy.Store(false)
		}
		buffer.free()
		if err != nil {
			return c.failed(err)
		}
	}
}

// down carries the upstream's bytes, each read as one frame: a single message is sent at once, and messages that have
// accumulated are sent together. It returns why it stopped.
func (c *carrier) down(conn net.Conn, to traffic) *ending {
	buffer := small.get()
	defer func() { buffer.free() }()
	waiting, _ := to.(waitingTraffic)
	for {
		n, err := conn.Read(buffer.bytes)
		if n > 0 {
			if err := to.FromServer(buffer.bytes[:n]); err != nil {
				return c.failed(err)
			}
			if !isNoop(buffer.bytes[:n]) {
				c.asked.Store(false)
			}
			buffer = buffer.after(n)
		}
		if waiting != nil {
			if flushed, err2 := c.flushIfDue(conn, waiting, err); err2 != nil {
				return c.failed(err2)
			} else if flushed {
				continue
			}
		}
		if errors.Is(err, io.EOF) {
			return &ending{wire.CloseNormal, "the server closed the connection"}
		}
		if err != nil {
			return upstreamBroke(err)
		}
	}
}

// send writes one frame to the page.
func (c *carrier) send(data []byte) error {
	if err := c.sendFrame(websocket.BinaryMessage, data); err != nil {
		return err
	}
	c.sent.Add(int64(len(data)))
	c.server.metrics.sent.Add(float64(len(data)))
	c.touch()
	return nil
}

func (c *carrier) sendFrame(kind int, data []byte) error {
	if c.server.limits.Write > 0 {
		_ = c.ws.SetWriteDeadline(time.Now().Add(c.server.limits.Write))
	}
	if err := c.ws.WriteMessage(kind, data); err != nil {
		if timedOut(err) {
			return &ending{wire.CloseTimeOver, "the page takes nothing of what it is sent"}
		}
		return errPageGone
	}
	return nil
}

func upstreamBroke(err error) *ending {
	if errors.Is(err, net.ErrClosed) { // by end, which has the real cause
		return errPageGone
	}
	return &ending{wire.CloseUnreachable, "the connection to the server broke"}
}

// isNoop reports whether this is an empty chunk, by which a server says that it still works (Bolt specification,
// "Message chunking").
func isNoop(data []byte) bool { return len(data) == 2 && data[0] == 0 && data[1] == 0 }
