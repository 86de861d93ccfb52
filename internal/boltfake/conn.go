package boltfake

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"runtime"
	"strings"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// Conn is the server's end of a conversation. Only the script's goroutine may call its methods. If the client has gone
// or sends another message, a method ends the script; only a wrong message fails the test.
type Conn struct {
	Version client.Version // once the handshake is done

	t      T
	stream net.Conn
	reader *bufio.Reader
}

func newConn(t T, stream net.Conn) *Conn {
	return &Conn{t: t, stream: stream, reader: bufio.NewReader(stream)}
}

// Close cuts the connection.
func (c *Conn) Close() { _ = c.stream.Close() }

// end ends the script.
func (c *Conn) end() {
	c.Close()
	runtime.Goexit()
}

// Write sends bytes as they are.
func (c *Conn) Write(b []byte) {
	if _, err := c.stream.Write(b); err != nil {
		c.end()
	}
}

// Success answers SUCCESS.
func (c *Conn) Success(metadata map[string]any) {
	if metadata == nil {
		metadata = map[string]any{}
	}
	c.Write(Encode("SUCCESS", metadata))
}

// Failure answers FAILURE, in the form of the version.
func (c *Conn) Failure(code, message string) { c.Write(Encode("FAILURE", c.failure(code, message))) }

func (c *Conn) failure(code, message string) map[string]any {
	if wire.FeatureGQLFailures.In(c.Version) {
		return map[string]any{"neo4j_code": code, "message": message, "gql_status": "50N42",
			"description": "error: general processing exception - unexpected error"}
	}
	return map[string]any{"code": code, "message": message}
}

// Ignored answers IGNORED.
func (c *Conn) Ignored() { c.Write(Encode("IGNORED")) }

// Record sends one record.
func (c *Conn) Record(values ...any) { c.Write(Encode("RECORD", values)) }

// Noop sends an empty chunk between messages.
func (c *Conn) Noop() { c.Write([]byte{0, 0}) }

// Receive reads the client's next message.
func (c *Conn) Receive() Message {
	c.t.Helper()
	m, err := c.receive()
	if err != nil {
		c.end()
	}
	return m
}

func (c *Conn) receive() (Message, error) {
	var body []byte
	for {
		var header [2]byte
		if _, err := io.ReadFull(c.reader, header[:]); err != nil {
			return Message{}, err
		}
		size := int(binary.BigEndian.Uint16(header[:]))
		if size == 0 {
			if len(body) == 0 {
				continue
			}
			return decodeMessage(body)
		}
		start := len(body)
		body = append(body, make([]byte, size)...)
		if _, err := io.ReadFull(c.reader, body[start:]); err != nil {
			return Message{}, err
		}
	}
}

// Expect reads the client's next message, which must be one of the named.
func (c *Conn) Expect(anyOf ...string) Message {
	c.t.Helper()
	m := c.Receive()
	for _, name := range anyOf {
		if m.Name == name {
			return m
		}
	}
	c.t.Errorf("the client sent %s where the script expects %s", m.Name, strings.Join(anyOf, " or "))
	c.end()
	return m
}

// Answer reads the next message, which must be the named one, and answers SUCCESS.
func (c *Conn) Answer(name string, metadata map[string]any) Message {
	c.t.Helper()
	m := c.Expect(name)
	c.Success(metadata)
	return m
}

// Login agrees on the version and answers HELLO, with additional metadata, and LOGON if the version has it.
func (c *Conn) Login(version client.Version, metadata map[string]any) {
	c.t.Helper()
	c.Handshake(version)
	greeting := map[string]any{"server": "Neo4j/5.26.30", "connection_id": "bolt-1"}
	for key, value := range metadata {
		greeting[key] = value
	}
	c.Answer("HELLO", greeting)
	if wire.FeatureLogon.In(version) {
		c.Answer("LOGON", nil)
	}
}

// AwaitClose waits until the client closes, with or without GOODBYE.
func (c *Conn) AwaitClose() {
	for {
		if m, err := c.receive(); err != nil || m.Name == "GOODBYE" {
			return
		}
	}
}
