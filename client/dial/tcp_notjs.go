//go:build !js

package dial

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"time"

	"github.com/webbolt/webbolt/client"
)

// A machine that went without a word is found within vanished: by keep-alives while nothing is sent, else by what it
// does not acknowledge.
const (
	vanished      = 15 * time.Second
	probeAfter    = 5 * time.Second
	probeInterval = (vanished - probeAfter) / probes
	probes        = 3
)

// dialer opens TCP connections.
func dialer() *net.Dialer {
	return &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: probeAfter, Interval: probeInterval, Count: probes},
		Control:         limitSilence,
	}
}

// Open opens a stream to target. It returns a [*client.ConnectionUnavailable] that says why it could not,
// or a [*client.ArgumentError] for a target that cannot be right.
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
	conn, err := dialer().DialContext(ctx, "tcp", target.Address)
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
