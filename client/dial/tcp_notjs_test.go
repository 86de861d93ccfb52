//go:build !js

package dial

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

func requireUnavailable(t *testing.T, err error, reason client.Reason) *client.ConnectionUnavailable {
	t.Helper()
	var unavailable *client.ConnectionUnavailable
	require.ErrorAs(t, err, &unavailable)
	require.Equal(t, reason, unavailable.Reason, err)
	require.NotEmpty(t, unavailable.Address)
	require.NotEmpty(t, unavailable.Message)
	return unavailable
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

func accept(t *testing.T, listener net.Listener) net.Conn {
	t.Helper()
	conn, err := listener.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestTCP(t *testing.T) {
	listener := listen(t)
	conn, err := Open(t.Context(), Target{Address: listener.Addr().String()})
	require.NoError(t, err)
	defer conn.Close()
	server := accept(t, listener)

	require.NoError(t, conn.SetReadDeadline(time.Now().Add(-time.Second)))
	buffer := make([]byte, 10)
	_, err = conn.Read(buffer)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.True(t, TimedOut(err))

	require.NoError(t, conn.SetReadDeadline(time.Time{}))
	_, err = server.Write([]byte("hello"))
	require.NoError(t, err)
	_, err = io.ReadFull(conn, buffer[:5])
	require.NoError(t, err)
	require.Equal(t, "hello", string(buffer[:5]))
}

func TestRefusedTCP(t *testing.T) {
	listener := listen(t)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	for _, target := range []Target{{Address: address}, {Address: address, TLS: true},
		{Address: address, URL: "ws://" + address + "/"}} {
		_, err := Open(t.Context(), target)
		require.Equal(t, address, requireUnavailable(t, err, client.ReasonRefused).Address)
	}
}

func TestUnknownHost(t *testing.T) {
	for _, target := range []Target{{Address: "no-such-host.invalid:7687"},
		{Address: "no-such-host.invalid:7687", URL: "ws://no-such-host.invalid:7687/"}} {
		_, err := Open(t.Context(), target)
		requireUnavailable(t, err, client.ReasonDNS)
	}
}

func TestBadTarget(t *testing.T) {
	var argument *client.ArgumentError
	_, err := Open(t.Context(), Target{Address: "a:b:c"})
	require.ErrorAs(t, err, &argument)
	_, err = Open(t.Context(), Target{Address: "localhost:1", TLS: true, RootCAs: []byte("nonsense")})
	require.ErrorAs(t, err, &argument)
	require.Equal(t, "RootCAs", argument.Argument)
}

func TestCancelledOpen(t *testing.T) {
	listener := listen(t) // it accepts, and stays silent
	address := listener.Addr().String()
	for _, target := range []Target{{Address: address, TLS: true}, {Address: address, URL: "ws://" + address + "/"}} {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			conn, err := listener.Accept()
			if err == nil {
				_, _ = conn.Read(make([]byte, 1)) // the client waits for an answer now
				cancel()
				_ = conn.Close()
			}
		}()
		_, err := Open(ctx, target)
		requireUnavailable(t, err, client.ReasonCancelled)
		require.ErrorIs(t, err, context.Canceled)

		expired, cancelExpired := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
		_, err = Open(expired, target)
		cancelExpired()
		requireUnavailable(t, err, client.ReasonTimeout)
	}
}

func TestTLS(t *testing.T) {
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	address := server.Listener.Addr().String()
	roots := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})

	_, err := Open(t.Context(), Target{Address: address, TLS: true, Verify: true})
	require.Contains(t, requireUnavailable(t, err, client.ReasonTLS).Message, "RootCAs")

	for _, target := range []Target{{Address: address, TLS: true, Verify: true, RootCAs: roots},
		{Address: address, TLS: true}} {
		conn, err := Open(t.Context(), target)
		require.NoError(t, err)
		state := conn.(*tls.Conn).ConnectionState()
		require.True(t, state.HandshakeComplete)
		require.NoError(t, conn.Close())
	}
}

func TestTLSServerDoesNotSpeakTLS(t *testing.T) {
	server := httptest.NewServer(nil)
	defer server.Close()
	_, err := Open(t.Context(), Target{Address: server.Listener.Addr().String(), TLS: true})
	require.Contains(t, requireUnavailable(t, err, client.ReasonTLS).Message, "+s")
}

func TestTLSReadDeadlineLosesNothing(t *testing.T) {
	certificate := httptest.NewTLSServer(nil)
	certificate.Close()
	listener := tls.NewListener(listen(t), certificate.TLS)
	accepted := make(chan net.Conn, 1)
	go func() {
		conn, err := listener.Accept()
		if err == nil {
			err = conn.(*tls.Conn).Handshake()
		}
		if err == nil {
			accepted <- conn
		}
	}()
	conn, err := Open(t.Context(), Target{Address: listener.Addr().String(), TLS: true})
	require.NoError(t, err)
	defer conn.Close()
	server := <-accepted
	defer server.Close()

	buffer := make([]byte, 5)
	for range 3 {
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Millisecond)))
		_, err = conn.Read(buffer)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.NoError(t, conn.SetReadDeadline(time.Time{}))
		_, err = server.Write([]byte("hello"))
		require.NoError(t, err)
		_, err = io.ReadFull(conn, buffer)
		require.NoError(t, err)
		require.Equal(t, "hello", string(buffer))
	}
}
