package server

import (
	"net/netip"
	"sync"

	"github.com/webbolt/webbolt/server/household"
)

// census counts connections, for all clients together and for each client.
type census struct {
	limit, perClient int // none if negative

	mu       sync.Mutex
	total    int
	byClient map[netip.Prefix]int
}

func newCensus(limit, perClient int) *census {
	return &census{limit: limit, perClient: perClient, byClient: map[netip.Prefix]int{}}
}

// crowded says which limit of a census is reached.
type crowded uint8

const (
	hasRoom crowded = iota
	fullForAll
	fullForClient
)

// add counts one more, unless there are too many.
func (c *census) add(client netip.Addr) crowded {
	network := household.Of(client)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.perClient >= 0 && c.byClient[network] >= c.perClient:
		return fullForClient
	case c.limit >= 0 && c.total >= c.limit:
		return fullForAll
	}
	c.total++
	c.byClient[network]++
	return hasRoom
}

// remove ends what add counted.
func (c *census) remove(client netip.Addr) {
	network := household.Of(client)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total--
	if c.byClient[network]--; c.byClient[network] == 0 {
		delete(c.byClient, network)
	}
}
