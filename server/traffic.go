package server

import (
	"io"
	"net"
	"time"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/server/session"
)

// traffic handles the bytes of a connection. Each method is called by one goroutine only.
type traffic interface {
	FromPage(data []byte) error
	FromServer(data []byte) error
}

// plain passes all bytes on unchanged.
type plain struct{ page, server io.Writer }

func (p plain) FromPage(data []byte) error {
	_, err := p.server.Write(data)
	return err
}

func (p plain) FromServer(data []byte) error {
	_, err := p.page.Write(data)
	return err
}

// pageWriter sends each write as one frame.
type pageWriter struct{ *carrier }

func (w pageWriter) Write(data []byte) (int, error) {
	if err := w.send(data); err != nil {
		return 0, err
	}
	return len(data), nil
}

// serverWriter writes to the upstream and keeps count.
type serverWriter struct {
	*carrier
	conn net.Conn
}

func (w serverWriter) Write(data []byte) (int, error) {
	n, err := w.conn.Write(data)
	if err != nil {
		return n, upstreamBroke(err)
	}
	w.touch()
	return n, nil
}

// begin sends the page's handshake, and returns the traffic for the bytes that follow.
func (c *carrier) begin(conn net.Conn, hello []byte) (traffic, error) {
	page, server := pageWriter{c}, serverWriter{c, conn}
	if c.server.config.Policy == nil && c.blocks == nil {
		_, err := server.Write(hello)
		return plain{page, server}, err
	}
	if limit := c.server.limits.Handshake; limit > 0 {
		c.setReadDeadlines(conn, time.Now().Add(limit))
	}
	type both struct {
		io.Reader
		io.Writer
	}
	version, err := session.Negotiate(both{c.page, page}, both{conn, server}, hello)
	if err != nil {
		return nil, err
	}
	c.setReadDeadlines(conn, time.Time{})
	if c.blocks == nil {
		return c.guarded(version, page, server), nil
	}
	c.blocks.page = page
	var inner traffic = plain{c.blocks.converter, server}
	if c.server.config.Policy != nil {
		inner = c.guarded(version, c.blocks.converter, server)
	}
	c.blocks.converter.Connect(inner)
	c.startSigns()
	return blockTraffic{c.blocks.converter, inner}, nil
}

// guarded applies the rules of the user who logs in.
func (c *carrier) guarded(version wire.Version, page, server io.Writer) traffic {
	c.awaitLogin()
	config := session.Config{
		Policy: c.server.config.Policy, MaxMessage: c.server.limits.Message, Memory: c.memory, Granted: c.granted,
		Refused: c.ruled,
		Overtime: func() {
			c.end(&ending{wire.CloseTimeOver, "the transaction took longer than you may have it"})
		},
	}
	return session.New(c.ctx, config, version, page, server)
}

// setReadDeadlines changes both sides' deadlines, unless the connection is at its end.
func (c *carrier) setReadDeadlines(conn net.Conn, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause == nil {
		_ = c.ws.NetConn().SetReadDeadline(at)
		_ = conn.SetReadDeadline(at)
	}
}

// awaitLogin sets a timer that ends the connection of a page that does not log in. The login replaces the timer.
func (c *carrier) awaitLogin() {
	limit := c.server.limits.Handshake
	c.mu.Lock()
	defer c.mu.Unlock()
	if limit > 0 && c.cause == nil {
		c.expiry = time.AfterFunc(limit, func() {
			c.end(&ending{
				wire.CloseTimeOver, "the page did not log in in time"})
		})
	}
}

// granted notes who logged in, and makes the connection end when the grant expires.
func (c *carrier) granted(g session.Grant) {
	c.server.log.Info("logged in", "id", c.visit.ID, "client", c.visit.Client, "user", g.User)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.expiry != nil {
		c.expiry.Stop()
	}
	if g.Expires.IsZero() {
		return
	}
	c.expiry = time.AfterFunc(time.Until(g.Expires), func() {
		c.end(&ending{wire.CloseTimeOver, "what you logged in with has expired; log in again"})
	})
}

// ruled notes what a rule refused.
func (c *carrier) ruled(r *session.Refusal) {
	c.server.note(Event{Kind: EventRuled, Visit: c.visit, Reason: r.Message, Rule: r.Rule})
}

// endingFor is how a connection ends after an error of its session.
func endingFor(end *session.End) *ending {
	switch end.Kind {
	case session.EndTooLarge:
		return &ending{wire.CloseTooLarge, end.Text}
	case session.EndUnauthorized:
		return &ending{wire.CloseForbidden, end.Text}
	case session.EndBusy:
		return &ending{wire.CloseTooMany, end.Text}
	case session.EndServer:
		return &ending{wire.CloseUnreachable, end.Text}
	}
	return &ending{wire.CloseProtocol, end.Text}
}
