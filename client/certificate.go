package client

import "context"

// ClientCertificate is what a client shows to a server that asks by TLS who it is (mutual TLS), in PEM form.
type ClientCertificate struct {
	Certificate []byte // the certificate, and those that lead from it to its authority
	Key         Secret // its private key
	// Password is that of an encrypted key, "" for a plain one. Only keys with a Proc-Type header (RFC 1423) can be
	// decrypted.
	Password Secret
}

// CertificateSource gives the certificate to show. It is asked for each connection whose server wants one, so that a
// certificate can be renewed while the program runs. It may be called from several goroutines.
type CertificateSource func(ctx context.Context) (ClientCertificate, error)
