//go:build linux

package main

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"
)

const largeBody = 16<<20 - 1000 // just within the relay's limit

// bodyOf sends bodies of the largest size, made of one part over and over, from four addresses in turn.
func bodyOf(begin, part, end, path string) func(context.Context, *target) {
	return func(ctx context.Context, t *target) {
		body := begin + strings.Repeat(part, (largeBody-len(begin)-len(end))/len(part)) + end
		for i := 0; t.attempt(ctx, 500*time.Millisecond); i++ {
			conn := t.raw(t.from(i%4), bodyHeader(path, len(body)))
			if conn == nil {
				continue
			}
			stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
			_ = conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
			_, _ = conn.Write([]byte(body))
			_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
			_, _ = conn.Read(make([]byte, 1000))
			stop()
			_ = conn.Close()
		}
	}
}

func bodyHeader(path string, length int) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "+
		"%s\r\nContent-Length: %d\r\n\r\n",
		path, attackToken, length)
}

// drippingBodies sends bodies slowly, to hold as much of the relay's memory as it can.
func drippingBodies(ctx context.Context, t *target) {
	half := strings.Repeat(" ", largeBody/2)
	t.hold(ctx, 40, 300*time.Millisecond, func(i int) net.Conn {
		conn := t.raw(t.from(i%8), bodyHeader("/http/db/neo4j/query/v2", largeBody))
		if conn != nil {
			_ = conn.SetWriteDeadline(time.Now().Add(2 * time.Second))
			_, _ = conn.Write([]byte(half))
		}
		return conn
	})
}
