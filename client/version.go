package client

import "strconv"

// Version is a protocol version, for Bolt "major.minor". The zero Version means none.
type Version struct {
	Major, Minor byte
}

// String gives "5.8", or "" for the zero Version.
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
