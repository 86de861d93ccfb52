package upstream

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Rule allows targets besides the configured upstreams. Its form is [SCHEME://]HOST[:PORTS].
//
// HOST is a name (core1.example.org), a name with one leading wildcard for one or more labels (*.example.org), * for
// any host, an address, or a network (10.1.0.0/16, [fd00::/8]). PORTS is a port, a range (7687-7690) or *; 7687 if left
// out. SCHEME says how to speak to the server: bolt if left out.
//
// An address or network rule has a second effect: names that another rule allows may resolve into it. Without such a
// rule, private and other special addresses are refused. If [Directory.NamedOnly] is set, a network rule has only that
// effect.
type Rule struct {
	security  Security
	host      string       // name, or suffix with its dot for a wildcard; "" for any
	wildcard  bool         // host is a suffix, or any
	network   netip.Prefix // valid for an address or a network
	low, high uint16       // ports
}

// ParseRule reads a rule.
func ParseRule(text string) (Rule, error) {
	security, rest, err := cutScheme(text)
	if err != nil {
		return Rule{}, fmt.Errorf("rule %w", err)
	}
	if strings.Contains(rest, "@") {
		return Rule{}, errors.New("a rule has no user and no password")
	}
	host, ports := cutPorts(rest)
	rule := Rule{security: security}
	if rule.low, rule.high, err = parsePorts(ports); err != nil {
		return Rule{}, fmt.Errorf("rule %q: %w", shown(text), err)
	}
	switch {
	case host == "*":
		rule.wildcard = true
	case strings.HasPrefix(host, "*."):
		rule.wildcard = true
		rule.host = strings.ToLower(host[1:])
		if !isName(rule.host[1:]) {
			return Rule{}, fmt.Errorf("rule %q: what follows *. is not a host name", shown(text))
		}
	case strings.Contains(host, "/"):
		network, err := netip.ParsePrefix(host)
		if err != nil || network != network.Masked() {
			return Rule{}, fmt.Errorf("rule %q: this is not a network, as 10.1.0.0/16 is", shown(text))
		}
		rule.network = network
	default:
		if rule.host, err = canonicalHost(host); err != nil {
			return Rule{}, fmt.Errorf("rule %q: %w", shown(text), err)
		}
		if address, err := netip.ParseAddr(rule.host); err == nil {
			rule.network = netip.PrefixFrom(address, address.BitLen())
		}
	}
	return rule, nil
}

// AnyHost reports whether the rule allows every host there is.
func (r Rule) AnyHost() bool {
	return r.wildcard && r.host == "" || r.network.IsValid() && r.network.Bits() == 0
}

// isNetwork reports whether the rule is about more than one address.
func (r Rule) isNetwork() bool { return r.network.IsValid() && !r.network.IsSingleIP() }

// cutPorts separates the host, in brackets or not, from the ports.
func cutPorts(text string) (host, ports string) {
	if inner, found := strings.CutPrefix(text, "["); found {
		if end := strings.IndexByte(inner, ']'); end >= 0 {
			return inner[:end], strings.TrimPrefix(inner[end+1:], ":")
		}
	}
	if strings.Count(text, ":") > 1 { // IPv6 without brackets, hence without ports
		return text, ""
	}
	host, ports, _ = strings.Cut(text, ":")
	return host, ports
}

func parsePorts(text string) (low, high uint16, err error) {
	switch text {
	case "":
		return DefaultPort, DefaultPort, nil
	case "*":
		return 1, 65535, nil
	}
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	a, err1 := strconv.ParseUint(first, 10, 16)
	b, err2 := strconv.ParseUint(last, 10, 16)
	if err1 != nil || err2 != nil || a == 0 || a > b {
		return 0, 0, errors.New("what follows the host is neither a port, nor a range as 7687-7690, nor *")
	}
	return uint16(a), uint16(b), nil
}

// matches reports whether the rule allows the target, before any name is resolved.
func (r Rule) matches(host string, port uint16) bool {
	if port < r.low || port > r.high {
		return false
	}
	if r.network.IsValid() {
		address, err := netip.ParseAddr(host)
		return err == nil && r.network.Contains(address)
	}
	if r.wildcard {
		if r.host == "" {
			return true
		}
		return strings.HasSuffix(host, r.host) && len(host) > len(r.host)
	}
	return host == r.host
}

// covers reports whether the rule is about networks and holds the address.
func (r Rule) covers(address netip.Addr, port uint16) bool {
	return r.network.IsValid() && port >= r.low && port <= r.high && r.network.Contains(address)
}
