package server

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// dict is a map of PackStream.
type dict = map[string]any

// boltPage speaks Bolt as a page would, but sends whatever a test wants.
type boltPage struct {
	*page
	buffer []byte
}

// answer is a message from the other side.
type answer struct {
	tag    byte
	fields []any
}

func (a answer) meta() dict {
	if len(a.fields) == 0 {
		return nil
	}
	m, _ := a.fields[0].(dict)
	return m
}

func message(tag byte, fields ...any) []byte {
	b := packstream.AppendStructHeader(nil, tag, len(fields))
	for _, field := range fields {
		var err error
		if b, err = packstream.Append(b, field); err != nil {
			panic(err)
		}
	}
	return b
}

func chunked(message []byte) []byte {
	var b []byte
	for len(message) > 0 {
		n := min(len(message), 0xFFFF)
		b = binary.BigEndian.AppendUint16(b, uint16(n))
		b = append(b, message[:n]...)
		message = message[n:]
	}
	return append(b, 0, 0)
}

// agree makes the handshake, for one version of Bolt, and requires that it is agreed on.
func (p *boltPage) agree(major, minor byte) {
	p.Helper()
	p.send(append(unhex("6060B017"), 0, 0, minor, major, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
	require.Equal(p, []byte{0, 0, minor, major}, p.readN(4))
}

// take returns the next bytes.
func (p *boltPage) readN(n int) []byte {
	p.Helper()
	p.fill(n)
	taken := p.buffer[:n]
	p.buffer = p.buffer[n:]
	return taken
}

func (p *boltPage) ask(tag byte, fields ...any) {
	p.Helper()
	p.send(chunked(message(tag, fields...)))
}

// answer returns the next message.
func (p *boltPage) answer() answer {
	p.Helper()
	var body []byte
	for {
		p.fill(2)
		n := int(binary.BigEndian.Uint16(p.buffer))
		p.fill(2 + n)
		body = append(body, p.buffer[2:2+n]...)
		p.buffer = p.buffer[2+n:]
		if n == 0 && len(body) > 0 {
			break
		}
	}
	r := packstream.NewReader(body)
	v, err := r.Any()
	require.NoError(p, err)
	s, ok := v.(packstream.Structure)
	require.True(p, ok)
	return answer{s.Tag, s.Fields}
}

func (p *boltPage) fill(n int) {
	p.Helper()
	for len(p.buffer) < n {
		_, data, err := p.ReadMessage()
		require.NoError(p, err)
		p.buffer = append(p.buffer, data...)
	}
}

// want requires the next message to be of this tag.
func (p *boltPage) want(tag byte) answer {
	p.Helper()
	a := p.answer()
	require.Equalf(p, tag, a.tag, "answer %#v", a.fields)
	return a
}

// refused requires a FAILURE that the relay made, with this in its text.
func (p *boltPage) refused(text string) answer {
	p.Helper()
	a := p.want(wire.MessageFailure)
	require.Contains(p, a.meta()["message"], text)
	return a
}

// reset requires that the connection is of use again.
func (p *boltPage) reset() {
	p.Helper()
	p.ask(wire.MessageReset)
	p.want(wire.MessageSuccess)
}

// login opens a session with a token for the relay.
func (p *boltPage) login(major, minor byte, token dict) {
	p.Helper()
	p.agree(major, minor)
	hello := dict{"user_agent": "webbolt-test/1", "bolt_agent": dict{"product": "webbolt-test/1"}}
	if major < 5 || minor < 1 {
		for key, value := range token {
			hello[key] = value
		}
		p.ask(wire.MessageHello, hello)
		p.want(wire.MessageSuccess)
		return
	}
	p.ask(wire.MessageHello, hello)
	p.want(wire.MessageSuccess)
	p.ask(wire.MessageLogon, token)
	p.want(wire.MessageSuccess)
}

func (r *relay) bolt(t testing.TB) *boltPage {
	t.Helper()
	return &boltPage{page: r.dial(t, "/bolt")}
}

// number runs a query whose answer is one value, in auto-commit.
func (p *boltPage) value(query string, extra dict) any {
	p.Helper()
	p.ask(wire.MessageRun, query, dict{}, extra)
	p.ask(wire.MessagePull, dict{"n": int64(-1)})
	p.want(wire.MessageSuccess)
	record := p.want(wire.MessageRecord)
	p.want(wire.MessageSuccess)
	return record.fields[0].([]any)[0]
}
