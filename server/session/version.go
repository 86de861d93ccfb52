package session

import "github.com/webbolt/webbolt/client/wire"

// span is a run of minor versions.
type span struct{ major, low, high byte }

// known are the versions whose messages this package understands.
var known = []span{{4, 0, 4}, {5, 0, 8}, {6, 0, 1}}

func isKnown(v wire.Version) bool {
	for _, s := range known {
		if v.Major == s.major && v.Minor >= s.low && v.Minor <= s.high {
			return true
		}
	}
	return false
}

// clip returns the known part of a slot (a version, and how many minor versions below it are included) as a slot; all
// zero if there is none.
func clip(slot [4]byte) [4]byte {
	major, high := slot[3], slot[2]
	low := byte(max(0, int(high)-int(slot[1])))
	for _, s := range known {
		if s.major != major || low > s.high || high < s.low {
			continue
		}
		low, high := max(low, s.low), min(high, s.high)
		return [4]byte{0, high - low, high, major}
	}
	return [4]byte{}
}
