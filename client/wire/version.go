package wire

import "strconv"

// The first bytes of a connection (Bolt, "Handshake").
var (
	Preamble = [4]byte{0x60, 0x60, 0xB0, 0x17}
	// in place of a version: the server lists its versions, in manifest version 1
	Manifest = [4]byte{0x00, 0x00, 0x01, 0xFF}
)

// Version is a version of Bolt, "major.minor". The zero Version means none.
type Version struct {
	Major, Minor byte
}

// String returns "5.8", or "" for the zero Version.
func (v Version) String() string {
	if v == (Version{}) {
		return ""
	}
	return strconv.Itoa(int(v.Major)) + "." + strconv.Itoa(int(v.Minor))
}

// AtLeast reports whether v is major.minor or later.
func (v Version) AtLeast(major, minor byte) bool {
	return v.Major > major || v.Major == major && v.Minor >= minor
}

// Versions are the versions of Bolt that servers of Neo4j 3.5 to 2026.08 speak, newest first. There was no Bolt 5.5.
var Versions = []Version{
	{Major: 6, Minor: 1}, {Major: 6},
	{Major: 5, Minor: 8}, {Major: 5, Minor: 7}, {Major: 5, Minor: 6},
	{Major: 5, Minor: 4}, {Major: 5, Minor: 3}, {Major: 5, Minor: 2}, {Major: 5, Minor: 1}, {Major: 5},
	{Major: 4, Minor: 4}, {Major: 4, Minor: 3}, {Major: 4, Minor: 2}, {Major: 4, Minor: 1}, {Major: 4},
	{Major: 3},
}
