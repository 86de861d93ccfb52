package bolt

import (
	"encoding/binary"
	"io"
	"slices"
	"strconv"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

const (
	slots            = 4
	maxManifest      = 256 // versions that a manifest may list
	maxVarintSize    = 10
	noCapabilities   = 0x00
	unavailableInUse = "nothing here speaks Bolt: is this the port of Neo4j's Bolt connector (7687, not 7474)?"
)

// negotiate agrees with the server on a version.
func negotiate(stream io.ReadWriter, versions []client.Version) (client.Version, error) {
	offer, err := offerOf(versions)
	if err != nil {
		return client.Version{}, err
	}
	if _, err := stream.Write(offer); err != nil {
		return client.Version{}, err
	}
	var answer [4]byte
	if _, err := io.ReadFull(stream, answer[:]); err != nil {
		return client.Version{}, err
	}
	if answer == wire.Manifest && len(versions) == 0 {
		return chooseFromManifest(stream)
	}
	return acceptClassic(answer, versions)
}

// offerOf makes the client's part of the handshake: the manifest and the classic slots, or only classic slots if the
// options name versions.
func offerOf(versions []client.Version) ([]byte, error) {
	offer := append(make([]byte, 0, 4+4*slots), wire.Preamble[:]...)
	if len(versions) == 0 {
		offer = append(offer, wire.Manifest[:]...)
		offer = append(offer, 0, 8, 8, 5) // 5.8 to 5.0
		offer = append(offer, 0, 2, 4, 4) // 4.4 to 4.2: older servers know no ranges
		return append(offer, 0, 0, 0, 3), nil
	}
	var slot [][4]byte
	for _, v := range versions {
		if n := len(slot); n > 0 && joins(slot[n-1], v) {
			slot[n-1][1] = slot[n-1][2] - v.Minor
			continue
		}
		slot = append(slot, [4]byte{0, 0, v.Minor, v.Major})
	}
	if len(slot) > slots {
		return nil, &client.ArgumentError{Argument: "BoltVersions",
			Message: "a handshake has room for 4 versions or ranges of minor versions, not for " +
				strconv.Itoa(len(slot))}
	}
	for _, s := range slot {
		offer = append(offer, s[:]...)
	}
	return append(offer, make([]byte, 4*(slots-len(slot)))...), nil
}

// joins reports whether a version extends a range of minor versions. Servers before 4.2 know no ranges, and there is no
// 5.5.
func joins(slot [4]byte, v client.Version) bool {
	lowest := slot[2] - slot[1]
	return slot[3] == v.Major && v.AtLeast(4, 2) && (lowest == v.Minor+1 || v == client.Version{Major: 5, Minor: 4} &&
		lowest == 6)
}

func acceptClassic(answer [4]byte, offered []client.Version) (client.Version, error) {
	if answer == [4]byte{} {
		return client.Version{}, &client.ConnectionUnavailable{Reason: client.ReasonNotNeo4j,
			Message: "the server speaks none of the Bolt versions " + versionList(orAll(offered))}
	}
	if string(answer[:]) == "HTTP" {
		return client.Version{}, &client.ConnectionUnavailable{Reason: client.ReasonNotNeo4j,
			Message: "the server answers in HTTP; " + unavailableInUse}
	}
	v := client.Version{Major: answer[3], Minor: answer[2]}
	if answer[0] != 0 || answer[1] != 0 || !slices.Contains(orAll(offered), v) {
		return client.Version{}, &client.ConnectionUnavailable{Reason: client.ReasonNotNeo4j,
			Message: "the answer to the handshake is 0x" + hexadecimal(answer[:]) + "; " + unavailableInUse}
	}
	return v, nil
}

// chooseFromManifest reads the server's list of versions (manifest version 1) and answers with the newest one that both
// speak.
func chooseFromManifest(stream io.ReadWriter) (client.Version, error) {
	count, err := readVarint(stream)
	if err != nil {
		return client.Version{}, err
	}
	if count > maxManifest {
		return client.Version{}, &client.ConnectionUnavailable{Reason: client.ReasonNotNeo4j,
			Message: "the handshake lists too many versions; " + unavailableInUse}
	}
	ranges := make([]byte, 4*count)
	if _, err := io.ReadFull(stream, ranges); err != nil {
		return client.Version{}, err
	}
	if _, err := readVarint(stream); err != nil { // capabilities: none is defined
		return client.Version{}, err
	}
	for _, v := range wire.Versions {
		for entry := range slices.Chunk(ranges, 4) {
			span, minor, major := entry[1], entry[2], entry[3]
			if v.Major == major && v.Minor <= minor && int(v.Minor) >= int(minor)-int(span) {
				_, err := stream.Write([]byte{0, 0, v.Minor, v.Major, noCapabilities})
				return v, err
			}
		}
	}
	// Say so, as the protocol wants it, before giving up.
	_, _ = stream.Write([]byte{0, 0, 0, 0, noCapabilities})
	return client.Version{}, &client.ConnectionUnavailable{Reason: client.ReasonNotNeo4j,
		Message: "the server speaks none of the Bolt versions " + versionList(wire.Versions)}
}

// readVarint reads a number in base 128, least significant group first.
func readVarint(stream io.Reader) (uint64, error) {
	var encoded [maxVarintSize]byte
	for i := range encoded {
		if _, err := io.ReadFull(stream, encoded[i:i+1]); err != nil {
			return 0, err
		}
		if encoded[i] >= 0x80 {
			continue
		}
		if n, size := binary.Uvarint(encoded[:i+1]); size > 0 {
			return n, nil
		}
		break
	}
	return 0, &client.ConnectionUnavailable{Reason: client.ReasonNotNeo4j,
		Message: "the handshake holds a malformed number; " + unavailableInUse}
}

func orAll(versions []client.Version) []client.Version {
	if len(versions) == 0 {
		return wire.Versions
	}
	return versions
}

func versionList(versions []client.Version) string {
	list := ""
	for i, v := range versions {
		if i > 0 {
			list += ", "
		}
		list += v.String()
	}
	return list
}

func hexadecimal(b []byte) string {
	const digits = "0123456789ABCDEF"
	var out []byte
	for _, c := range b {
		out = append(out, digits[c>>4], digits[c&15])
	}
	return string(out)
}
