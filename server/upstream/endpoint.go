package upstream

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// DefaultPort is the port of Bolt if none is named.
const DefaultPort = 7687

// Security says how the relay connects to an upstream.
type Security uint8

// The kinds of Security.
const (
	Plain      Security = iota // TCP
	Verified                   // TLS, with a check of the certificate
	Unverified                 // TLS with any certificate, as self-signed ones
)

var schemes = map[string]Security{
	"bolt": Plain, "bolt+s": Verified, "bolt+ssc": Unverified,
	"neo4j": Plain, "neo4j+s": Verified, "neo4j+ssc": Unverified,
}

func (s Security) String() string {
	return [...]string{"bolt", "bolt+s", "bolt+ssc"}[s]
}

// Endpoint is a Bolt server: its address and how to connect to it.
type Endpoint struct {
	Security Security
	Host     string // a name in lower case without a final dot, or an address without brackets
	Port     uint16
}

// Address is the endpoint as host:port.
func (e Endpoint) Address() string { return net.JoinHostPort(e.Host, strconv.Itoa(int(e.Port))) }

func (e Endpoint) String() string { return e.Security.String() + "://" + e.Address() }

// ParseURI reads an endpoint such as "bolt+s://example.org:7687". Scheme bolt and port 7687 may be left out. User, path
// and query have no meaning here and are refused.
func ParseURI(uri string) (Endpoint, error) {
	security, authority, err := cutScheme(uri)
	if err != nil {
		return Endpoint{}, err
	}
	if strings.ContainsAny(authority, "/?#@") {
		return Endpoint{}, fmt.Errorf("upstream %q: only scheme, host and port belong here", shown(uri))
	}
	host, port, err := splitHostPort(authority, DefaultPort)
	if err != nil {
		return Endpoint{}, fmt.Errorf("upstream %q: %w", shown(uri), err)
	}
	return Endpoint{Security: security, Host: host, Port: port}, nil
}

func cutScheme(uri string) (Security, string, error) {
	name, rest, found := strings.Cut(uri, "://")
	if !found {
		return Plain, uri, nil
	}
	security, known := schemes[strings.ToLower(name)]
	if !known {
		return Plain, "", fmt.Errorf("%q: the scheme must be bolt, bolt+s, bolt+ssc, neo4j, neo4j+s or neo4j+ssc",
			shown(uri))
	}
	return security, rest, nil
}

// shown is a text of the configuration for messages, without a possible password.
func shown(text string) string {
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		scheme, rest = "", text
	} else {
		scheme += "://"
	}
	if strings.Contains(text, "@") {
		return "…@…"
	}
	if at := strings.LastIndexByte(rest, ':'); at >= 0 && strings.Trim(rest[at+1:], "0123456789-*/]") != "" {
		rest = rest[:at] + ":…"
	}
	return scheme + rest
}

// splitHostPort reads host:port, [v6]:port, or a host alone if defaultPort is not 0.
func splitHostPort(text string, defaultPort uint16) (string, uint16, error) {
	host, portText, err := net.SplitHostPort(text)
	if err != nil {
		if defaultPort == 0 {
			return "", 0, fmt.Errorf("must be host:port")
		}
		host, portText = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"), strconv.Itoa(int(defaultPort))
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil || port == 0 {
		return "", 0, errors.New("the port must be a number from 1 to 65535")
	}
	host, err = canonicalHost(host)
	return host, uint16(port), err
}

// canonicalHost returns the one form of a name or an address in which they are compared.
func canonicalHost(host string) (string, error) {
	if address, err := netip.ParseAddr(host); err == nil {
		if address.Zone() != "" {
			return "", fmt.Errorf("%q: addresses with a zone are not taken", host)
		}
		return address.Unmap().String(), nil
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if !isName(host) {
		return "", fmt.Errorf("%q is neither a host name nor an address", host)
	}
	return host, nil
}

// isName reports whether a text is a host name in DNS. A name whose last label is a number is not: some resolvers read
// it as an IPv4 address in another notation.
func isName(host string) bool {
	if host == "" || len(host) > 253 {
		return false
	}
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" ||
			label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
	}
	last := labels[len(labels)-1]
	return strings.Trim(last, "0123456789") != "" && !strings.HasPrefix(last, "0x")
}
