package server

import (
	"container/list"
	"net/netip"
)

// crowd is a neighbourhood of clients with unfinished sockets. Clients are compared by neighbourhoods first, because
// the owner of a network has many addresses.
type crowd struct {
	network  netip.Prefix
	sockets  *list.List // of *socket, oldest first
	byClient map[netip.Prefix]int
	index    int // in crowds
}

// place is the position of an unfinished socket.
type place struct {
	crowd   *crowd
	element *list.Element
	client  netip.Prefix
	number  uint64 // a larger number is younger
}

func newCrowd(network netip.Prefix) *crowd {
	return &crowd{network: network, sockets: list.New(), byClient: map[netip.Prefix]int{}}
}

func (c *crowd) add(k *socket, number uint64) *place {
	c.byClient[k.client]++
	return &place{crowd: c, element: c.sockets.PushBack(k), client: k.client, number: number}
}

func (c *crowd) remove(k *socket) {
	c.sockets.Remove(k.place.element)
	if c.byClient[k.place.client]--; c.byClient[k.place.client] == 0 {
		delete(c.byClient, k.place.client)
	}
	k.place = nil
}

// oldestOf is the client's oldest socket here, or nil.
func (c *crowd) oldestOf(client netip.Prefix) *socket {
	if c.byClient[client] == 0 {
		return nil
	}
	return c.oldest(func(k *socket) bool { return k.client == client })
}

// oldestOfGreediest is the oldest socket of the clients here that have most sockets.
func (c *crowd) oldestOfGreediest() *socket {
	most := 0
	for _, n := range c.byClient {
		most = max(most, n)
	}
	return c.oldest(func(k *socket) bool { return c.byClient[k.client] == most })
}

func (c *crowd) oldest(fits func(*socket) bool) *socket {
	for e := c.sockets.Front(); e != nil; e = e.Next() {
		if k := e.Value.(*socket); fits(k) {
			return k
		}
	}
	return nil
}

// crowds is a heap ([container/heap]): the largest first, and of those the one with the oldest socket.
type crowds []*crowd

func (h crowds) Len() int { return len(h) }

func (h crowds) Less(i, j int) bool {
	if n, m := h[i].sockets.Len(), h[j].sockets.Len(); n != m {
		return n > m
	}
	return h[i].age() < h[j].age()
}

// age is the number of the oldest socket.
func (c *crowd) age() uint64 {
	if oldest := c.sockets.Front(); oldest != nil {
		return oldest.Value.(*socket).place.number
	}
	return 0
}

func (h crowds) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *crowds) Push(x any) {
	c := x.(*crowd)
	c.index = len(*h)
	*h = append(*h, c)
}

func (h *crowds) Pop() any {
	last := len(*h) - 1
	c := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return c
}
