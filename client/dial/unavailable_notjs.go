//go:build !js

package dial

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/webbolt/webbolt/client"
)

// unavailable says why an attempt to open target failed with err.
func unavailable(ctx context.Context, target Target, doing string, err error) error {
	if gone := client.UnavailableFromContext(ctx, target.Address, doing); gone != nil {
		return gone
	}
	reason, message := classify(err)
	return &client.ConnectionUnavailable{Reason: reason, Address: target.Address, Message: message, Err: err}
}

func classify(err error) (client.Reason, string) {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return client.ReasonDNS, "the host name is not known; check its spelling and this machine's name service"
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return client.ReasonRefused, "nothing listens there; check that the server runs, and its host and port"
	}
	if TimedOut(err) {
		return client.ReasonTimeout, "no answer in time; check host, port and firewalls"
	}
	if reason, message, ok := classifyTLS(err); ok {
		return reason, message
	}
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.ErrUnexpectedEOF) {
		return client.ReasonClosed, "the other side closed the connection before it was ready"
	}
	return client.ReasonNetwork, "the network failed"
}

func classifyTLS(err error) (client.Reason, string, bool) {
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return client.ReasonTLS, "the server does not speak TLS there; use a scheme without +s if that is meant", true
	}
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, name := errors.AsType[x509.HostnameError](err)
	_, invalid := errors.AsType[x509.CertificateInvalidError](err)
	_, verification := errors.AsType[*tls.CertificateVerificationError](err)
	if unknown || name || invalid || verification {
		return client.ReasonTLS, "the server's certificate is not trusted; give its authority in RootCAs, or use " +
			"+ssc to skip the check", true
	}
	if _, ok := errors.AsType[noCertificate](err); ok {
		return client.ReasonTLS, "the server asks for a client certificate, and there is none to show", true
	}
	if _, ok := errors.AsType[tls.AlertError](err); ok {
		return client.ReasonTLS, "the server ended the TLS handshake", true
	}
	return "", "", false
}
