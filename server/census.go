package server

import (
	"net/netip"
	"sync"

	"github.com/webbolt/webbolt/client/wire"
)

// census counts the connections that are carried, in all and for each client.
type census struct {
	limits Limits

	mu       sync.Mutex
	total    int
	byClient map[netip.Prefix]int
}

func newCensus(limits Limits) *census {
	return &census{limits: limits, byClient: map[netip.Prefix]int{}}
}

// household is what counts as one client: an IPv4 address, or an IPv6 network as one customer gets it.
func household(client netip.Addr) netip.Prefix {
	bits := client.BitLen()
	if client.Is6() {
		bits = 64
	}
	network, _ := client.Prefix(bits)
	return network
}

// enter counts a connection, unless there are too many.
func (c *census) enter(client netip.Addr) *ending {
	network := household(client)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.limits.Connections >= 0 && c.total >= c.limits.Connections:
		return &ending{wire.CloseTooMany, "the relay has as many connections as it may have; try again later"}
	case c.limits.ConnectionsPerClient >= 0 && c.byClient[network] >= c.limits.ConnectionsPerClient:
		return &ending{wire.CloseTooMany, "too many connections from your address; close some"}
	}
	c.total++
	c.byClient[network]++
	return nil
}

// leave is the end of what entered.
func (c *census) leave(client netip.Addr) {
	network := household(client)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total--
	if c.byClient[network]--; c.byClient[network] == 0 {
		delete(c.byClient, network)
	}
}
