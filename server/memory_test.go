package server

import (
	"encoding/binary"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/neo4jtest"
	"github.com/webbolt/webbolt/server/identity"
	"github.com/webbolt/webbolt/server/session"
)

// behindProxy are the settings of a relay that takes this machine for a proxy, so that tests can be several clients.
var behindProxy = []string{"127.0.0.0/8", "::1/128"}

// from is the header of a request of this client.
func from(client string) http.Header { return http.Header{"X-Forwarded-For": {client}} }

// boltFrom is a page of another client.
func (r *relay) boltFrom(t testing.TB, client string) *boltPage {
	t.Helper()
	p, err := r.open1(t, "/bolt", from(client))
	require.NoError(t, err)
	return &boltPage{page: p}
}

// unfinished sends a message of so many bytes without its end.
func (p *boltPage) unfinished(size int) {
	p.Helper()
	const chunk = 60_000
	part := binary.BigEndian.AppendUint16(nil, chunk)
	part = append(part, make([]byte, chunk)...)
	part[2], part[3], part[4] = 0xB3, wire.MessageRun, 0xD2
	for sent := 0; sent < size; sent += chunk {
		if p.WriteMessage(websocket.BinaryMessage, part) != nil {
			return // the relay has ended it; closed says why
		}
	}
}

// One client's unfinished messages are bounded, and while they fill the relay, others work.
func TestUnfinishedMessagesAreBounded(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	tokens, err := identity.NewTokens(map[string]string{"alice": pass})
	require.NoError(t, err)
	r := newRelay(t, Config{
		Upstreams: []string{neo4j.BoltURI()}, TrustedProxies: behindProxy,
		Limits: Limits{Frame: 4 << 20, Message: 4 << 20, Unfinished: 16 << 20, UnfinishedPerClient: 8 << 20},
		Policy: &identity.Accounts{Recogniser: tokens, Users: map[string]identity.Account{
			"alice": {Credentials: session.Credentials{Principal: neo4j.User, Secret: neo4j.Password}}}},
	})
	var greedy []*boltPage
	for _, client := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"} {
		for range 10 {
			p := r.boltFrom(t, client)
			p.login(5, 8, passToken)
			p.unfinished(3 << 20)
			greedy = append(greedy, p)
			require.LessOrEqual(t, r.budget.Used(), int64(16<<20))
		}
	}
	honest := r.boltFrom(t, "192.0.2.9")
	honest.login(5, 8, passToken)
	require.EqualValues(t, 1, honest.value("RETURN 1", dict{}))
	large := string(make([]byte, 2<<20))
	honest.ask(wire.MessageRun, "RETURN size($x)", dict{"x": large}, dict{})
	honest.ask(wire.MessagePull, dict{"n": int64(-1)})
	honest.want(wire.MessageSuccess)
	require.EqualValues(t, 2<<20, honest.want(wire.MessageRecord).fields[0].([]any)[0])
	refused := 0
	for _, p := range greedy {
		_ = p.SetReadDeadline(time.Now().Add(10 * time.Millisecond)) // those that are open say nothing
		for {
			_, _, err := p.ReadMessage()
			if err == nil {
				continue
			}
			if websocket.IsCloseError(err, int(wire.CloseTooMany)) {
				refused++
			}
			break
		}
	}
	require.GreaterOrEqual(t, refused, 20)
}
