//go:build !js

package bridge_test

import (
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// silentProxy forwards connections. After a request for /silence, the open connections stay open but carry no more
// bytes. A request for /end closes them.
type silentProxy struct {
	to string

	mu     sync.Mutex
	silent bool
	open   []net.Conn
}

func (p *silentProxy) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent = r.URL.Path == "/silence"; !p.silent {
		p.closeAll()
	}
}

func (p *silentProxy) closeAll() {
	for _, conn := range p.open {
		_ = conn.Close()
	}
	p.open = nil
}

func (p *silentProxy) start(t *testing.T) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var carried sync.WaitGroup
	t.Cleanup(func() {
		_ = listener.Close()
		p.mu.Lock()
		p.closeAll()
		p.mu.Unlock()
		carried.Wait()
	})
	carried.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", p.to)
			if err != nil {
				_ = near.Close()
				continue
			}
			p.mu.Lock()
			p.open = append(p.open, near, far)
			p.mu.Unlock()
			carried.Go(func() { p.pass(far, near) })
			carried.Go(func() { p.pass(near, far) })
		}
	})
	return listener.Addr().String()
}

// pass forwards bytes in one direction until one side ends. In silence it drops them.
func (p *silentProxy) pass(to, from net.Conn) {
	defer to.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		p.mu.Lock()
		silent := p.silent
		p.mu.Unlock()
		if n > 0 && !silent {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
