package server

import (
	"net/http"
	"net/netip"
	"strings"
)

// proxies are the networks of trusted proxies.
type proxies []netip.Prefix

func (p proxies) trust(address netip.Addr) bool {
	for _, network := range p {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// clientOf is the address that the request comes from. In X-Forwarded-For it uses the last entry that is not a trusted
// proxy, because the client may have invented the entries before it.
func (p proxies) clientOf(r *http.Request) netip.Addr {
	peer := peerOf(r.RemoteAddr)
	if !p.trust(peer) {
		return peer
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		address, err := hopOf(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		peer = address.Unmap().WithZone("")
		if !p.trust(peer) {
			break
		}
	}
	return peer
}

// hopOf reads an entry of X-Forwarded-For. Some proxies add the port.
func hopOf(text string) (netip.Addr, error) {
	if hop, err := netip.ParseAddrPort(text); err == nil {
		return hop.Addr(), nil
	}
	return netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
}

// schemeOf is the scheme by which the client reached the relay, or a trusted proxy in front of it.
func (p proxies) schemeOf(r *http.Request) string {
	told := r.Header.Values("X-Forwarded-Proto")
	if r.TLS != nil || len(told) == 1 && strings.EqualFold(told[0], "https") && p.trust(peerOf(r.RemoteAddr)) {
		return "https"
	}
	return "http"
}

func peerOf(remote string) netip.Addr {
	peer, err := netip.ParseAddrPort(remote)
	if err != nil { // not TCP, as in a test or over a Unix socket
		return netip.IPv4Unspecified()
	}
	return peer.Addr().Unmap().WithZone("")
}
