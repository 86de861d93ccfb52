package client

import "context"

// ClientCertificate is what a client presents to a server that requests a certificate (mutual TLS), in PEM form.
type ClientCertificate struct {
	Certificate []byte // the certificate and its intermediate certificates
	Key         Secret // its private key
	// Password is that of an encrypted key, "" for a plain one. Only keys with a Proc-Type header (RFC 1423) can be
	// decrypted.
	Password Secret
}

// CertificateSource returns the certificate to present. It is called for each connection whose server requests one, so
// that a certificate can be renewed while the program runs. It may be called from several goroutines.
type CertificateSource func(ctx context.Context) (ClientCertificate, error)
