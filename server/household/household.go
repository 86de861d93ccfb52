// Package household says which addresses count as one client.
package household

import "net/netip"

// Of is what counts as one client: an IPv4 address, or an IPv6 network as one customer gets it.
func Of(client netip.Addr) netip.Prefix {
	bits := client.BitLen()
	if client.Is6() {
		bits = 64
	}
	network, _ := client.Prefix(bits)
	return network
}

// Neighbourhood is a network of clients that may well be one: an IPv4 /24, or an IPv6 /48.
func Neighbourhood(client netip.Prefix) netip.Prefix {
	bits := 24
	if client.Addr().Is6() {
		bits = 48
	}
	network, _ := client.Addr().Prefix(min(bits, client.Bits()))
	return network
}
