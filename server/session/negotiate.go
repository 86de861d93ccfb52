package session

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/webbolt/webbolt/client/wire"
)

const (
	// HandshakeSize is the length of a client's first bytes: the preamble and four slots.
	HandshakeSize = 20
	maxManifest   = 64 // ranges of versions that a manifest may list
)

// Negotiate passes the handshake on without the versions that this package does not know, so that page and server can
// only agree on a known one. Capabilities, of which there are none yet, are left out, too. hello has the page's first
// HandshakeSize bytes.
func Negotiate(page, server io.ReadWriter, hello []byte) (wire.Version, error) {
	offer := append([]byte(nil), hello[:4]...)
	for i := 4; i < HandshakeSize; i += 4 {
		slot := [4]byte(hello[i : i+4])
		if slot != wire.Manifest {
			slot = clip(slot)
		}
		offer = append(offer, slot[:]...)
	}
	if _, err := server.Write(offer); err != nil {
		return wire.Version{}, serverFailed(err)
	}
	var answer [4]byte
	if _, err := io.ReadFull(server, answer[:]); err != nil {
		return wire.Version{}, serverFailed(err)
	}
	if answer == wire.Manifest {
		return negotiateManifest(page, server)
	}
	if _, err := page.Write(answer[:]); err != nil {
		return wire.Version{}, err
	}
	v := wire.Version{Major: answer[3], Minor: answer[2]}
	if answer[0] != 0 || answer[1] != 0 || !isKnown(v) || !offered(offer, v) {
		return wire.Version{}, endProtocol("the server and the page agree on no version of Bolt that the relay knows")
	}
	return v, nil
}

// offered reports whether a classic slot of the offer has the version.
func offered(offer []byte, v wire.Version) bool {
	for i := 4; i < HandshakeSize; i += 4 {
		if inRange([4]byte(offer[i:i+4]), v) {
			return true
		}
	}
	return false
}

func inRange(slot [4]byte, v wire.Version) bool {
	return slot[3] == v.Major && v.Minor <= slot[2] && int(v.Minor) >= int(slot[2])-int(slot[1])
}

// negotiateManifest passes on the server's list and the page's choice (manifest version 1).
func negotiateManifest(page, server io.ReadWriter) (wire.Version, error) {
	ranges, err := readManifest(server)
	if err != nil {
		return wire.Version{}, err
	}
	answer := append([]byte(nil), wire.Manifest[:]...)
	answer = binary.AppendUvarint(answer, uint64(len(ranges)))
	for _, slot := range ranges {
		answer = append(answer, slot[:]...)
	}
	answer = append(answer, 0) // no capabilities
	if _, err := page.Write(answer); err != nil {
		return wire.Version{}, err
	}
	var choice [4]byte
	if _, err := io.ReadFull(page, choice[:]); err != nil {
		return wire.Version{}, err
	}
	if _, err := readUvarint(page); err != nil {
		return wire.Version{}, err
	}
	v := wire.Version{Major: choice[3], Minor: choice[2]}
	for _, slot := range ranges {
		if choice[0] == 0 && choice[1] == 0 && inRange(slot, v) {
			_, err := server.Write(append(choice[:], 0))
			return v, serverFailed(err)
		}
	}
	return wire.Version{}, endProtocol("the page chose a version of Bolt that was not offered")
}

// readManifest reads the server's list and returns the known part of it.
func readManifest(server io.Reader) ([][4]byte, error) {
	count, err := readUvarint(server)
	if err != nil {
		return nil, serverFailed(err)
	}
	if count > maxManifest {
		return nil, serverFailed(fmt.Errorf("the handshake lists %d versions", count))
	}
	var ranges [][4]byte
	for range count {
		var slot [4]byte
		if _, err := io.ReadFull(server, slot[:]); err != nil {
			return nil, serverFailed(err)
		}
		if slot = clip(slot); slot != [4]byte{} {
			ranges = append(ranges, slot)
		}
	}
	_, err = readUvarint(server)
	return ranges, serverFailed(err)
}

// readUvarint reads a number in base 128. It reads no byte more than that.
func readUvarint(r io.Reader) (uint64, error) {
	var encoded [binary.MaxVarintLen64]byte
	for i := range encoded {
		if _, err := io.ReadFull(r, encoded[i:i+1]); err != nil {
			return 0, err
		}
		if encoded[i] < 0x80 {
			if n, size := binary.Uvarint(encoded[:i+1]); size > 0 {
				return n, nil
			}
			break
		}
	}
	return 0, endProtocol("a number in the handshake is malformed")
}
