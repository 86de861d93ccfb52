//go:build unix

package neo4jtest

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"
)

// Relay is a relay that this process started, as a process of its own that is
// watched like a server.
type Relay struct {
	URL     string // ws://HOST:PORT/bolt, as client.Options.Relay wants it
	dir     string
	process *process
}

// StartRelay runs the relay's command, which is the file that was built from
// server/webbolt, in front of a server, and waits until it listens. The
// arguments come after those that say where to listen and where to go.
func StartRelay(ctx context.Context, command string, upstream *Server, arguments ...string) (*Relay, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("looking for a free port: %w", err)
	}
	address := listener.Addr().String()
	listener.Close()
	dir, err := os.MkdirTemp("", "webbolt-relay-")
	if err != nil {
		return nil, err
	}
	relay := &Relay{URL: "ws://" + address + "/bolt", dir: dir}
	line := append([]string{command, "relay", "--listen", address, "--upstream", upstream.BoltURI()}, arguments...)
	if relay.process, err = startProcess(line, dir, true); err == nil {
		err = relay.awaitListening(ctx, address)
	}
	if err != nil {
		relay.Stop()
		return nil, fmt.Errorf("starting the relay %s: %w", command, err)
	}
	return relay, nil
}

// Stop ends the relay and returns when it is gone.
func (r *Relay) Stop() {
	r.process.kill()
	_ = os.RemoveAll(r.dir)
}

func (r *Relay) awaitListening(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var dialer net.Dialer
	for {
		connection, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return connection.Close()
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-r.process.ended:
			return fmt.Errorf("it ended (%v); its last lines:\n%s", r.process.err, r.process.lastLines())
		case <-ctx.Done():
			return fmt.Errorf("%w while waiting for it (%v); its last lines:\n%s", ctx.Err(), err,
				r.process.lastLines())
		}
	}
}
