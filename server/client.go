package server

import (
	"net/http"
	"net/netip"
	"strings"
)

// proxies are the networks whose word about the client counts.
type proxies []netip.Prefix

func (p proxies) trust(address netip.Addr) bool {
	for _, network := range p {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// clientOf is the address that the request comes from. Of X-Forwarded-For it takes the last entry that no trusted proxy
// made, because what stands before that one, the client may have invented.
func (p proxies) clientOf(r *http.Request) netip.Addr {
	peer := peerOf(r.RemoteAddr)
	if !p.trust(peer) {
		return peer
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		address, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
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

func peerOf(remote string) netip.Addr {
	peer, err := netip.ParseAddrPort(remote)
	if err != nil { // not TCP, as in a test or over a Unix socket
		return netip.IPv4Unspecified()
	}
	return peer.Addr().Unmap().WithZone("")
}
