//go:build linux

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

type dict = map[string]any

// patience is how long a client waits for anything.
const patience = 15 * time.Second

// handshake asks for Bolt 5.8.
var handshake = []byte{0x60, 0x60, 0xB0, 0x17, 0, 0, 8, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

// bolt is a connection that speaks as much Bolt as clients need here.
type bolt struct {
	ws   *websocket.Conn
	rest []byte
}

// dialer dials from one of this machine's addresses.
func dialer(from string) *net.Dialer {
	return &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: patience}
}

// freePort is a port on which no program listens.
func freePort() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "0"
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

func openWS(from, address, path string, header http.Header) (*bolt, error) {
	d := websocket.Dialer{NetDialContext: dialer(from).DialContext, HandshakeTimeout: patience}
	ws, response, err := d.Dial("ws://"+address+path, header)
	if err != nil {
		if response != nil {
			err = errors.Join(err, errors.New(response.Status))
		}
		return nil, err
	}
	_ = ws.SetReadDeadline(time.Now().Add(patience))
	return &bolt{ws: ws}, nil
}

// login opens a connection and logs in.
func login(from, address, token string) (*bolt, error) {
	b, err := openWS(from, address, "/bolt", nil)
	if err != nil {
		return nil, err
	}
	err = b.greet(token)
	if err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *bolt) greet(token string) error {
	if err := b.ws.WriteMessage(websocket.BinaryMessage, handshake); err != nil {
		return err
	}
	if version, err := b.readN(4); err != nil || version[3] != 5 {
		return errors.Join(errors.New("no Bolt 5.8"), err)
	}
	if err := b.ask(wire.MessageHello, dict{"user_agent": "attack/1",
		"bolt_agent": dict{"product": "attack/1"}}); err != nil {
		return err
	}
	if err := b.ask(wire.MessageLogon, dict{"scheme": "bearer", "credentials": token}); err != nil {
		return err
	}
	for range 2 {
		if tag, _, err := b.answer(); err != nil || tag != wire.MessageSuccess {
			return errors.Join(fmt.Errorf("login answered with %#x", tag), err)
		}
	}
	return nil
}

func (b *bolt) close() { _ = b.ws.Close() }

func (b *bolt) ask(tag byte, fields ...any) error {
	m := packstream.AppendStructHeader(nil, tag, len(fields))
	for _, field := range fields {
		var err error
		if m, err = packstream.Append(m, field); err != nil {
			return err
		}
	}
	return b.send(m)
}

// send sends a message in chunks, each of them a frame.
func (b *bolt) send(message []byte) error {
	_ = b.ws.SetWriteDeadline(time.Now().Add(patience))
	for len(message) > 0 {
		n := min(len(message), 0xFFFF)
		frame := append(binary.BigEndian.AppendUint16(nil, uint16(n)), message[:n]...)
		if message = message[n:]; len(message) == 0 {
			frame = append(frame, 0, 0)
		}
		if err := b.ws.WriteMessage(websocket.BinaryMessage, frame); err != nil {
			return err
		}
	}
	return nil
}

func (b *bolt) readN(n int) ([]byte, error) {
	for len(b.rest) < n {
		_ = b.ws.SetReadDeadline(time.Now().Add(patience))
		_, data, err := b.ws.ReadMessage()
		if err != nil {
			return nil, err
		}
		b.rest = append(b.rest, data...)
	}
	taken := b.rest[:n]
	b.rest = b.rest[n:]
	return taken, nil
}

// answer returns the tag and the fields of the next message.
func (b *bolt) answer() (byte, []byte, error) {
	var message []byte
	for {
		header, err := b.readN(2)
		if err != nil {
			return 0, nil, err
		}
		n := int(binary.BigEndian.Uint16(header))
		if n == 0 && len(message) > 1 {
			return message[1], message[2:], nil
		}
		part, err := b.readN(n)
		if err != nil {
			return 0, nil, err
		}
		message = append(message, part...)
	}
}

// query runs a query and returns whether it succeeded.
func (b *bolt) query(text string, parameters, extra dict) (bool, error) {
	if err := b.ask(wire.MessageRun, text, parameters, extra); err != nil {
		return false, err
	}
	if err := b.ask(wire.MessagePull, dict{"n": int64(-1)}); err != nil {
		return false, err
	}
	ok := true
	for summaries := 0; summaries < 2; {
		tag, _, err := b.answer()
		if err != nil {
			return false, err
		}
		if tag != wire.MessageRecord {
			summaries++
			ok = ok && tag == wire.MessageSuccess
		}
	}
	if ok {
		return true, nil
	}
	if err := b.ask(wire.MessageReset); err != nil {
		return false, err
	}
	_, _, err := b.answer()
	return false, err
}

// discard reads until the other side ends the connection.
func discard(conn net.Conn, within time.Duration) {
	_ = conn.SetReadDeadline(time.Now().Add(within))
	_, _ = io.Copy(io.Discard, conn)
	_ = conn.Close()
}
