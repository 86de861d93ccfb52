package server

import (
	"net"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/lane"
	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/boltfake"
)

const signsWanted = "&" + lane.SignParameter + "=" + lane.Version

// text returns the next frame, which must be a text.
func (p *page) text(t *testing.T) string {
	t.Helper()
	kind, text, err := p.ReadMessage()
	require.NoError(t, err)
	require.Equal(t, websocket.TextMessage, kind)
	return string(text)
}

func TestSignsOfLifeWhileAnAnswerIsDue(t *testing.T) {
	answer := make(chan struct{})
	fake := &boltfake.Server{Run: func(boltfake.Query) boltfake.Answer {
		return boltfake.Answer{Fields: []string{"n"}, Records: [][]any{{int64(1)}}, Wait: answer}
	}}
	r := newRelay(t, Config{Upstreams: []string{fake.Start(t)}, Limits: Limits{Sign: time.Second}})
	opened, err := r.open1(t, "/bolt?"+lane.Parameter+"="+lane.Version+signsWanted, nil)
	require.NoError(t, err)
	_, ok := lane.ReadGreeting(opened.text(t))
	require.True(t, ok)
	require.Equal(t, "webbolt alive 1", opened.text(t), "the promise")
	p := &boltPage{page: opened}
	p.login(5, 8, dict{"scheme": "none"})
	p.ask(wire.MessageRun, "RETURN 1", dict{}, dict{})
	p.ask(wire.MessagePull, dict{"n": int64(-1)})
	p.want(wire.MessageSuccess)
	for range 3 {
		require.Equal(t, "webbolt alive 1", opened.text(t))
	}
	close(answer)
	for { // a last sign may be on its way
		kind, data, err := p.ReadMessage()
		require.NoError(t, err)
		if kind == websocket.BinaryMessage {
			p.buffer = append(p.buffer, data...)
			break
		}
	}
	p.want(wire.MessageRecord)
	p.want(wire.MessageSuccess)
}

// A client that does not ask for signs, or asks a relay that sends none, is promised none.
func TestNoSigns(t *testing.T) {
	for name, c := range map[string]struct {
		query string
		every time.Duration
	}{
		"older client":   {"?" + lane.Parameter + "=" + lane.Version, 0},
		"another asking": {"?" + lane.Parameter + "=" + lane.Version + "&" + lane.SignParameter + "=0", 0},
		"turned off":     {"?" + lane.Parameter + "=" + lane.Version + signsWanted, -time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRelay(t, Config{Upstreams: []string{newUpstream(t, func(conn net.Conn) {
				_, _ = conn.Read(make([]byte, 20))
				_, _ = conn.Write([]byte{0, 0, 8, 5})
				_, _ = conn.Read(make([]byte, 1))
			}).uri()}, Limits: Limits{Sign: c.every}})
			opened, err := r.open1(t, "/bolt"+c.query, nil)
			require.NoError(t, err)
			_, ok := lane.ReadGreeting(opened.text(t))
			require.True(t, ok)
			p := &boltPage{page: opened}
			p.agree(5, 8)
		})
	}
}
