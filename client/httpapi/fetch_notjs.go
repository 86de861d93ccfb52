//go:build !js

package httpapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/dial"
)

const (
	// pieceSize is how many bytes of a body are read at once.
	pieceSize = 64 << 10
	// idleLimit is shorter than the 30 s after which Neo4j closes an idle connection, so that no request meets a
	// connection that is closing.
	idleLimit = 20 * time.Second
)

// httpFetcher is net/http over streams of package dial.
type httpFetcher struct {
	client    http.Client
	transport *http.Transport
	address   string
}

func newFetcher(profile client.Profile, options *client.Options) (fetcher, error) {
	target := dial.Target{Address: profile.Address(), RootCAs: options.RootCAs,
		Certificate: options.ClientCertificate}
	open := func(target dial.Target) func(context.Context, string, string) (net.Conn, error) {
		return func(ctx context.Context, _, address string) (net.Conn, error) {
			target.Address = address
			conn, err := dial.Open(ctx, target)
			if err != nil {
				return nil, err
			}
			return conn.(net.Conn), nil // TCP and TLS streams are net.Conn as they are
		}
	}
	secure := target
	secure.TLS, secure.Verify = true, profile.Verify()
	transport := &http.Transport{
		DialContext:        open(target),
		DialTLSContext:     open(secure),
		DisableCompression: true,
		ReadBufferSize:     pieceSize,
		IdleConnTimeout:    idleLimit,
		Proxy:              http.ProxyFromEnvironment,
	}
	return &httpFetcher{client: http.Client{Transport: transport}, transport: transport, address: profile.Address()},
		nil
}

func (f *httpFetcher) close() { f.transport.CloseIdleConnections() }

func (f *httpFetcher) fetch(ctx context.Context, r *request) (*response, error) {
	var payload io.Reader
	if r.body != nil {
		payload = bytes.NewReader(r.body)
	}
	outgoing, err := http.NewRequestWithContext(ctx, r.method, r.url, payload)
	if err != nil {
		return nil, &client.ArgumentError{Argument: "profile", Message: r.url + " is not a URL", Err: err}
	}
	for _, h := range r.header {
		outgoing.Header.Set(h.name, h.value)
	}
	answer, err := f.client.Do(outgoing)
	if err != nil {
		return nil, err
	}
	return &response{status: answer.StatusCode, header: answer.Header.Get, body: &httpBody{answer.Body}}, nil
}

func (f *httpFetcher) unavailable(ctx context.Context, _ *request, err error) *client.ConnectionUnavailable {
	if unavailable, ok := errors.AsType[*client.ConnectionUnavailable](err); ok {
		return unavailable
	}
	if gone := client.UnavailableFromContext(ctx, f.address, "waiting for the server's answer"); gone != nil {
		return gone
	}
	return &client.ConnectionUnavailable{Reason: client.ReasonNotNeo4j, Address: f.address,
		Message: "something is there, but it does not answer as an HTTP server should; check that this is Neo4j's " +
			"HTTP port (7474 or 7473, not Bolt's)", Err: err}
}

type httpBody struct{ io.ReadCloser }

func (b *httpBody) read(in []byte) ([]byte, error) {
	in = slices.Grow(in, pieceSize)
	n, err := b.Read(in[len(in):cap(in)])
	in = in[:len(in)+n]
	if n > 0 {
		return in, nil // the next read returns the error again
	}
	return in, err
}

func (b *httpBody) close() { _ = b.Close() }
