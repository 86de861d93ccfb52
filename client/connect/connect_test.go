//go:build !js

package connect_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/connect"
)

// fake listens, calls treat for every connection, and returns its address.
func fake(t *testing.T, treat func(conn net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			treat(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-done })
	return listener.Addr().String()
}

func open(t *testing.T, ctx context.Context, uri string, options client.Options) error {
	t.Helper()
	profile, err := client.ParseProfile(uri)
	require.NoError(t, err)
	cx, err := connect.Open(ctx, profile, options)
	if err == nil {
		_ = cx.Close()
	}
	return err
}

func TestHandshake(t *testing.T) {
	handshake := func(address string) (client.Version, error) {
		profile, err := client.ParseProfile("bolt://" + address)
		require.NoError(t, err)
		return connect.Handshake(t.Context(), profile, client.Options{})
	}
	after := make(chan []byte, 1)
	version, err := handshake(fake(t, func(conn net.Conn) {
		_, _ = io.ReadFull(conn, make([]byte, 20))
		_, _ = conn.Write([]byte{0, 0, 4, 5})
		rest, _ := io.ReadAll(conn)
		after <- rest
	}))
	require.NoError(t, err)
	require.Equal(t, client.Version{Major: 5, Minor: 4}, version)
	require.Empty(t, <-after, "nobody logs on")

	_, err = handshake(fake(t, func(conn net.Conn) { _, _ = conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) }))
	requireReason(t, err, client.ReasonNotNeo4j)
	profile, err := client.ParseProfile("http://127.0.0.1:1")
	require.NoError(t, err)
	_, err = connect.Handshake(t.Context(), profile, client.Options{})
	var unsupported *client.UnsupportedError
	require.ErrorAs(t, err, &unsupported)
}

func requireReason(t *testing.T, err error, reason client.Reason) *client.ConnectionUnavailable {
	t.Helper()
	var unavailable *client.ConnectionUnavailable
	require.ErrorAs(t, err, &unavailable)
	require.Equal(t, reason, unavailable.Reason, err)
	require.NotEmpty(t, unavailable.Address)
	return unavailable
}

func TestBadArguments(t *testing.T) {
	var wrong *client.ArgumentError
	_, err := connect.Open(t.Context(), client.Profile{Scheme: "gopher"}, client.Options{})
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, "scheme", wrong.Argument)
	var unsupported *client.UnsupportedError
	_, err = connect.Open(t.Context(), client.Profile{Scheme: "http"}, client.Options{Relay: "ws://relay"})
	require.ErrorAs(t, err, &unsupported)
	_, err = connect.Open(t.Context(), client.Profile{}, client.Options{Relay: "nonsense"})
	require.ErrorAs(t, err, &wrong)
}

func TestNoServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	for _, scheme := range []string{"bolt", "bolt+s", "ws", "http"} {
		requireReason(t, open(t, t.Context(), scheme+"://"+address, client.Options{}), client.ReasonRefused)
	}
	requireReason(t, open(t, t.Context(), "bolt://no-such-host.invalid", client.Options{}), client.ReasonDNS)
}

func TestNotNeo4j(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_,
			_ = w.Write([]byte("welcome"))
	}))
	defer web.Close()
	address := web.Listener.Addr().String()
	for _, scheme := range []string{"ws", "http"} {
		requireReason(t, open(t, t.Context(), scheme+"://"+address, client.Options{}), client.ReasonNotNeo4j)
	}
	address = fake(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 100))
		_, _ = conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
		_, _ = conn.Read(make([]byte, 100))
	})
	requireReason(t, open(t, t.Context(), "bolt://"+address, client.Options{}), client.ReasonNotNeo4j)
	garbage := fake(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 100))
		_, _ = conn.Write([]byte("SSH-2.0-OpenSSH_9.2\r\n"))
		_, _ = conn.Read(make([]byte, 100))
	})
	requireReason(t, open(t, t.Context(), "bolt://"+garbage, client.Options{}), client.ReasonNotNeo4j)
	requireReason(t, open(t, t.Context(), "bolt+s://"+garbage, client.Options{}), client.ReasonTLS)
}

func TestClosedAtOnce(t *testing.T) {
	address := fake(t, func(conn net.Conn) { _, _ = conn.Read(make([]byte, 100)) })
	for _, scheme := range []string{"bolt", "ws"} {
		requireReason(t, open(t, t.Context(), scheme+"://"+address, client.Options{}), client.ReasonClosed)
	}
}

func TestSilence(t *testing.T) {
	quit := make(chan struct{})
	address := fake(t, func(net.Conn) { <-quit })
	defer close(quit)
	for _, scheme := range []string{"bolt", "bolt+s", "ws", "wss", "http"} {
		requireReason(t, open(t, t.Context(), scheme+"://"+address,
			client.Options{ConnectTimeout: 50 * time.Millisecond}), client.ReasonTimeout)

		why := errors.New("the user left")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(why)
		err := open(t, ctx, scheme+"://"+address, client.Options{ConnectTimeout: -1})
		requireReason(t, err, client.ReasonCancelled)
		require.ErrorIs(t, err, why)
	}
}

func TestRelayRefuses(t *testing.T) {
	for code, reason := range map[int]client.Reason{4400: client.ReasonForbidden, 4403: client.ReasonForbidden,
		4429: client.ReasonForbidden,
		4502: client.ReasonNetwork, 4504: client.ReasonTimeout, 1011: client.ReasonClosed} {
		target := make(chan string, 1)
		done := make(chan struct{})
		relay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer close(done)
			target <- r.URL.Path
			upgrader := websocket.Upgrader{}
			ws, err := upgrader.Upgrade(w, r, nil)
			if err != nil {
				return
			}
			defer ws.Close()
			_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, "the relay's words"),
				time.Now().Add(time.Minute))
			_, _, _ = ws.ReadMessage()
		}))
		err := open(t, t.Context(), "bolt://db:7687", client.Options{
			Relay: "ws" + strings.TrimPrefix(relay.URL, "http") + "/bolt"})
		unavailable := requireReason(t, err, reason)
		require.Equal(t, code, unavailable.CloseCode)
		require.Equal(t, "db:7687", unavailable.Address)
		require.Contains(t, err.Error(), "the relay's words")
		require.Equal(t, "/bolt/db:7687", <-target)
		<-done
		relay.Close()
	}
}

// Invalid options are refused before anything is opened.
func TestOptionsAreChecked(t *testing.T) {
	for _, uri := range []string{"bolt://127.0.0.1:1", "http://127.0.0.1:1"} {
		err := open(t, t.Context(), uri, client.Options{FetchSize: -2})
		var wrong *client.ArgumentError
		require.ErrorAs(t, err, &wrong)
		require.Equal(t, "FetchSize", wrong.Argument)
		err = open(t, t.Context(), uri, client.Options{BoltVersions: []client.Version{{Major: 5, Minor: 5}}})
		require.ErrorAs(t, err, &wrong)
		require.Equal(t, "BoltVersions", wrong.Argument)
	}
	_, err := connect.Open(t.Context(), client.Profile{Scheme: "gopher"}, client.Options{})
	require.ErrorAs(t, err, new(*client.ArgumentError))
}
