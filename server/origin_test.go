package server

import (
	"crypto/tls"
	"net/http"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

// A page is the relay's own only if it came from the relay by the same scheme.
func TestOwnOrigin(t *testing.T) {
	s := &Server{origins: newOriginRules(nil), proxies: proxies{netip.MustParsePrefix("10.0.0.0/8")}}
	for _, c := range []struct {
		secure       bool
		peer, told   string
		host, origin string
		allowed      bool
	}{
		{host: "127.0.0.1:8080", origin: "http://127.0.0.1:8080", allowed: true},
		{host: "127.0.0.1", origin: "http://127.0.0.1", allowed: true},
		{host: "127.0.0.1:80", origin: "http://127.0.0.1", allowed: true},
		{host: "[::1]:8080", origin: "http://[::1]:8080", allowed: true},
		{host: "LOCALHOST", origin: "http://localhost", allowed: true},
		{secure: true, host: "127.0.0.1", origin: "https://127.0.0.1", allowed: true},
		{secure: true, host: "127.0.0.1:443", origin: "https://127.0.0.1", allowed: true},
		{secure: true, host: "127.0.0.1", origin: "http://127.0.0.1"},
		{secure: true, host: "127.0.0.1:443", origin: "http://127.0.0.1:443"},
		{host: "127.0.0.1", origin: "https://127.0.0.1"},
		{host: "127.0.0.1:443", origin: "http://127.0.0.1"},
		{host: "127.0.0.1", origin: "chrome-extension://127.0.0.1"},
		{host: "localhost:8080", origin: "moz-extension://localhost:8080"},
		{host: "localhost", origin: "file://localhost"},
		{host: "127.0.0.1:8080", origin: "http://127.0.0.1:8081"},
		{host: "app.example.org", origin: "http://app.example.org"},
		{host: "", origin: "http://127.0.0.1"},
		{host: "a b", origin: "http://127.0.0.1"},
		// Behind a proxy that speaks TLS.
		{peer: "10.0.0.1:1", told: "https", host: "127.0.0.1", origin: "https://127.0.0.1", allowed: true},
		{peer: "10.0.0.1:1", told: "https", host: "127.0.0.1", origin: "http://127.0.0.1"},
		// an untrusted peer says so
		{peer: "192.0.2.1:1", told: "https", host: "127.0.0.1", origin: "https://127.0.0.1"},
	} {
		r := &http.Request{Host: c.host, RemoteAddr: "192.0.2.1:1", Header: http.Header{"Origin": {c.origin}}}
		if c.peer != "" {
			r.RemoteAddr = c.peer
		}
		if c.told != "" {
			r.Header.Set("X-Forwarded-Proto", c.told)
		}
		if c.secure {
			r.TLS = &tls.ConnectionState{}
		}
		require.Equal(t, c.allowed, s.mayConnect(r), "%+v", c)
	}
}
