package server

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// Certificates is a TLS configuration whose certificate is read again when its files change, so that a renewed one is
// used without a restart. If the new files cannot be used, the old certificate stays, and failed is called with the
// reason.
func Certificates(certificateFile, keyFile string, failed func(error)) (*tls.Config, error) {
	p := &keyPair{certificateFile: certificateFile, keyFile: keyFile, failed: failed}
	if err := p.load(); err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: p.certificate}, nil
}

// lookEvery is the shortest time between two checks of the files.
const lookEvery = time.Second

type keyPair struct {
	certificateFile, keyFile string
	failed                   func(error)

	mu       sync.Mutex
	looked   time.Time
	modified [2]time.Time
	pair     *tls.Certificate
}

func (p *keyPair) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.looked) >= lookEvery {
		p.looked = time.Now()
		if err := p.load(); err != nil && p.failed != nil {
			p.failed(err)
		}
	}
	return p.pair, nil
}

// load reads the files if they have changed.
func (p *keyPair) load() error {
	var modified [2]time.Time
	for i, name := range []string{p.certificateFile, p.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return fmt.Errorf("reading the certificate: %w", err)
		}
		modified[i] = info.ModTime()
	}
	if p.pair != nil && modified == p.modified {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(p.certificateFile, p.keyFile)
	if err != nil {
		return fmt.Errorf("reading the certificate: %w", err)
	}
	p.pair, p.modified = &pair, modified
	return nil
}
