//go:build linux

package main

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

const (
	pace   = 4 * time.Millisecond // between sockets of one attack
	socket = 1000                 // that one attack holds
)

func silentSockets(ctx context.Context, t *target) {
	t.hold(ctx, socket, pace, func(int) net.Conn { return t.raw(t.from(0), "") })
}

func halfHeaders(ctx context.Context, t *target) {
	t.hold(ctx, socket, pace, func(int) net.Conn {
		return t.raw(t.from(0), "GET /bolt HTTP/1.1\r\nHost: x\r\nX: "+strings.Repeat("a", 8000))
	})
}

func bodiless(ctx context.Context, t *target) {
	paths := []string{"/healthz", "/http/db/neo4j/query/v2", "/bolt", "/", "/http/db/neo4j/tx/commit"}
	t.hold(ctx, 3000, pace, func(i int) net.Conn {
		return t.raw(t.from(0), "POST "+paths[i%len(
			paths)]+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"+
			"Authorization: Bearer "+attackToken+"\r\nContent-Length: 1000\r\n\r\n")
	})
}

func drippingHeaders(ctx context.Context, t *target) {
	var held []net.Conn
	for range 50 {
		held = append(held, t.raw(t.from(0), "GET / HTTP/1.1\r\n"))
	}
	for i := 0; t.attempt(ctx, 20*time.Millisecond); i++ {
		conn := held[i%len(held)]
		if conn == nil || write(conn, "X: y\r\n") != nil {
			held[i%len(held)] = t.raw(t.from(0), "GET / HTTP/1.1\r\n")
		}
	}
	for _, conn := range held {
		if conn != nil {
			_ = conn.Close()
		}
	}
}

func write(conn net.Conn, text string) error {
	_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
	_, err := conn.Write([]byte(text))
	return err
}

func silentFromEverywhere(ctx context.Context, t *target) {
	t.hold(ctx, socket, pace, func(i int) net.Conn { return t.raw(t.from(i), "") })
}

func silentWebSockets(ctx context.Context, t *target) {
	t.hold(ctx, 300, 10*time.Millisecond, func(int) net.Conn {
		b, err := openWS(t.from(0), t.relay.address, "/bolt", nil)
		if err != nil {
			return nil
		}
		_ = b.ws.WriteMessage(websocket.BinaryMessage, handshake[:10])
		return b.ws.NetConn()
	})
}

func idleSockets(ctx context.Context, t *target) {
	t.hold(ctx, socket, pace, func(int) net.Conn {
		return t.raw(t.from(0),
			"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
	})
}
