package bolt

import "github.com/webbolt/webbolt/client"

const (
	firstFetch   = 1000    // records to ask for at first
	largestFetch = 1 << 20 // records to ask for at most
	maxInFlight  = 8 << 20 // bytes that may be in flight
	allRecords   = -1
)

// fetch decides how many records the next PULL asks for.
type fetch struct {
	fixed   int // from the options; 0 means that fetch decides
	size    int // of the last PULL
	records int // records handed out so far, and their bytes
	bytes   int
	keptUp  bool // the reader was waiting when the last PULL was answered
}

func newFetch(fixed int) fetch {
	if fixed != 0 {
		return fetch{fixed: fixed, size: fixed}
	}
	return fetch{size: firstFetch}
}

// handedOut notes how large records are.
func (f *fetch) handedOut(b client.Batch) {
	f.records += b.Rows()
	f.bytes += b.Size()
}

// next is the size of the next PULL: twice the last for a reader that keeps up, limited by maxInFlight. For bulk
// results it is that limit.
func (f *fetch) next(bulk bool) int {
	switch {
	case f.fixed != 0:
		return f.fixed
	case bulk:
		f.size = largestFetch
	case f.keptUp:
		f.size = min(2*f.size, largestFetch)
	}
	if f.records > 0 {
		f.size = max(1, min(f.size, maxInFlight/max(1, f.bytes/f.records)))
	}
	return f.size
}

// lowWater is how many records may wait for the reader when the next PULL is sent.
func (f *fetch) lowWater() int { return f.size * 3 / 10 }
