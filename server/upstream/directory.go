package upstream

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/webbolt/webbolt/client/probe"
)

// Resolver finds the addresses of a name; [*net.Resolver] is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Directory holds the servers that may be reached. Make one with [NewDirectory]. Several goroutines may use it.
type Directory struct {
	Endpoints []Endpoint // the first is the default
	Rules     []Rule
	Resolver  Resolver
	RootCAs   *x509.CertPool // instead of the system's; nil for those
	Timeout   time.Duration  // for resolving, connecting and TLS together; no limit unless positive
	// a network does not allow targets: the relay's credentials only go to servers that the operator named
	NamedOnly bool
}

// NewDirectory reads upstreams and rules.
func NewDirectory(upstreams, allow []string) (*Directory, error) {
	d := &Directory{Resolver: net.DefaultResolver, Timeout: 10 * time.Second}
	for _, text := range upstreams {
		endpoint, err := ParseURI(text)
		if err != nil {
			return nil, err
		}
		d.Endpoints = append(d.Endpoints, endpoint)
	}
	for _, text := range allow {
		rule, err := ParseRule(text)
		if err != nil {
			return nil, err
		}
		d.Rules = append(d.Rules, rule)
	}
	return d, nil
}

// Destination is a target that is allowed, as far as is known before its name is resolved.
type Destination struct {
	Endpoint
	configured bool // an upstream, which may have private addresses
	named      bool // by the operator, and not by the page within a wildcard or a network
}

// Find returns the destination for a target as a page names it: host:port, or "" for the default upstream.
func (d *Directory) Find(target string) (Destination, error) {
	if target == "" {
		if len(d.Endpoints) == 0 {
			return Destination{}, &Error{Reason: ErrMalformed,
				Text: "this relay has no default upstream: name a target as /bolt/HOST:PORT"}
		}
		return Destination{Endpoint: d.Endpoints[0], configured: true, named: true}, nil
	}
	host, port, err := splitHostPort(target, 0)
	if err != nil {
		return Destination{}, &Error{Reason: ErrMalformed, Text: "the target must be host:port", Cause: err}
	}
	for _, endpoint := range d.Endpoints {
		if endpoint.Host == host && endpoint.Port == port {
			return Destination{Endpoint: endpoint, configured: true, named: true}, nil
		}
	}
	for _, rule := range d.Rules {
		if rule.matches(host, port) && !(d.NamedOnly && rule.isNetwork()) {
			endpoint := Endpoint{Security: rule.security, Host: host, Port: port}
			return Destination{Endpoint: endpoint, named: !rule.wildcard && !rule.isNetwork()}, nil
		}
	}
	return Destination{}, forbidden(host, port)
}

func forbidden(host string, port uint16) error {
	return &Error{Reason: ErrForbidden, Text: fmt.Sprintf("the relay was not told to allow %s",
		Endpoint{Host: host, Port: port}.Address())}
}

// Dial opens a connection. It resolves the name once and tries, in turn, the addresses that are allowed.
func (d *Directory) Dial(ctx context.Context, to Destination) (net.Conn, error) {
	if d.Timeout > 0 {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, d.Timeout)
		defer cancel()
	}
	addresses, err := d.resolve(ctx, to)
	if err != nil {
		return nil, err
	}
	var failed error
	for i, address := range addresses {
		conn, err := d.dialAddress(ctx, to, address, len(addresses)-i)
		if err == nil {
			return conn, nil
		}
		failed = err
	}
	return nil, unreachable(to, failed)
}

// resolve returns the addresses that may be dialled; there is at least one.
func (d *Directory) resolve(ctx context.Context, to Destination) ([]netip.Addr, error) {
	found := make([]netip.Addr, 1)
	var err error
	if found[0], err = netip.ParseAddr(to.Host); err != nil {
		if found, err = d.Resolver.LookupNetIP(ctx, "ip", to.Host); err != nil {
			return nil, unreachable(to, err)
		}
	}
	allowed := make([]netip.Addr, 0, len(found))
	for _, address := range found {
		if address = address.Unmap().WithZone(""); to.configured || d.mayReach(address, to.Port) {
			allowed = append(allowed, address)
		}
	}
	switch {
	case len(allowed) > 0:
	case to.named:
		return nil, forbidden(to.Host, to.Port)
	default:
		return nil, unreachable(to, fmt.Errorf("%w: no rule holds its private or special addresses", ErrForbidden))
	}
	return allowed, nil
}

// mayReach is the check after resolution.
func (d *Directory) mayReach(address netip.Addr, port uint16) bool {
	if !isSpecial(address) {
		return true
	}
	for _, rule := range d.Rules {
		if rule.covers(address, port) {
			return true
		}
	}
	return false
}

// dialAddress leaves a fair part of the time to the addresses that follow.
func (d *Directory) dialAddress(ctx context.Context, to Destination, address netip.Addr, left int) (net.Conn, error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/time.Duration(left))
		defer cancel()
	}
	conn, err := probe.Dialer().DialContext(ctx, "tcp", netip.AddrPortFrom(address, to.Port).String())
	if err != nil || to.Security == Plain {
		return conn, err
	}
	secured := tls.Client(conn, &tls.Config{
		ServerName: to.Host, RootCAs: d.RootCAs, InsecureSkipVerify: to.Security == Unverified,
		MinVersion: tls.VersionTLS12,
	})
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secured, nil
}

// unreachable describes the failure for the page. It does not say whether a name that the page chose exists: otherwise
// pages could look up the names of the relay's own network.
func unreachable(to Destination, cause error) error {
	e := &Error{Reason: ErrUnreachable, Cause: cause, Text: "the relay cannot reach " + to.Address()}
	var timeout net.Error
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(cause, &dns) && dns.IsNotFound && to.named:
		e.Text += ": no such name"
	case errors.Is(cause, context.DeadlineExceeded), errors.As(cause, &timeout) && timeout.Timeout():
		e.Reason, e.Text = ErrTimeout, to.Address()+" did not answer the relay in time"
	case errors.As(cause, &certificate):
		e.Text += ": its certificate is not trusted"
	case errors.As(cause, new(tls.RecordHeaderError)):
		e.Text += ": it does not speak TLS"
	}
	return e
}
