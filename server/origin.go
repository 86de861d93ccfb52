package server

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// originRules say which pages may connect.
type originRules struct {
	any    bool
	listed map[string]bool
}

func newOriginRules(origins []string) originRules {
	rules := originRules{listed: map[string]bool{}}
	for _, text := range origins {
		if text == "*" {
			rules.any = true
			continue
		}
		if origin, err := canonicalOrigin(text); err == nil { // Validate has seen it
			rules.listed[origin] = true
		}
	}
	return rules
}

// CheckOrigin reports what is wrong with an entry of Config.Origins.
func CheckOrigin(text string) error {
	if text == "*" {
		return nil
	}
	_, err := canonicalOrigin(text)
	return err
}

// canonicalOrigin returns an origin (RFC 6454) in lower case, without a default port.
func canonicalOrigin(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
		strings.Trim(u.Path, "/") != "" {
		if strings.Contains(text, "@") { // there may be a password before it
			return "", errors.New("this is not an origin, as https://app.example.org is")
		}
		return "", fmt.Errorf("%q is not an origin, as https://app.example.org is", text)
	}
	host := strings.ToLower(u.Host)
	scheme := strings.ToLower(u.Scheme)
	switch scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	return scheme + "://" + host, nil
}

// mayConnect reports whether a request's page may connect.
func (s *Server) mayConnect(r *http.Request) bool { return s.origins.allow(r, s.proxies.schemeOf(r)) }

// allow reports whether a request's page may connect. Without an Origin header no page sent the request. The scheme is
// that by which the client reached the relay.
func (o originRules) allow(r *http.Request, scheme string) bool {
	header := r.Header.Values("Origin")
	if len(header) == 0 || o.any {
		return true
	}
	origin, err := canonicalOrigin(header[0])
	if err != nil || len(header) > 1 {
		return false
	}
	return o.listed[origin] || ownOrigin(origin, scheme, r.Host)
}

// ownOrigin reports whether a page comes from this very address. Names other than localhost do not count: the owner of
// a name can point it at the relay after the page was loaded.
func ownOrigin(origin, scheme, host string) bool {
	own, err := canonicalOrigin(scheme + "://" + host)
	if err != nil || origin != own {
		return false
	}
	name := strings.ToLower(host)
	if bare, _, err := net.SplitHostPort(name); err == nil {
		name = bare
	}
	name = strings.Trim(name, "[]")
	_, err = netip.ParseAddr(name)
	return err == nil || name == "localhost" || strings.HasSuffix(name, ".localhost")
}
