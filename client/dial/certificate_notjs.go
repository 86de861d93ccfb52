//go:build !js

package dial

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"

	"github.com/webbolt/webbolt/client"
)

// noCertificate means that the client has no certificate to show.
type noCertificate struct{ error }

func (e noCertificate) Unwrap() error { return e.error }

// show makes the TLS handshake show the certificate of source, if the server asks for one.
func show(source client.CertificateSource) func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return func(request *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		pair, err := keyPair(request.Context(), source)
		if err != nil {
			return nil, noCertificate{err}
		}
		return &pair, nil
	}
}

func keyPair(ctx context.Context, source client.CertificateSource) (tls.Certificate, error) {
	given, err := source(ctx)
	if err != nil {
		return tls.Certificate{}, err
	}
	key := []byte(given.Key.Reveal())
	if given.Password != "" {
		if key, err = decrypted(key, []byte(given.Password.Reveal())); err != nil {
			return tls.Certificate{}, err
		}
	}
	pair, err := tls.X509KeyPair(given.Certificate, key)
	if err != nil {
		return tls.Certificate{}, &client.ArgumentError{Argument: "ClientCertificate",
			Message: "takes a certificate and its plain key in PEM form", Err: err}
	}
	return pair, nil
}

// decrypted returns the key without its password. The encryption of RFC 1423 protects a file weakly, but key files use
// it.
func decrypted(key, password []byte) ([]byte, error) {
	for block, rest := pem.Decode(key); block != nil; block, rest = pem.Decode(rest) {
		if !bytes.HasSuffix([]byte(block.Type), []byte("PRIVATE KEY")) {
			continue
		}
		//lint:ignore SA1019 The form is deprecated, and in use.
		plain, err := x509.DecryptPEMBlock(block, password)
		if err != nil {
			return nil, &client.ArgumentError{Argument: "ClientCertificate", Err: err,
				Message: "its key cannot be decrypted; check the password, or give a plain key, as by " +
					"openssl pkey -in encrypted.pem -out plain.pem"}
		}
		return pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: plain}), nil
	}
	return nil, &client.ArgumentError{Argument: "ClientCertificate",
		Message: "its key holds no private key in PEM form"}
}
