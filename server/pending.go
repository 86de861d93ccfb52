package server

import (
	"container/list"
	"context"
	"net"
	"net/http"
	"sync"
)

// pending holds the sockets of which a request is still to come, oldest first. When there are too many the oldest is closed: a
// client in earnest sends its request at once, so a flood of silent sockets pushes out itself.
type pending struct {
	limit int

	mu    sync.Mutex
	order *list.List // of net.Conn
	place map[net.Conn]*list.Element
}

func newPending(limit int) *pending {
	return &pending{limit: limit, order: list.New(), place: map[net.Conn]*list.Element{}}
}

// observe is the server's http.Server.ConnState.
func (p *pending) observe(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew, http.StateIdle:
		if oldest := p.add(conn); oldest != nil {
			_ = oldest.Close()
		}
	case http.StateHijacked, http.StateClosed:
		p.remove(conn)
	}
}

// connKey finds a request's socket in its context.
type connKey struct{}

// rememberConn is the server's http.Server.ConnContext.
func rememberConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// arrived takes the sockets out whose request has come.
func (p *pending) arrived(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if conn, ok := r.Context().Value(connKey{}).(net.Conn); ok {
			p.remove(conn)
		}
		next.ServeHTTP(w, r)
	})
}

// add puts the socket last, and gives the one to close if there are too many.
func (p *pending) add(conn net.Conn) net.Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at := p.place[conn]; at != nil {
		p.order.MoveToBack(at)
		return nil
	}
	p.place[conn] = p.order.PushBack(conn)
	if p.limit < 0 || p.order.Len() <= p.limit {
		return nil
	}
	oldest := p.order.Remove(p.order.Front()).(net.Conn)
	delete(p.place, oldest)
	return oldest
}

func (p *pending) remove(conn net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at := p.place[conn]; at != nil {
		p.order.Remove(at)
		delete(p.place, conn)
	}
}
