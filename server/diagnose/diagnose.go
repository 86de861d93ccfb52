package diagnose

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/webbolt/webbolt/client/wire"
)

// Options say what to check.
type Options struct {
	URI      string         // bolt, bolt+s, bolt+ssc, neo4j…, ws or wss
	Origin   string         // the page's, as https://app.example.org; "" for a page that is nowhere in particular
	Scheme   string         // of the login: none, basic or bearer
	User     string         // for basic
	Secret   string         // password or token
	RootCAs  *x509.CertPool // nil for the system's
	Timeout  time.Duration  // for each step; 10 s if 0
	Resolver *net.Resolver  // nil for the system's
}

// Step is a step of opening a connection.
type Step string

// The steps, in their order.
const (
	StepAddress        Step = "address"
	StepMixedContent   Step = "mixed content"
	StepName           Step = "name"
	StepPort           Step = "port"
	StepTLS            Step = "TLS"
	StepUpgrade        Step = "WebSocket upgrade"
	StepOrigin         Step = "origin"
	StepVersion        Step = "version"
	StepAuthentication Step = "authentication"
)

// Finding is the outcome of a step.
type Finding struct {
	Step   Step
	OK     bool
	Text   string // what was found
	Advice string // what to do, if not OK
}

// visit is one run of the steps.
type visit struct {
	options Options
	target  *url.URL // ws or wss
	lax     bool     // a +ssc scheme
	page    *wsStream
	tell    func(Finding)
	address string // that could be reached
}

// Run runs the steps until one fails, and calls tell with each finding. It reports whether a browser could connect.
func Run(ctx context.Context, options Options, tell func(Finding)) bool {
	if options.Timeout == 0 {
		options.Timeout = 10 * time.Second
	}
	if options.Resolver == nil {
		options.Resolver = net.DefaultResolver
	}
	v := &visit{options: options, tell: tell}
	defer v.close()
	for _, step := range []struct {
		step Step
		take func(context.Context) (text string, problem *problem)
	}{
		{StepAddress, v.readAddress}, {StepMixedContent, v.mixedContent}, {StepName, v.resolve}, {StepPort, v.connect},
		{StepTLS, v.secure}, {StepUpgrade, v.upgrade}, {StepOrigin, v.origin}, {StepVersion, v.version},
		{StepAuthentication, v.authenticate},
	} {
		ctx, cancel := context.WithTimeout(ctx, options.Timeout)
		text, problem := step.take(ctx)
		cancel()
		if problem != nil {
			tell(Finding{Step: step.step, Text: problem.text, Advice: problem.advice})
			return false
		}
		if text != "" {
			tell(Finding{Step: step.step, OK: true, Text: text})
		}
	}
	return true
}

// problem is why a step failed.
type problem struct{ text, advice string }

func (v *visit) close() {
	if v.page != nil {
		_ = v.page.ws.Close()
	}
}

// readAddress turns the URI into the address that a browser would open.
func (v *visit) readAddress(context.Context) (string, *problem) {
	u, err := url.Parse(v.options.URI)
	if err != nil || u.Host == "" {
		return "", &problem{fmt.Sprintf("%q is not a URI", v.options.URI),
			"write it as bolt://HOST:7687 or wss://RELAY/bolt"}
	}
	if u.User != nil {
		return "", &problem{"user and password do not belong in the URI", "give them by --user and --password-file"}
	}
	target := &url.URL{Host: u.Host, Path: "/"}
	scheme := strings.TrimPrefix(strings.Replace(u.Scheme, "neo4j", "bolt", 1), "bolt")
	port := "7687"
	switch {
	case u.Scheme == "ws", u.Scheme == "wss":
		target.Scheme, target.Path = u.Scheme, u.Path
		port = map[string]string{"ws": "80", "wss": "443"}[u.Scheme]
	case scheme == "":
		target.Scheme = "ws"
	case scheme == "+s":
		target.Scheme = "wss"
	case scheme == "+ssc":
		target.Scheme, v.lax = "wss", true
	default:
		return "", &problem{"there is no scheme " + u.Scheme, "use bolt, bolt+s, neo4j, neo4j+s, ws or wss"}
	}
	if u.Port() == "" {
		target.Host = net.JoinHostPort(u.Hostname(), port)
	}
	v.target = target
	return "a browser opens " + target.String(), nil
}

// mixedContent checks the rule that a page from https may only open encrypted connections (Mixed Content, W3C).
func (v *visit) mixedContent(context.Context) (string, *problem) {
	origin, err := url.Parse(v.options.Origin)
	switch {
	case err != nil || origin.Scheme != "https":
		return "", nil
	case v.target.Scheme == "wss":
		return "an https page may open wss", nil
	case wire.SameMachine(v.target.Hostname()):
		return "an https page may open ws to this machine itself", nil
	}
	return "", &problem{"a page from " + v.options.Origin + " may not open ws:// to another machine",
		"use bolt+s with a certificate, or a relay that is reached by wss://"}
}

func (v *visit) resolve(ctx context.Context) (string, *problem) {
	host := v.target.Hostname()
	if net.ParseIP(host) != nil {
		return "", nil
	}
	addresses, err := v.options.Resolver.LookupHost(ctx, host)
	if err != nil {
		return "", &problem{fmt.Sprintf("the name %s has no address: %v", host, err),
			"check the spelling, and that this name is known where the browser runs"}
	}
	return host + " is " + strings.Join(addresses, ", "), nil
}

func (v *visit) connect(ctx context.Context) (string, *problem) {
	conn, err := (&net.Dialer{Resolver: v.options.Resolver}).DialContext(ctx, "tcp", v.target.Host)
	if err != nil {
		advice := "check that the server runs, that it listens on this address (server.bolt.listen_address) and port " +
			"(7687 is Bolt's)"
		if timedOut(err) {
			advice = "a firewall may drop what is sent there; check it, and the port"
		}
		return "", &problem{"nothing answers at " + v.target.Host + ": " + err.Error(), advice}
	}
	v.address = conn.RemoteAddr().String()
	_ = conn.Close()
	return "connected to " + v.address, nil
}

// secure checks that a browser would accept the certificate.
func (v *visit) secure(ctx context.Context) (string, *problem) {
	if v.target.Scheme != "wss" {
		return "", nil
	}
	dialer := &tls.Dialer{Config: &tls.Config{RootCAs: v.options.RootCAs, MinVersion: tls.VersionTLS12}}
	conn, err := dialer.DialContext(ctx, "tcp", v.target.Host)
	if err == nil {
		state := conn.(*tls.Conn).ConnectionState()
		_ = conn.Close()
		left := time.Until(state.PeerCertificates[0].NotAfter)
		return fmt.Sprintf("the certificate is trusted, for %d days more", int(left.Hours()/24)), nil
	}
	if text, advice := certificateProblem(err, v.lax); text != "" {
		return "", &problem{text, advice}
	}
	if errors.As(err, new(tls.RecordHeaderError)) || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) {
		return "", &problem{"the server does not speak TLS on this port",
			"use bolt instead of bolt+s, or switch TLS on (server.bolt.tls_level=OPTIONAL)"}
	}
	return "", &problem{"TLS failed: " + err.Error(), "check the server's TLS settings (dbms.ssl.policy.bolt)"}
}

// certificateProblem explains why a certificate is not trusted.
func certificateProblem(err error, lax bool) (text, advice string) {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &unknown):
		text, advice = "the certificate is signed by an authority that is not trusted",
			"use one of a public authority, or have browsers trust yours"
		if lax {
			advice = "a browser checks every certificate, +ssc or not; use a relay, which can be told not to check: " +
				"--upstream bolt+ssc://…"
		}
	case errors.As(err, &name):
		text, advice = "the certificate is for another name: "+name.Error(),
			"connect by a name that is in it, or have it made for this one"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		text, advice = "the certificate has expired, or is not valid yet", "renew it, and check this machine's clock"
	case errors.As(err, &invalid):
		text, advice = "the certificate is not valid: "+invalid.Error(), "have it made anew"
	}
	return text, advice
}
