package server

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/server/upstream"
)

const (
	// lingering is how long the relay still reads after its close frame, so that a reset of the TCP connection does not
	// lose the frame.
	lingering    = 2 * time.Second
	closeTimeout = time.Second // to write a close frame
)

// serveBolt upgrades a request and starts carrying the connection, or tells the page why not.
func (s *Server) serveBolt(w http.ResponseWriter, r *http.Request, target string) {
	if !websocket.IsWebSocketUpgrade(r) {
		w.Header().Set("Upgrade", "websocket")
		http.Error(w, "this path takes WebSocket connections that carry Bolt", http.StatusUpgradeRequired)
		return
	}
	visit := Visit{ID: s.ids.Add(1), Client: s.proxies.clientOf(r), Origin: r.Header.Get("Origin"), Target: target}
	to, refused := s.admit(r, &visit)
	if refused != nil {
		s.refuse(w, r, visit, refused)
		return
	}
	ws, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil { // the upgrader has answered
		s.census.remove(visit.Client)
		s.log.Debug("upgrade failed", "id", visit.ID, "client", visit.Client, "error", err)
		return
	}
	// A goroutine of our own frees what net/http keeps for a request.
	c := newCarrier(s, ws, visit, to)
	if wantsBlocks(r) {
		c.offerBlocks(wantsSigns(r))
	}
	if !s.start(c) {
		s.census.remove(visit.Client)
		_ = ws.Close()
	}
}

// admit checks everything that can be checked before the upgrade. If it accepts the visit, the visit counts in the
// census.
func (s *Server) admit(r *http.Request, visit *Visit) (to upstream.Destination, refused *ending) {
	if s.stopped() {
		return to, &ending{wire.CloseGoingAway, "the relay is shutting down"}
	}
	if !s.mayConnect(r) {
		return to, &ending{wire.CloseForbidden, "the relay was not told to allow pages of " + visit.Origin}
	}
	to, err := s.directory.Find(visit.Target)
	if err != nil {
		return to, endingOf(err)
	}
	visit.Target = to.Address()
	if s.config.Permit != nil {
		if err := s.config.Permit(*visit); err != nil {
			return to, &ending{wire.CloseForbidden, err.Error()}
		}
	}
	return to, s.enter(visit.Client)
}

// enter counts a connection in the census, unless there are too many.
func (s *Server) enter(client netip.Addr) *ending {
	switch s.census.add(client) {
	case fullForAll:
		s.metrics.limit("connections")
		return &ending{wire.CloseTooMany, "the relay has as many connections as it may have; try again later"}
	case fullForClient:
		s.metrics.limit("connections_per_client")
		return &ending{wire.CloseTooMany, "too many connections from your address; close some"}
	}
	return nil
}

// refuse upgrades the request nevertheless, because only a close frame can tell a page why it was refused.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, visit Visit, why *ending) {
	s.note(Event{Kind: EventRefused, Visit: visit, Code: why.code, Reason: why.text})
	if s.refusing.add(visit.Client) != hasRoom {
		s.metrics.limit("refusals")
		http.Error(w, "too many connections", http.StatusServiceUnavailable)
		return
	}
	ws, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		s.refusing.remove(visit.Client)
		return
	}
	tell := func() {
		defer func() { s.refusing.remove(visit.Client) }()
		sayGoodbye(ws, why)
		linger(ws)
	}
	if !s.keep(tell) {
		s.refusing.remove(visit.Client)
		sayGoodbye(ws, why)
		_ = ws.Close()
	}
}

// sayGoodbye sends the close frame.
func sayGoodbye(ws *websocket.Conn, why *ending) {
	text := why.text
	if len(text) > 123 { // what a control frame has room for
		text = text[:120]
		for len(text) > 0 && text[len(text)-1] >= 0x80 { // not in the middle of a character
			text = text[:len(text)-1]
		}
		text += "..."
	}
	frame := websocket.FormatCloseMessage(int(why.code), text)
	_ = ws.WriteControl(websocket.CloseMessage, frame, time.Now().Add(closeTimeout))
}

// linger reads until the other side closes too, or for lingering at most, and closes.
func linger(ws *websocket.Conn) {
	defer ws.Close()
	socket := ws.NetConn()
	_ = socket.SetReadDeadline(time.Now().Add(lingering))
	for {
		_, _, err := ws.NextReader()
		if err == nil {
			continue
		}
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			return
		}
		break
	}
	// The WebSocket cannot be read any more, as after a timeout; the socket can.
	if half, ok := socket.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_, _ = io.Copy(io.Discard, socket)
}

// timedOut reports whether err means that a deadline passed; gorilla hides what such an error wraps.
func timedOut(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// note hands an event to the log, the metrics and Config.Events.
func (s *Server) note(e Event) {
	s.metrics.count(e)
	attributes := []any{"id", e.Visit.ID, "client", e.Visit.Client, "origin", e.Visit.Origin, "target", e.Visit.Target}
	switch e.Kind {
	case EventRefused:
		s.log.Warn("refused", append(attributes, "code", int(e.Code), "reason", e.Reason)...)
	case EventOpened:
		s.log.Info("opened", attributes...)
	case EventRuled:
		s.log.Warn("refused by a rule", append(attributes, "rule", e.Rule)...)
	case EventClosed:
		s.log.Info("closed", append(attributes, "code", int(e.Code), "reason", e.Reason,
			"received", e.Received, "sent", e.Sent, "duration", e.Duration)...)
	}
	if s.config.Events != nil {
		s.config.Events(e)
	}
}

// causeOf is the error that an error of package upstream wraps, for the log.
func causeOf(err error) error {
	var refused *upstream.Error
	if errors.As(err, &refused) {
		return refused.Cause
	}
	return err
}
