//go:build !js

package dial

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

// identity makes a self-signed certificate.
func identity(t *testing.T, name string) (certificate []byte, key *pem.Block) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotAfter: time.Now().Add(time.Hour)}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	require.NoError(t, err)
	encoded, err := x509.MarshalECPrivateKey(private)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}),
		&pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded}
}

// asking is a server that asks for a certificate, and notes whose certificate it has seen.
func asking(t *testing.T) (address string, seen func() string) {
	names := make(chan string, 10)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert,
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			shown, err := x509.ParseCertificate(raw[0])
			if err == nil {
				names <- shown.Subject.CommonName
			}
			return err
		}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String(), func() string {
		select {
		case name := <-names:
			return name
		case <-time.After(10 * time.Second):
			return ""
		}
	}
}

func TestClientCertificate(t *testing.T) {
	address, seen := asking(t)
	certificate, key := identity(t, "first")
	//lint:ignore SA1019 The form is deprecated, and in use.
	locked, err := x509.EncryptPEMBlock(rand.Reader, key.Type, key.Bytes, []byte("open"), x509.PEMCipherAES256)
	require.NoError(t, err)
	given := client.ClientCertificate{Certificate: certificate, Key: client.Secret(pem.EncodeToMemory(key))}
	asked := 0
	source := func(context.Context) (client.ClientCertificate, error) {
		asked++
		return given, nil
	}
	open := func() {
		conn, err := Open(t.Context(), Target{Address: address, TLS: true, Certificate: source})
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	}
	open()
	require.Equal(t, "first", seen())

	given.Key, given.Password = client.Secret(pem.EncodeToMemory(locked)), "open"
	open()
	require.Equal(t, "first", seen())

	certificate, key = identity(t, "second") // it was renewed meanwhile
	given = client.ClientCertificate{Certificate: certificate, Key: client.Secret(pem.EncodeToMemory(key))}
	open()
	require.Equal(t, "second", seen())
	require.Equal(t, 3, asked)

	// over a WebSocket: the server speaks none, but that is seen only after the TLS handshake
	_, err = Open(t.Context(), Target{URL: "wss://" + address + "/", Address: address, Certificate: source})
	require.Error(t, err)
	require.Equal(t, "second", seen())
}

func TestClientCertificateThatCannotBeShown(t *testing.T) {
	address, _ := asking(t)
	certificate, key := identity(t, "one")
	//lint:ignore SA1019 The form is deprecated, and in use.
	locked, err := x509.EncryptPEMBlock(rand.Reader, key.Type, key.Bytes, []byte("open"), x509.PEMCipherAES256)
	require.NoError(t, err)
	plain := client.Secret(pem.EncodeToMemory(key))
	of := func(given client.ClientCertificate, err error) client.CertificateSource {
		return func(context.Context) (client.ClientCertificate, error) { return given, err }
	}
	gone := errors.New("the vault is shut")
	encrypted := client.ClientCertificate{Certificate: certificate, Key: client.Secret(pem.EncodeToMemory(locked))}
	wrong := encrypted
	wrong.Password = "shut"
	unlocked := encrypted
	unlocked.Key, unlocked.Password = plain, "open"
	noKey := client.ClientCertificate{Certificate: certificate}
	nothingToDecrypt := noKey
	nothingToDecrypt.Password = "open"
	for name, c := range map[string]struct {
		source client.CertificateSource
		says   string
	}{
		"the source fails":     {of(client.ClientCertificate{}, gone), gone.Error()},
		"nothing":              {of(client.ClientCertificate{}, nil), "PEM"},
		"no key":               {of(noKey, nil), "PEM"},
		"no key to decrypt":    {of(nothingToDecrypt, nil), "no private key"},
		"encrypted key":        {of(encrypted, nil), "plain"},
		"another password":     {of(wrong, nil), "password"},
		"key is not encrypted": {of(unlocked, nil), "password"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), Target{Address: address, TLS: true, Certificate: c.source})
			require.ErrorContains(t, requireUnavailable(t, err, client.ReasonTLS), c.says)
			require.False(t, strings.Contains(err.Error(), plain.Reveal()))
		})
	}
}

// With TLS 1.3 a server reports a missing certificate only after the handshake, at the first read.
func TestServerMissesACertificate(t *testing.T) {
	address, _ := asking(t)
	conn, err := Open(t.Context(), Target{Address: address, TLS: true})
	if err == nil {
		_, err = conn.Read(make([]byte, 1))
		require.NoError(t, conn.Close())
	}
	require.ErrorContains(t, err, "certificate")
}
