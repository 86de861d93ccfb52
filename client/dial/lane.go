package dial

import "time"

// BlockConn is a Conn to a relay that can send row blocks instead of records (docs/lanes.md).
type BlockConn interface {
	Conn
	// OffersBlocks reports whether the relay offered row blocks. It is known once the first bytes of the stream were
	// read.
	OffersBlocks() bool
	// OpenLane begins to open a lane for the result with that number, and lets the relay use it once it has shown that
	// it delivers. It does not wait. It gives nil where there can be none: the relay offers none, it could not be
	// reached by one lately, or as many are open as may be.
	OpenLane(result int64) Lane
	// Buffered reports whether bytes have arrived that Read would give without waiting.
	Buffered() bool
}

// SignedConn is a Conn to a relay that may have promised signs of life, as a page can send no pings.
type SignedConn interface {
	Conn
	// Signs says how often a sign is due while an answer is, 0 where nothing was promised, and when the last one was
	// read. Bytes of the stream are signs, too, but do not count here.
	Signs() (every time.Duration, last time.Time)
}

// Lane carries row blocks of one result past the stream. What arrives is kept until it is taken: how much that may be
// is for the caller to bound, by what it asks the server for. All methods return at once; they may be called by one
// goroutine at a time, Close by any.
type Lane interface {
	// Take gives what has arrived next; ok is false if nothing has.
	Take() (f LaneFrame, ok bool)
	// Arrived gets a value when something has arrived, or the lane has ended, since it was last empty.
	Arrived() <-chan struct{}
	// Ended reports whether nothing more will arrive, and why if that is a fault.
	Ended() (bool, error)
	// Close gives the lane up.
	Close()
}

// LaneFrame is a row block, or the end of what one PULL gave.
type LaneFrame struct {
	// End says that the PULL's rows are complete; Rows is how many the relay sent on the lane for it.
	End  bool
	Rows int
	// Block is the row block as the platform has it: in a browser a js.Value, an ArrayBuffer of which nobody else
	// knows.
	Block any
	// Size is the length of the block in bytes.
	Size int
}
