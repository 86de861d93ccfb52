package server

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/wire"
)

func TestRefusesTargets(t *testing.T) {
	up := newUpstream(t, echo)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, silent.Close()) // nobody listens there now
	r := newRelay(t, Config{
		Upstreams: []string{up.uri(), "bolt://" + silent.Addr().String(), "bolt://nowhere.invalid:7687"},
		Allow:     []string{"*.example.org:7687"},
	})
	for target, want := range map[string]struct {
		code wire.CloseCode
		text string
	}{
		"localhost":                 {wire.CloseMalformed, "host:port"},
		"127.0.0.1:0":               {wire.CloseMalformed, "host:port"},
		"127.0.0.1:99999":           {wire.CloseMalformed, "host:port"},
		"a/b:7687":                  {wire.CloseMalformed, "host:port"},
		"../x":                      {wire.CloseMalformed, "host:port"},
		"localhost:22":              {wire.CloseForbidden, "localhost:22"},
		"example.org:7687":          {wire.CloseForbidden, "example.org:7687"},
		"a.example.org:7688":        {wire.CloseForbidden, "a.example.org:7688"},
		"aexample.org:7687":         {wire.CloseForbidden, "aexample.org:7687"},
		silent.Addr().String():      {wire.CloseUnreachable, "cannot reach"},
		"nowhere.invalid:7687":      {wire.CloseUnreachable, "no such name"},
		"NOWHERE.invalid.:7687":     {wire.CloseUnreachable, "no such name"},
		"%5B::1%5D:7687":            {wire.CloseForbidden, "[::1]:7687"},
		"%5Bfe80::1%25eth0%5D:7687": {wire.CloseMalformed, "host:port"},
	} {
		t.Run(strings.ReplaceAll(target, "/", "_"), func(t *testing.T) {
			p := r.dial(t, "/bolt/"+target)
			p.send(hello)
			p.requireClosed(want.code, want.text)
			e := r.events.await(t, func(e Event) bool { return e.Kind == EventRefused })
			require.NotZero(t, e.Code)
		})
	}
}

func TestRefusesOrigins(t *testing.T) {
	up := newUpstream(t, echo)
	r := newRelay(t, Config{Upstreams: []string{up.uri()}, Origins: []string{"https://App.example.org:443"}})
	port := r.address[strings.LastIndexByte(r.address, ':'):]
	for _, c := range []struct {
		host, origin string
		allowed      bool
	}{
		{"", "", true},
		{"", "https://app.example.org", true},
		{"", "http://" + r.address, true},
		{"localhost" + port, "http://localhost" + port, true},
		{"", "http://app.example.org", false},
		{"", "https://app.example.org.evil.example", false},
		{"", "null", false},
		{"", "http://127.0.0.1:1", false},
		{"rebound.example" + port, "http://rebound.example" + port, false}, // a name that was pointed at the relay
	} {
		t.Run(c.host+" "+strings.ReplaceAll(c.origin, "/", "_"), func(t *testing.T) {
			header := http.Header{}
			if c.origin != "" {
				header.Set("Origin", c.origin)
			}
			if c.host != "" {
				header.Set("Host", c.host)
			}
			p, err := r.open1(t, "/bolt", header)
			require.NoError(t, err)
			p.send(hello)
			if c.allowed {
				p.read(len(hello))
				return
			}
			p.requireClosed(wire.CloseForbidden, "pages of")
		})
	}
	all := newRelay(t, Config{Upstreams: []string{up.uri()}, Origins: []string{"*"}})
	p, err := all.open1(t, "/bolt", http.Header{"Origin": {"https://anywhere.example"}})
	require.NoError(t, err)
	p.send(hello)
	p.read(len(hello))
}

func TestPermitHook(t *testing.T) {
	r := newRelay(t, Config{
		Upstreams: []string{newUpstream(t, echo).uri()},
		Permit: func(v Visit) error {
			require.True(t, v.Client.IsLoopback())
			return errors.New("not today")
		},
	})
	r.dial(t, "/bolt").requireClosed(wire.CloseForbidden, "not today")
}

func TestTooManyConnections(t *testing.T) {
	up := newUpstream(t, echo)
	for name, limits := range map[string]Limits{"in all": {Connections: 2}, "of a client": {ConnectionsPerClient: 2}} {
		t.Run(name, func(t *testing.T) {
			r := newRelay(t, Config{Upstreams: []string{up.uri()}, Limits: limits})
			first, second := r.dial(t, "/bolt"), r.dial(t, "/bolt")
			for _, p := range []*page{first, second} {
				p.send(hello)
				p.read(len(hello))
			}
			r.dial(t, "/bolt").requireClosed(wire.CloseTooMany, "")
			require.NoError(t, first.Close())
			r.events.await(t, func(e Event) bool { return e.Kind == EventClosed })
			require.Eventually(t, func() bool { return len(r.open()) == 1 }, patience, time.Millisecond)
			again := r.dial(t, "/bolt")
			again.send(hello)
			again.read(len(hello))
		})
	}
}

func TestRefusesWhatIsNotBolt(t *testing.T) {
	reached := make(chan struct{}, 10)
	r := newRelay(t, Config{Limits: Limits{Frame: 1000}, Upstreams: []string{newUpstream(t, func(conn net.Conn) {
		reached <- struct{}{}
		echo(conn)
	}).uri()}})
	p := r.dial(t, "/bolt")
	p.send([]byte("GET / HTTP/1.1\r\n\r\n"))
	p.requireClosed(wire.CloseProtocol, "not a Bolt handshake")

	p = r.dial(t, "/bolt")
	require.NoError(t, p.WriteMessage(websocket.TextMessage, hello))
	p.requireClosed(wire.CloseUnsupported, "text")
	require.Empty(t, reached)

	p = r.dial(t, "/bolt")
	p.send(hello)
	p.send(make([]byte, 1000)) // just within the limit
	p.read(len(hello) + 1000)
	p.send(make([]byte, 1001))
	p.requireClosed(wire.CloseTooLarge, "larger")
}

func TestTimesOver(t *testing.T) {
	up := newUpstream(t, echo)
	for name, c := range map[string]struct {
		limits Limits
		say    bool
		text   string
	}{
		"handshake": {Limits{Handshake: 50 * time.Millisecond}, false, "handshake"},
		"idle":      {Limits{Idle: 50 * time.Millisecond}, true, "idle"},
		"life":      {Limits{Life: 50 * time.Millisecond}, true, "age"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newRelay(t, Config{Upstreams: []string{up.uri()}, Limits: c.limits}).dial(t, "/bolt")
			if c.say {
				p.send(hello)
			}
			p.requireClosed(wire.CloseTimeOver, c.text)
		})
	}
}

func TestPageThatAnswersNoPing(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()},
		Limits: Limits{Ping: 20 * time.Millisecond}})
	p := r.dial(t, "/bolt")
	p.SetPingHandler(func(string) error { return nil })
	p.send(hello)
	p.requireClosed(wire.CloseTimeOver, "pings")
}
