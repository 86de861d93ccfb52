package boltfake

import (
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// tags are the tags of the messages by name.
var tags = func() map[string]byte {
	m := map[string]byte{}
	for tag := range byte(0x80) {
		if name := wire.MessageName(tag); name != "" {
			m[name] = tag
		}
	}
	return m
}()

// Message is one message of the client, decoded.
type Message struct {
	Name   string // such as "RUN"
	Fields []any
}

// Map returns the i-th field, which should be a map; nil if it is none, or not there.
func (m Message) Map(i int) map[string]any {
	if i >= len(m.Fields) {
		return nil
	}
	field, _ := m.Fields[i].(map[string]any)
	return field
}

// Text returns the i-th field, which should be a string; "" if it is none, or not there.
func (m Message) Text(i int) string {
	if i >= len(m.Fields) {
		return ""
	}
	field, _ := m.Fields[i].(string)
	return field
}

func decodeMessage(body []byte) (Message, error) {
	r := packstream.NewReader(body)
	tag, n, err := r.StructHeader()
	if err != nil {
		return Message{}, err
	}
	m := Message{Name: wire.MessageName(tag)}
	for range n {
		field, err := r.Any()
		if err != nil {
			return Message{}, err
		}
		m.Fields = append(m.Fields, field)
	}
	return m, nil
}

// Encode returns a message of the server, in one or more chunks. It panics on a value that cannot be encoded: that is
// the test's mistake.
func Encode(name string, fields ...any) []byte {
	body := packstream.AppendStructHeader(nil, tags[name], len(fields))
	for _, field := range fields {
		var err error
		if body, err = packstream.Append(body, field); err != nil {
			panic(err)
		}
	}
	return Chunked(body, 65535)
}

// Chunked frames the bytes of a message in chunks of at most size.
func Chunked(body []byte, size int) []byte {
	var framed []byte
	for len(body) > 0 {
		n := min(size, len(body))
		framed = append(framed, byte(n>>8), byte(n))
		framed = append(framed, body[:n]...)
		body = body[n:]
	}
	return append(framed, 0, 0)
}
