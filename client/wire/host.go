package wire

import "strings"

// SameMachine reports whether browsers trust a host without TLS because it is their own machine: localhost, names below
// it, and loopback addresses (W3C Secure Contexts, section 3.1). An IPv6 address is without brackets.
func SameMachine(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "::1" {
		return true
	}
	rest, loopback := strings.CutPrefix(host, "127.")
	return loopback && strings.Trim(rest, "0123456789.") == "" && strings.Count(rest, ".") == 2
}
