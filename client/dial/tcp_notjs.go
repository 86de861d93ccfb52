//go:build !js

package dial

import (
	"context"
	"crypto/tls"
	"crypto/x509"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/probe"
)

// Open opens a stream to target. It returns a [*client.ConnectionUnavailable] that says why it could not, or a
// [*client.ArgumentError] for an invalid target.
func Open(ctx context.Context, target Target) (Conn, error) {
	if target.URL != "" {
		return openWebSocket(ctx, target)
	}
	return openTCP(ctx, target)
}

func openTCP(ctx context.Context, target Target) (Conn, error) {
	host, _, err := client.SplitAddress(target.Address)
	if err != nil {
		return nil, err
	}
	config, err := target.tlsConfig()
	if err != nil {
		return nil, err
	}
	config.ServerName = host
	conn, err := probe.Dialer().DialContext(ctx, "tcp", target.Address)
	if err != nil {
		return nil, unavailable(ctx, target, "connecting", err)
	}
	if !target.TLS {
		return conn, nil
	}
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		if reason, message, ok := classifyTLS(err); ok {
			return nil, &client.ConnectionUnavailable{Reason: reason, Address: target.Address, Message: message,
				Err: err}
		}
		return nil, unavailable(ctx, target, "waiting for the TLS handshake", err)
	}
	return secured, nil
}

func (t Target) tlsConfig() (*tls.Config, error) {
	config := &tls.Config{InsecureSkipVerify: !t.Verify, MinVersion: tls.VersionTLS12}
	if len(t.RootCAs) > 0 {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(t.RootCAs) {
			return nil, &client.ArgumentError{Argument: "RootCAs", Message: "holds no certificate in PEM form"}
		}
	}
	if t.Certificate != nil {
		config.GetClientCertificate = show(t.Certificate)
	}
	return config, nil
}
