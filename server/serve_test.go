package server

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
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

func TestDrain(t *testing.T) {
	s, err := New(Config{Upstreams: []string{newUpstream(t, echo).uri()}, Limits: Limits{Drain: 3 * time.Second}})
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, listener) }()
	r := &relay{Server: s, address: listener.Addr().String()}
	quiet, busy := r.dial(t, "/bolt"), r.dial(t, "/bolt")
	for _, p := range []*page{quiet, busy} {
		p.send(hello)
		p.read(len(hello))
	}
	stopBusy := make(chan struct{})
	go func() {
		defer close(stopBusy)
		for busy.WriteMessage(websocket.BinaryMessage, []byte("x")) == nil { // as a result under way would
			time.Sleep(50 * time.Millisecond)
		}
	}()
	stop()
	quietCode, text := quiet.closed()
	require.Equal(t, wire.CloseGoingAway, quietCode)
	require.Contains(t, text, "shutting down")
	_ = quiet.Close()
	require.Equal(t, "x", string(busy.read(1)), "what is under way goes on")
	_, err = net.Dial("tcp", r.address)
	require.Error(t, err, "no more connections")
	busyCode, _ := busy.closed()
	require.Equal(t, wire.CloseGoingAway, busyCode)
	_ = busy.Close()
	<-stopBusy
	require.NoError(t, <-ended)
	require.Empty(t, s.open())
}

// A query that takes its time is under way, though nothing is carried.
func TestDrainWaitsForAnswers(t *testing.T) {
	answer := make(chan struct{})
	up := newUpstream(t, func(conn net.Conn) {
		_, _ = io.ReadFull(conn, make([]byte, len(hello)+1))
		_, _ = conn.Write([]byte{0, 0}) // a sign of life is no answer
		<-answer
		_, _ = conn.Write([]byte("late"))
		_, _ = io.Copy(io.Discard, conn)
	})
	r := newRelay(t, Config{Upstreams: []string{up.uri()}})
	p := r.dial(t, "/bolt")
	p.send(hello)
	p.send([]byte("x"))
	p.read(2)
	drained := make(chan error, 1)
	go func() { drained <- r.Shutdown(context.Background()) }()
	time.Sleep(quietTime + 5*drainTick)
	close(answer)
	require.Equal(t, "late", string(p.read(4)))
	p.requireClosed(wire.CloseGoingAway, "shutting down")
	_ = p.Close()
	require.NoError(t, <-drained)
}

// A limit that is switched off limits nothing.
func TestLimitsThatAreSwitchedOff(t *testing.T) {
	off := Limits{Connections: -1, ConnectionsPerClient: -1, Sockets: -1, SocketsPerClient: -1, Pending: -1, Frame: -1,
		Message: -1, Unfinished: -1, UnfinishedPerClient: -1,
		Handshake: -1, Connect: -1, Idle: -1, Life: -1, Ping: -1, Sign: -1, Write: -1, Drain: -1}
	v := reflect.ValueOf(off)
	for i := range v.NumField() {
		require.EqualValues(t, -1, v.Field(i).Int(), "%s is left out here", v.Type().Field(i).Name)
	}
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	tokens, err := identity.NewTokens(map[string]string{"alice": pass})
	require.NoError(t, err)
	accounts := &identity.Accounts{Recogniser: tokens, Users: map[string]identity.Account{
		"alice": {Credentials: session.Credentials{Principal: neo4j.User, Secret: neo4j.Password}}}}
	r := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()}, HTTP: neo4j.HTTPURI(), Policy: accounts, Limits: off})
	p := r.bolt(t)
	p.login(5, 8, passToken)
	require.EqualValues(t, 1, p.value("RETURN 1", dict{}))
	status, text, _ := r.api(t, "POST", "/http/db/neo4j/query/v2", `{"statement":"RETURN 7"}`, "Authorization",
		bearerPass)
	require.Equal(t, 202, status, text)
	code, text := get(t, r.AdminHandler(), "/readyz")
	require.Equal(t, 200, code, text)
}

// certificate writes a certificate for this machine and its key.
func certificate(t *testing.T, folder, name string) (certificateFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	certificateFile, keyFile = filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key")
	require.NoError(t, os.WriteFile(certificateFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), 0o600))
	return certificateFile, keyFile
}

func TestTLSWithReloadedCertificate(t *testing.T) {
	folder := t.TempDir()
	certificateFile, keyFile := certificate(t, folder, "first")
	var failures []error
	config, err := Certificates(certificateFile, keyFile, func(err error) { failures = append(failures, err) })
	require.NoError(t, err)
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()}, TLS: config})
	name := func() string {
		dialer := websocket.Dialer{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
		ws, _, err := dialer.Dial("wss://"+r.address+"/bolt", nil)
		require.NoError(t, err)
		defer ws.Close()
		require.NoError(t, ws.WriteMessage(websocket.BinaryMessage, hello))
		_, data, err := ws.ReadMessage()
		require.NoError(t, err)
		require.Equal(t, hello, data)
		return ws.NetConn().(*tls.Conn).ConnectionState().PeerCertificates[0].Subject.CommonName
	}
	require.Equal(t, "first", name())
	certificate(t, folder, "second")
	require.Eventually(t, func() bool { return name() == "second" }, patience, 50*time.Millisecond)
	require.NoError(t, os.WriteFile(keyFile, []byte("garbage"), 0o600))
	require.Eventually(t, func() bool { return name() == "second" && len(failures) > 0 }, patience, 50*time.Millisecond)
}

func TestTLSToUpstream(t *testing.T) {
	folder := t.TempDir()
	certificateFile, keyFile := certificate(t, folder, "upstream")
	pair, err := tls.LoadX509KeyPair(certificateFile, keyFile)
	require.NoError(t, err)
	up := newUpstream(t, func(conn net.Conn) {
		secured := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{pair}})
		defer secured.Close()
		_, _ = io.Copy(secured, secured)
	})
	plain := newUpstream(t, func(conn net.Conn) { _, _ = conn.Write([]byte("SSH-2.0-x\r\n")); echo(conn) })
	for _, c := range []struct {
		scheme, host string
		cas          string
		code         wire.CloseCode
		text         string
	}{
		{"bolt+s", up.Addr().String(), certificateFile, 0, ""},
		{"bolt+s", "localhost" + up.Addr().String()[len("127.0.0.1"):], certificateFile, 0, ""},
		{"bolt+ssc", up.Addr().String(), "", 0, ""},
		{"bolt+s", up.Addr().String(), "", wire.CloseUnreachable, "not trusted"},
		{"bolt+s", plain.Addr().String(), "", wire.CloseUnreachable, "does not speak TLS"},
	} {
		p := newRelay(t, Config{Upstreams: []string{c.scheme + "://" + c.host}, UpstreamCAs: c.cas}).dial(t, "/bolt")
		p.send(hello)
		if c.code != 0 {
			p.requireClosed(c.code, c.text)
			continue
		}
		require.Equal(t, hello, p.read(len(hello)))
	}
}

func get(t *testing.T, handler http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func TestReady(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	r := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()}})
	for _, handler := range []http.Handler{r.Handler(), r.AdminHandler()} {
		code, _ := get(t, handler, "/healthz")
		require.Equal(t, 200, code)
		code, text := get(t, handler, "/readyz")
		require.Equal(t, 200, code, text)
	}
	gone := newRelay(t, Config{Upstreams: []string{"bolt://127.0.0.1:1"}})
	code, _ := get(t, gone.AdminHandler(), "/readyz")
	require.Equal(t, 503, code)
	code, _ = get(t, gone.AdminHandler(), "/healthz")
	require.Equal(t, 200, code)
	notBolt := newRelay(t, Config{Upstreams: []string{newUpstream(t,
		func(conn net.Conn) { _, _ = conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) }).uri()}})
	code, _ = get(t, notBolt.AdminHandler(), "/readyz")
	require.Equal(t, 503, code)
}

func TestMetrics(t *testing.T) {
	r := newRelay(t, Config{Upstreams: []string{newUpstream(t, echo).uri()}})
	p := r.dial(t, "/bolt")
	p.send(hello)
	p.read(len(hello))
	metrics := func(holds string) (text string) {
		require.Eventually(t, func() bool { // it counts what it has sent after it has
			_, text = get(t, r.AdminHandler(), "/metrics")
			return strings.Contains(text, holds)
		}, patience, time.Millisecond, holds)
		return text
	}
	require.Contains(t, metrics(`webbolt_relay_bytes_total{from="server"} 20`), "webbolt_relay_connections 1\n")
	require.NoError(t, p.Close())
	r.dial(t, "/bolt/nonsense").requireClosed(wire.CloseMalformed, "")
	r.stillOpen(t, 0)
	text := metrics("webbolt_relay_connections 0\n")
	require.Contains(t, text, "webbolt_relay_connections_opened_total 1\n")
	require.Contains(t, text, `webbolt_relay_connections_closed_total{code="0"} 1`)
	require.Contains(t, text, `webbolt_relay_connections_refused_total{code="4400"} 1`)
	code, _ := get(t, r.Handler(), "/metrics")
	require.Equal(t, 404, code, "metrics are not for the public")
}

// Nothing secret is logged, whatever happens.
func TestLogsHoldNoSecrets(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	log := &strings.Builder{}
	tokens, err := identity.NewTokens(map[string]string{"alice": pass})
	require.NoError(t, err)
	handler := slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})
	accounts := &identity.Accounts{Recogniser: tokens, Users: map[string]identity.Account{
		"alice": {Credentials: session.Credentials{Principal: neo4j.User, Secret: neo4j.Password}, Rules: strict}}}
	accounts.Failed = func(_ context.Context, err error) { slog.New(handler).Warn("not recognised", "error", err) }
	t.Run("traffic", func(t *testing.T) {
		r := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()}, Logger: slog.New(handler), Policy: accounts})
		p := r.bolt(t)
		p.login(5, 8, passToken)
		p.ask(wire.MessageRun, "RETURN 'a secret query'", dict{}, dict{"db": "system"})
		p.refused("database")
		p = r.bolt(t)
		p.agree(4, 4)
		p.ask(wire.MessageHello, dict{"user_agent": "x/1", "scheme": "bearer", "credentials": "a wrong token"})
		p.refused("does not know you")
		p.requireClosed(wire.CloseForbidden, "")
	})
	require.Contains(t, log.String(), "user=alice")
	for _, secret := range []string{pass, neo4j.Password, "a secret query", "a wrong token"} {
		require.NotContains(t, log.String(), secret)
	}
}

func TestExpiredTokenEndsTheConnection(t *testing.T) {
	up := newUpstream(t, func(conn net.Conn) {
		_, _ = io.ReadFull(conn, make([]byte, handshakeSize))
		_, _ = conn.Write([]byte{0, 0, 8, 5})
		_, _ = io.Copy(io.Discard, conn)
	})
	r := newRelay(t, Config{Upstreams: []string{up.uri()}, Policy: fleeting{}})
	p := r.bolt(t)
	p.agree(5, 8)
	p.ask(wire.MessageHello, dict{"user_agent": "x/1"})
	p.ask(wire.MessageLogon, passToken)
	p.requireClosed(wire.CloseTimeOver, "expired")
}

// fleeting grants for a moment.
type fleeting struct{}

func (fleeting) Admit(context.Context, session.Presented) (session.Grant, error) {
	return session.Grant{User: "x", Expires: time.Now().Add(50 * time.Millisecond)}, nil
}

func TestValidate(t *testing.T) {
	for text, config := range map[string]Config{
		"Upstreams: name":  {},
		"Upstreams: ":      {Upstreams: []string{"ftp://x"}},
		"Allow: rule":      {Allow: []string{"x:y"}},
		"Origins: ":        {Upstreams: []string{"bolt://x"}, Origins: []string{"example.org"}},
		"TrustedProxies: ": {Upstreams: []string{"bolt://x"}, TrustedProxies: []string{"10.0.0.1"}},
		"HTTP: ":           {Upstreams: []string{"bolt://x"}, HTTP: "bolt://x"},
		"any host":         {Allow: []string{"*:*"}, Policy: fleeting{}},
	} {
		_, err := New(config)
		require.ErrorContains(t, err, text)
	}
}
