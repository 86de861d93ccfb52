package server

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/neo4jtest"
	"github.com/webbolt/webbolt/server/identity"
	"github.com/webbolt/webbolt/server/session"
)

// strict are rules that all these attempts try to get around.
var strict = session.Rules{ReadOnly: true, Databases: []string{"neo4j"}, Timeout: 2 * time.Second}

// strictly is a session that is logged in.
func strictly(t *testing.T, rules session.Rules, major, minor byte) *boltPage {
	t.Helper()
	p := guarded(t, neo4jtest.V5, rules).bolt(t)
	p.login(major, minor, passToken)
	return p
}

// stillOfUse requires that after a refusal requests are ignored until a RESET.
func (p *boltPage) stillOfUse() {
	p.Helper()
	p.ask(wire.MessageRun, "RETURN 1", dict{}, dict{})
	p.ask(wire.MessagePull, dict{"n": int64(-1)})
	p.want(wire.MessageIgnored)
	p.want(wire.MessageIgnored)
	p.reset()
	require.EqualValues(p, 1, p.value("RETURN 1", dict{}))
}

func TestRefusedThenOfUse(t *testing.T) {
	for name, c := range map[string]struct {
		tag    byte
		fields []any
		text   string
	}{
		"database in RUN": {wire.MessageRun, []any{"RETURN 1", dict{}, dict{"db": "system"}},
			"database system"},
		"database in BEGIN": {wire.MessageBegin, []any{dict{"db": "other"}}, "database other"},
		"database in ROUTE": {wire.MessageRoute, []any{dict{}, []any{}, dict{"db": "system"}}, "database system"},
		"impersonation in RUN": {wire.MessageRun, []any{"RETURN 1", dict{}, dict{"imp_user": "admin"}},
			"another user"},
		"impersonation in BEGIN": {wire.MessageBegin, []any{dict{"imp_user": "admin"}}, "another user"},
		"impersonation in ROUTE": {wire.MessageRoute, []any{dict{}, []any{}, dict{"imp_user": "admin"}},
			"another user"},
		"USE": {wire.MessageRun, []any{"USE system SHOW USERS", dict{}, dict{}}, "USE"},
		"USE in the middle": {wire.MessageRun, []any{"CALL { /* a */ use // '\n system RETURN 1 AS x } RETURN x",
			dict{}, dict{}}, "USE"},
		"USE in a transaction": {wire.MessageRun, []any{"EXPLAIN uSe `system` RETURN 1", dict{}, dict{"mode": "w"}},
			"USE"},
		"USE with escapes": {wire.MessageRun, []any{`\u0055SE system RETURN 1`, dict{}, dict{}}, `\u`},
		"USE after a false quote": {wire.MessageRun, []any{`RETURN '\u0027 AS x UNION USE system RETURN 1 AS x //'`,
			dict{}, dict{}}, `\u`},
	} {
		t.Run(name, func(t *testing.T) {
			p := strictly(t, strict, 5, 8)
			p.ask(c.tag, c.fields...)
			a := p.refused(c.text)
			require.Equal(t, "Neo.ClientError.Security.Forbidden", a.meta()["neo4j_code"])
			require.Equal(t, "42NFF", a.meta()["gql_status"])
			p.stillOfUse()
		})
	}
}

// The server answers refusals of its own in the same form, so that clients need know only one.
func TestRefusalHasTheFormOfTheVersion(t *testing.T) {
	for _, v := range []struct{ major, minor byte }{{4, 4}, {5, 0}, {5, 6}, {5, 7}, {5, 8}} {
		p := strictly(t, strict, v.major, v.minor)
		p.ask(wire.MessageRun, "RETURN nothing", dict{}, dict{})
		theirs := p.want(wire.MessageFailure).meta()
		p.reset()
		p.ask(wire.MessageRun, "RETURN 1", dict{}, dict{"db": "system"})
		ours := p.refused("database").meta()
		for key := range theirs {
			if key != "cause" { // there is none
				require.Contains(t, ours, key)
			}
		}
	}
}

func TestRefusedThenClosed(t *testing.T) {
	for name, c := range map[string]struct {
		major, minor byte
		bytes        []byte
		text         string
		code         wire.CloseCode
	}{
		"unknown message": {5, 8, chunked(message(0x7A, dict{})), "0x7A", wire.CloseProtocol},
		"an answer as a message": {5, 8, chunked(message(wire.MessageSuccess, dict{})), "0x70",
			wire.CloseProtocol},
		"LOGON before its version": {5, 0, chunked(message(wire.MessageLogon, passToken)), "0x6A",
			wire.CloseProtocol},
		"ROUTE before its version": {4, 2, chunked(message(wire.MessageRoute, dict{}, []any{}, nil)), "0x66",
			wire.CloseProtocol},
		"ACK_FAILURE of old versions": {4, 4, chunked(message(0x0E)), "0x0E", wire.CloseProtocol},
		"LOGON again": {5, 8, chunked(message(wire.MessageLogon, dict{"scheme": "basic"})),
			"LOGOFF", wire.CloseProtocol},
		"HELLO again": {5, 8, chunked(message(wire.MessageHello, dict{})), "once",
			wire.CloseProtocol},
		"a field too many": {5, 8, chunked(message(wire.MessageRun, "RETURN 1", dict{}, dict{}, dict{})),
			"3 fields", wire.CloseProtocol},
		"a field too few": {5, 8, chunked(message(wire.MessageRun, "CREATE ()", dict{})), "3 fields",
			wire.CloseProtocol},
		"mode twice": {5, 8, chunked(append(
			message(wire.MessageRun, "RETURN 1", dict{}), unhex("A2 846D6F6465 8172 846D6F6465 8177")...)), "",
			wire.CloseProtocol},
		"mode of another type": {5, 8, chunked(message(wire.MessageBegin, dict{"mode": int64(1)})), "mode",
			wire.CloseProtocol},
		"database of another type": {5, 8, chunked(message(wire.MessageBegin, dict{"db": []any{"system"}})),
			"malformed", wire.CloseProtocol},
		"impersonation of another type": {5, 8, chunked(message(wire.MessageBegin, dict{"imp_user": []any{}})),
			"another user", 0},
		"negative timeout": {5, 8, chunked(message(wire.MessageBegin, dict{"tx_timeout": int64(-1)})),
			"tx_timeout", wire.CloseProtocol},
		"query of another type": {5, 8, chunked(message(
			wire.MessageRun, []byte("CREATE ()"), dict{}, dict{})), "malformed", wire.CloseProtocol},
		"settings of another type": {5, 8, chunked(message(wire.MessageRun, "CREATE ()", dict{}, nil)),
			"malformed", wire.CloseProtocol},
		"bytes after the end": {5, 8, chunked(append(
			message(wire.MessageReset), message(wire.MessageRun, "CREATE ()", dict{}, dict{})...)), "after the end",
			wire.CloseProtocol},
		"structure with a long header": {5, 8, chunked(unhex("DC 01 10")), "", wire.CloseProtocol},
		"no structure":                 {5, 8, chunked(unhex("A0")), "not a message", wire.CloseProtocol},
		"list that claims to be 4 GB": {5, 8, chunked(append(
			message(wire.MessagePull)[:0], unhex("B13F D6FFFFFFFF")...)), "malformed", wire.CloseProtocol},
		"maps that lie deep": {5, 8, chunked(append(unhex("B13F"), strings.Repeat("\xA1\x81a", 1000)...)),
			"malformed", wire.CloseProtocol},
		"message over the limit": {5, 8, chunked(message(
			wire.MessageRun, strings.Repeat(" ", 2<<20), dict{}, dict{})), "larger", wire.CloseTooLarge},
		"message over it in small chunks": {5, 8, []byte(strings.Repeat("\x00\x04    ", 1<<18+1)), "larger",
			wire.CloseTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			r := guarded(t, neo4jtest.V5, strict)
			r.limits.Message = 1 << 20
			r.limits.Frame = 8 << 20
			p := r.bolt(t)
			p.login(c.major, c.minor, passToken)
			p.send(c.bytes)
			if c.text == "" {
				p.want(wire.MessageFailure)
			} else {
				p.refused(c.text)
			}
			if c.code == 0 {
				p.stillOfUse()
				return
			}
			p.requireClosed(c.code, "")
		})
	}
}

func TestLoginIsRefused(t *testing.T) {
	for name, token := range map[string]dict{
		"none":                 {"scheme": "none"},
		"the server's own":     {"scheme": "basic", "principal": "neo4j", "credentials": "webbolt-test"},
		"wrong token":          {"scheme": "bearer", "credentials": pass + "x"},
		"empty token":          {"scheme": "bearer", "credentials": ""},
		"token in other place": {"scheme": "basic", "principal": "alice", "credentials": pass},
		"token of other type":  {"scheme": "bearer", "credentials": []any{pass}},
		"nothing":              {},
	} {
		t.Run(name, func(t *testing.T) {
			r := guarded(t, neo4jtest.V5, session.Rules{})
			p := r.bolt(t)
			p.agree(5, 8)
			p.ask(wire.MessageHello, dict{"user_agent": "x/1", "bolt_agent": dict{"product": "x/1"}})
			p.want(wire.MessageSuccess)
			p.ask(wire.MessageLogon, token)
			require.Equal(t, "Neo.ClientError.Security.Unauthorized",
				p.refused("does not know you").meta()["neo4j_code"])
			p.requireClosed(wire.CloseForbidden, "does not know you")

			p = r.bolt(t) // where HELLO has the token
			p.agree(4, 4)
			hello := dict{"user_agent": "x/1"}
			for key, value := range token {
				hello[key] = value
			}
			p.ask(wire.MessageHello, hello)
			require.Equal(t, "Neo.ClientError.Security.Unauthorized", p.refused("does not know you").meta()["code"])
			p.requireClosed(wire.CloseForbidden, "does not know you")
		})
	}
}

func TestNothingPassesBeforeTheLogin(t *testing.T) {
	for name, ask := range map[string]func(*boltPage){
		"RUN for HELLO": func(p *boltPage) { p.ask(wire.MessageRun, "RETURN 1", dict{}, dict{}) },
		"RESET":         func(p *boltPage) { p.ask(wire.MessageReset) },
		"RUN for LOGON": func(p *boltPage) {
			p.ask(wire.MessageHello, dict{"user_agent": "x/1", "bolt_agent": dict{"product": "x/1"}})
			p.want(wire.MessageSuccess)
			p.ask(wire.MessageRun, "RETURN 1", dict{}, dict{})
		},
		"RUN after LOGOFF": func(p *boltPage) {
			p.ask(wire.MessageHello, dict{"user_agent": "x/1", "bolt_agent": dict{"product": "x/1"}})
			p.ask(wire.MessageLogon, passToken)
			p.ask(wire.MessageLogoff)
			for range 3 {
				p.want(wire.MessageSuccess)
			}
			p.ask(wire.MessageRun, "RETURN 1", dict{}, dict{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := guarded(t, neo4jtest.V5, session.Rules{}).bolt(t)
			p.agree(5, 8)
			ask(p)
			p.refused("comes first")
			p.requireClosed(wire.CloseProtocol, "comes first")
		})
	}
}

func TestLogonAnew(t *testing.T) {
	p := strictly(t, strict, 5, 8)
	p.ask(wire.MessageLogoff)
	p.want(wire.MessageSuccess)
	p.ask(wire.MessageLogon, passToken)
	p.want(wire.MessageSuccess)
	p.ask(wire.MessageRun, "RETURN 1", dict{}, dict{"db": "system"})
	p.refused("database")
	p.reset()
	p.ask(wire.MessageLogoff)
	p.want(wire.MessageSuccess)
	p.ask(wire.MessageLogon, dict{"scheme": "none"})
	p.refused("does not know you")
	p.requireClosed(wire.CloseForbidden, "")
}

// A server that is in the state FAILED ignores LOGOFF and LOGON, and so serves the user before. What follows them must
// not be judged by the rules of another.
func TestLogonAnewThatTheServerIgnores(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	const other = "another token of 16 characters"
	tokens, err := identity.NewTokens(map[string]string{"alice": pass, "bob": other})
	require.NoError(t, err)
	account := func(rules session.Rules) identity.Account {
		return identity.Account{Credentials: session.Credentials{Principal: neo4j.User, Secret: neo4j.Password},
			Rules: rules}
	}
	r := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()}, Policy: &identity.Accounts{Recogniser: tokens,
		Users: map[string]identity.Account{"alice": account(session.Rules{ReadOnly: true}),
			"bob": account(session.Rules{})}}})
	p := r.bolt(t)
	p.login(5, 8, passToken)
	var all []byte
	for _, m := range [][]byte{message(wire.MessageRun, "RETURN nothing", dict{}, dict{}), message(wire.MessageLogoff),
		message(wire.MessageLogon, dict{"scheme": "bearer", "credentials": other}),
		message(wire.MessageReset), message(wire.MessageRun, "CREATE (:RelayBypass)", dict{}, dict{}),
		message(wire.MessagePull, dict{"n": int64(-1)})} {
		all = append(all, chunked(m)...)
	}
	p.send(all)
	p.want(wire.MessageFailure)
	require.Contains(t, []byte{wire.MessageFailure, wire.MessageIgnored}, p.answer().tag) // either way it was not done
	p.requireClosed(wire.CloseForbidden, "did not change the user")

	p = r.bolt(t)
	p.login(5, 8, passToken)
	require.EqualValues(t, 0, p.value("MATCH (n:RelayBypass) RETURN count(n)", dict{}))
	all = append(chunked(message(wire.MessageLogoff)), chunked(
		message(wire.MessageLogon, dict{"scheme": "bearer", "credentials": other}))...)
	p.send(append(all, chunked(message(wire.MessageRun, "CREATE (n:RelayBypass) DELETE n", dict{}, dict{}))...))
	for range 3 {
		p.want(wire.MessageSuccess) // in one go, too
	}
}

// A client that opens a connection and does not log in cannot keep it.
func TestLoginTakesTooLong(t *testing.T) {
	r := guarded(t, neo4jtest.V5, session.Rules{})
	r.limits.Handshake = 500 * time.Millisecond
	p := r.bolt(t)
	p.agree(5, 8)
	p.ask(wire.MessageHello, dict{"user_agent": "x/1", "bolt_agent": dict{"product": "x/1"}})
	p.want(wire.MessageSuccess)
	p.requireClosed(wire.CloseTimeOver, "did not log in")
	p = r.bolt(t)
	p.login(5, 8, passToken)
	time.Sleep(time.Second)
	require.EqualValues(t, 1, p.value("RETURN 1", dict{}))
}

// What the page puts into HELLO beside what is known does not reach the server, whatever its version.
func TestHelloCarriesNoCredentials(t *testing.T) {
	got := make(chan []byte, 1)
	up := newUpstream(t, func(conn net.Conn) {
		_, _ = io.ReadFull(conn, make([]byte, handshakeSize))
		_, _ = conn.Write([]byte{0, 0, 8, 5})
		buffer := make([]byte, 4096)
		n, _ := conn.Read(buffer)
		got <- buffer[:n]
	})
	r := newRelay(t, Config{Upstreams: []string{up.uri()}, Policy: &identity.Accounts{Recogniser: identity.Anyone{}}})
	p := r.bolt(t)
	p.agree(5, 8)
	p.ask(wire.MessageHello, dict{"user_agent": "x/1", "scheme": "basic", "principal": "eve", "credentials": "secret",
		"novelty": "1"})
	hello := string(<-got)
	require.Contains(t, hello, "x/1")
	for _, text := range []string{"scheme", "eve", "secret", "novelty"} {
		require.NotContains(t, hello, text)
	}
}

func TestUnknownVersions(t *testing.T) {
	r := guarded(t, neo4jtest.V5, session.Rules{})
	for _, slots := range []string{
		"00000003 00000000 00000000 00000000", // 3.0
		"00000007 00000905 00FFFF07 00020106", // 7.0, 5.9, 7.255…, 6.1 to 6.0, which 5.26 does not speak
	} {
		p := r.bolt(t)
		p.send(append(unhex("6060B017"), unhex(slots)...))
		require.Equal(t, make([]byte, 4), p.readN(4))
		p.requireClosed(wire.CloseProtocol, "no version")
	}
	// Of a range of versions, the part that is known is offered.
	p := r.bolt(t)
	p.send(unhex("6060B017 00FFFF05 00000000 00000000 00000000"))
	require.Equal(t, unhex("00000805"), p.readN(4))
	// The manifest is the server's, as far as it is known.
	p = r.bolt(t)
	p.send(hello)
	require.Equal(t, unhex("000001FF"), p.readN(4))
	count := p.readN(1)[0]
	for slot := range count {
		require.Contains(t, []byte{4, 5, 6}, p.readN(4)[3], slot)
	}
	p.readN(1)
	p.send(unhex("00000007 00"))
	p.requireClosed(wire.CloseProtocol, "not offered")
}

func TestAServerThatChoosesAnotherVersion(t *testing.T) {
	for _, choice := range []string{"00000007", "00000505", "01000805", "48545450"} {
		up := newUpstream(t, func(conn net.Conn) {
			_, _ = io.ReadFull(conn, make([]byte, handshakeSize))
			_, _ = conn.Write(unhex(choice))
			echo(conn)
		})
		p := newRelay(t, Config{Upstreams: []string{up.uri()},
			Policy: &identity.Accounts{Recogniser: identity.Anyone{}}}).bolt(t)
		p.send(unhex("6060B017 00000805 00000000 00000000 00000000"))
		p.requireClosed(wire.CloseProtocol, "no version")
	}
}

func TestChunksMeanNothing(t *testing.T) {
	p := strictly(t, strict, 5, 8)
	for _, query := range []string{"USE system SHOW USERS", "RETURN 1"} {
		m := message(wire.MessageRun, query, dict{}, dict{})
		for _, b := range m {
			p.send([]byte{0, 0, 0}) // a NOOP, and half of a header
			p.send([]byte{1})
			p.send([]byte{b})
		}
	}
	// So far one message, interrupted by NOOPs, is none: each byte stands alone.
	p.want(wire.MessageFailure)
	p.requireClosed(wire.CloseProtocol, "")

	p = strictly(t, strict, 5, 8)
	m := message(wire.MessageRun, "USE system SHOW USERS", dict{}, dict{})
	for _, b := range m {
		p.send([]byte{0, 1, b})
	}
	p.send([]byte{0, 0})
	p.refused("USE")
	p.stillOfUse()
}

func TestTimeoutIsHeld(t *testing.T) {
	const long = "UNWIND range(1, 2000000000) AS x WITH x WHERE x % 7 = 8 RETURN count(x)"
	for _, extra := range []dict{{}, {"tx_timeout": int64(0)}, {"tx_timeout": int64(1 << 40)}, {"tx_timeout": nil}} {
		p := strictly(t, strict, 5, 8)
		p.ask(wire.MessageRun, long, dict{}, extra)
		p.ask(wire.MessagePull, dict{"n": int64(-1)})
		a := p.answer()
		if a.tag == wire.MessageSuccess {
			a = p.answer()
		}
		require.Equal(t, wire.MessageFailure, a.tag)
		require.Contains(t, a.meta()["neo4j_code"], "Timed", extra)
	}
}

// 4.4 lets such a query run to its end, 10 s under a rule of 2, and fails its commit. The relay waits for less.
func TestTimeoutIsHeldOn44(t *testing.T) {
	p := guarded(t, neo4jtest.V4_4, strict).bolt(t)
	p.login(4, 4, passToken)
	p.ask(wire.MessageRun, "UNWIND range(1, 60000000) AS x WITH x WHERE x % 7 = 8 RETURN count(x)", dict{}, dict{})
	p.ask(wire.MessagePull, dict{"n": int64(-1)})
	for {
		_, data, err := p.ReadMessage()
		if closed := new(websocket.CloseError); errors.As(err, &closed) {
			require.EqualValues(t, wire.CloseTimeOver, closed.Code)
			return
		}
		require.NoError(t, err)
		if bytes.Contains(data, []byte{0xB1, wire.MessageFailure}) { // when it committed
			return
		}
	}
}

// A server that does not hold to the timeout does not keep the session open: 4.4 let a query run for a minute under a
// rule of 5 s.
func TestWhatTheServerDoesNotEndIsCut(t *testing.T) {
	up := newUpstream(t, func(conn net.Conn) {
		_, _ = io.ReadFull(conn, make([]byte, handshakeSize))
		_, _ = conn.Write([]byte{0, 0, 4, 4})
		_, _ = conn.Read(make([]byte, 4096)) // HELLO
		_, _ = conn.Write(chunked(message(wire.MessageSuccess, dict{})))
		_, _ = io.Copy(io.Discard, conn) // and no answer to whatever comes
	})
	rules := session.Rules{Timeout: time.Millisecond}
	r := newRelay(t, Config{Upstreams: []string{up.uri()}, Policy: &identity.Accounts{
		Recogniser: identity.Anyone{}, Users: map[string]identity.Account{identity.AnyUser: {Rules: rules}},
	}})
	p := r.bolt(t)
	p.login(4, 4, dict{})
	p.ask(wire.MessageRun, "RETURN 1", dict{}, dict{})
	p.requireClosed(wire.CloseTimeOver, "longer than you may")
}

func TestOnlyListedQueries(t *testing.T) {
	p := strictly(t, session.Rules{Queries: []string{"RETURN $x"}}, 5, 8)
	for _, query := range []string{"RETURN 1", "RETURN $x ", "return $x", "RETURN $x; CREATE ()", "RETURN $x\n//"} {
		p.ask(wire.MessageRun, query, dict{}, dict{})
		p.refused("this query")
		p.reset()
	}
	p.ask(wire.MessageRun, "RETURN $x", dict{"x": int64(7)}, dict{})
	p.ask(wire.MessagePull, dict{"n": int64(-1)})
	p.want(wire.MessageSuccess)
	require.Equal(t, []any{[]any{int64(7)}}, p.want(wire.MessageRecord).fields)
	p.want(wire.MessageSuccess)
}

// Commands that change the server go to the system database by themselves, whatever database they are sent to.
func TestReadOnlyChangesNothing(t *testing.T) {
	for _, v := range []neo4jtest.Version{neo4jtest.V5, neo4jtest.V4_4, neo4jtest.V2026} {
		for _, query := range []string{
			"CREATE USER relaytest SET PASSWORD 'relaytest1'",
			"ALTER CURRENT USER SET PASSWORD FROM 'wrong' TO 'relaytest1'",
			"CREATE DATABASE relaytest",
			"CREATE INDEX relaytest FOR (n:RelayTest) ON (n.x)",
			"CALL db.createLabel('RelayTest')",
			"MATCH (n) DETACH DELETE n",
			"CALL { CREATE (:RelayTest) } IN TRANSACTIONS",
		} {
			p := guarded(t, v, session.Rules{ReadOnly: true}).bolt(t)
			p.login(4, 4, passToken)
			p.ask(wire.MessageRun, query, dict{}, dict{})
			p.ask(wire.MessagePull, dict{"n": int64(-1)})
			a := p.answer()
			if a.tag == wire.MessageSuccess {
				a = p.answer()
			}
			require.Equal(t, wire.MessageFailure, a.tag, "%s: %s", v, query)
			t.Log(v, query, a.meta()["code"])
		}
	}
}

// What is refused in the middle of a pipeline is answered in its turn.
func TestRefusalsKeepTheOrder(t *testing.T) {
	p := strictly(t, strict, 5, 8)
	for range 50 {
		p.ask(wire.MessageRun, "UNWIND range(1, 3) AS x RETURN x", dict{}, dict{})
		p.ask(wire.MessagePull, dict{"n": int64(-1)})
		p.ask(wire.MessageRun, "RETURN 1", dict{}, dict{"db": "system"})
		p.ask(wire.MessagePull, dict{"n": int64(-1)})
		p.want(wire.MessageSuccess)
		for range 3 {
			p.want(wire.MessageRecord)
		}
		p.want(wire.MessageSuccess)
		p.refused("database")
		p.want(wire.MessageIgnored)
		p.reset()
	}
	// After a failure of the server's, the relay's refusals are ignored like all else.
	p.ask(wire.MessageRun, "RETURN nothing", dict{}, dict{})
	p.ask(wire.MessageRun, "RETURN 1", dict{}, dict{"db": "system"})
	p.want(wire.MessageFailure)
	p.want(wire.MessageIgnored)
	p.reset()
}
