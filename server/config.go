package server

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"time"

	"github.com/webbolt/webbolt/client/lane"
	"github.com/webbolt/webbolt/server/session"
	"github.com/webbolt/webbolt/server/upstream"
)

// Config configures a relay. Only Upstreams or Allow is required; zero fields have defaults. New checks it.
type Config struct {
	// Upstreams are the Bolt servers, as "bolt://host:7687", "bolt+s://…" (TLS) or "bolt+ssc://…" (TLS, any
	// certificate). The first is the default. They may have private addresses.
	Upstreams []string
	// Allow holds rules for further targets; see [upstream.Rule]. With a Policy, a network does not allow targets; it
	// only allows addresses that names resolve to.
	Allow []string
	// UpstreamCAs is a PEM file of authorities to trust for bolt+s, instead of the system's.
	UpstreamCAs string
	// HTTP is the server's HTTP API, as "http://host:7474" or "https://…", which pages then reach under /http/. Empty
	// for none.
	HTTP string
	// Resolver finds the addresses of names; nil for the system's.
	Resolver upstream.Resolver

	// Origins are the web origins, as "https://app.example.org", whose pages may connect; "*" for all. A page that the
	// relay itself serves under an IP address or localhost may always connect; under another name its origin must be
	// listed, because anybody can point a name at the relay. Programs that send no origin may connect.
	Origins []string
	// TrustedProxies are the networks, such as "10.0.0.0/8", of proxies whose X-Forwarded-For header is trusted.
	TrustedProxies []string

	// Compression says when lanes, which carry bulk results (docs/lanes.md), are compressed.
	Compression Compression

	Limits Limits
	// Permit is called last before a connection is carried, for rules of your own; the page gets the text of its error.
	Permit func(Visit) error
	// Events is called for each event. It must return quickly, and several goroutines may call it at once.
	Events func(Event)

	// Policy, if given, makes the relay hold the credentials: the Policy recognises users and decides what they may do.
	// Without it, pages log in with their own credentials, and everything that they send passes.
	Policy session.Policy

	// TLS, if given, makes Serve use TLS; see [Certificates].
	TLS *tls.Config

	// Static is the page; nil for none.
	Static fs.FS
	// ConnectSources are what the page's scripts may connect to besides its own origin, in the syntax of
	// Content-Security-Policy. Nil means any server, or none if there is a Policy.
	ConnectSources []string

	// Logger receives the log; nil for none. Credentials and query texts are never logged.
	Logger *slog.Logger
}

// Limits limit what clients may use. Zero means the default; a negative number or time means no limit.
type Limits struct {
	Connections          int   // carried at a time; 4096
	ConnectionsPerClient int   // of one IPv4 address or IPv6 /64; 256
	Sockets              int   // open at a time, for any use; twice Connections
	SocketsPerClient     int   // of one client; twice ConnectionsPerClient
	Pending              int   // sockets at a time whose request is not complete; 512
	Frame                int64 // bytes of a WebSocket message of the page; 1 MiB
	Message              int   // bytes of a Bolt message of the page, where there is a Policy; 16 MiB
	// bytes of Bolt messages (where there is a Policy) and HTTP bodies that are not complete, in all; 256 MiB
	Unfinished          int64
	UnfinishedPerClient int64 // the same of one client; 64 MiB
	// for the HTTP request, again for Bolt's handshake, and again for the login where there is a Policy; 10 s
	Handshake time.Duration
	Connect   time.Duration // for reaching the upstream; 10 s
	Write     time.Duration // for a client to receive a frame, or to send a request's body; 30 s
	Ping      time.Duration // between pings, which keep proxies from ending idle connections; 30 s
	// between signs of life to a page that asked for them and waits for an answer, a second or more; 10 s
	Sign  time.Duration
	Idle  time.Duration // without a byte in either direction; 1 h
	Life  time.Duration // of a connection; none
	Drain time.Duration // for running work when the relay is told to stop; 30 s
}

func (l Limits) withDefaults() Limits {
	l.Connections = cmp.Or(l.Connections, 4096)
	l.ConnectionsPerClient = cmp.Or(l.ConnectionsPerClient, 256)
	l.Sockets = cmp.Or(l.Sockets, 2*l.Connections)
	l.SocketsPerClient = cmp.Or(l.SocketsPerClient, 2*l.ConnectionsPerClient)
	l.Pending = cmp.Or(l.Pending, 512)
	l.Frame = cmp.Or(l.Frame, 1<<20)
	l.Message = cmp.Or(l.Message, 16<<20)
	l.Unfinished = cmp.Or(l.Unfinished, 256<<20)
	l.UnfinishedPerClient = cmp.Or(l.UnfinishedPerClient, 64<<20)
	l.Handshake = cmp.Or(l.Handshake, 10*time.Second)
	l.Connect = cmp.Or(l.Connect, 10*time.Second)
	l.Write = cmp.Or(l.Write, 30*time.Second)
	l.Ping = cmp.Or(l.Ping, 30*time.Second)
	l.Sign = cmp.Or(l.Sign, lane.SignEvery)
	l.Idle = cmp.Or(l.Idle, time.Hour)
	l.Life = cmp.Or(l.Life, -1)
	l.Drain = cmp.Or(l.Drain, 30*time.Second)
	return l
}

// Validate reports all that is wrong with the configuration, each with the name of its field.
func (c *Config) Validate() error {
	var wrong []error
	if len(c.Upstreams) == 0 && len(c.Allow) == 0 {
		wrong = append(wrong, errors.New("server: Upstreams: name the Bolt server, as bolt://localhost:7687"))
	}
	for _, text := range c.Upstreams {
		if _, err := upstream.ParseURI(text); err != nil {
			wrong = append(wrong, fmt.Errorf("server: Upstreams: %w", err))
		}
	}
	for _, text := range c.Allow {
		if _, err := upstream.ParseRule(text); err != nil {
			wrong = append(wrong, fmt.Errorf("server: Allow: %w", err))
		}
	}
	if err := c.validateForPolicy(); err != nil {
		wrong = append(wrong, err)
	}
	for _, text := range c.Origins {
		if err := CheckOrigin(text); err != nil {
			wrong = append(wrong, fmt.Errorf("server: Origins: %w", err))
		}
	}
	if c.HTTP != "" {
		if err := CheckHTTP(c.HTTP); err != nil {
			wrong = append(wrong, fmt.Errorf("server: HTTP: %w", err))
		}
	}
	for _, text := range c.TrustedProxies {
		if _, err := netip.ParsePrefix(text); err != nil {
			wrong = append(wrong, fmt.Errorf("server: TrustedProxies: %q is not a network, as 10.0.0.0/8 is", text))
		}
	}
	if !c.Compression.valid() {
		wrong = append(wrong, fmt.Errorf("server: Compression: %q is neither on nor off, nor empty for auto",
			c.Compression))
	}
	return errors.Join(wrong...)
}

// validateForPolicy ensures that the relay's credentials go to servers that the operator named.
func (c *Config) validateForPolicy() error {
	if c.Policy == nil {
		return nil
	}
	for _, text := range c.Allow {
		if rule, err := upstream.ParseRule(text); err == nil && rule.AnyHost() {
			return fmt.Errorf("server: Allow: %q would have the relay send its credentials to any host; name hosts",
				text)
		}
	}
	return nil
}
