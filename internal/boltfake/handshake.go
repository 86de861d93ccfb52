package boltfake

import (
	"io"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// Slots reads the client's part of the handshake: the preamble, which has to be right, and the four slots.
func (c *Conn) Slots() [4][4]byte {
	c.t.Helper()
	var offer [20]byte
	if _, err := io.ReadFull(c.reader, offer[:]); err != nil {
		c.end()
	}
	if [4]byte(offer[:4]) != wire.Preamble {
		c.t.Errorf("the handshake begins with % X", offer[:4])
		c.end()
	}
	var slots [4][4]byte
	for i := range slots {
		slots[i] = [4]byte(offer[4+4*i:])
	}
	return slots
}

// Handshake agrees on the version: by a manifest that lists nothing else if the client offers one, else by the classic
// answer.
func (c *Conn) Handshake(version client.Version) {
	c.t.Helper()
	if c.Slots()[0] != wire.Manifest {
		c.Write([]byte{0, 0, version.Minor, version.Major})
		c.Version = version
		return
	}
	c.Write(append(wire.Manifest[:], 1, 0, 0, version.Minor, version.Major, 0))
	var choice [5]byte
	if _, err := io.ReadFull(c.reader, choice[:]); err != nil {
		c.end()
	}
	if choice != [5]byte{0, 0, version.Minor, version.Major, 0} {
		c.t.Errorf("the client chose % X from the manifest", choice)
		c.end()
	}
	c.Version = version
}
