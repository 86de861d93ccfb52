package dial

import "time"

// BlockConn is a Conn to a relay that can send row blocks instead of records (docs/lanes.md).
type BlockConn interface {
	Conn
	// OffersBlocks reports whether the relay offered row blocks. That is known after the first bytes of the stream were
	// read.
	OffersBlocks() bool
	// OpenLane begins to open a lane for the result with that number, and lets the relay use it after its first frame
	// has arrived. It does not wait. It returns nil if no lane is possible: the relay offers none, a lane failed
	// recently, or the maximum number of lanes is open.
	OpenLane(result int64) Lane
	// Buffered reports whether Read would return bytes without waiting.
	Buffered() bool
}

// SignedConn is a Conn to a relay that may have promised signs of life, because a page cannot send pings.
type SignedConn interface {
	Conn
	// Signs returns the interval at which the relay sends signs while an answer is due, 0 if it promised none, and when
	// the last sign was read. Bytes of the stream are signs of life, too, but are not counted here.
	Signs() (every time.Duration, last time.Time)
}

// Lane carries row blocks of one result outside the stream. A lane keeps blocks until Take: the caller limits them by
// what it requests from the server. All methods return at once. One goroutine at a time may call them; any may call
// Close.
type Lane interface {
	// Take returns the next frame; ok is false if none has arrived.
	Take() (f LaneFrame, ok bool)
	// Arrived receives a value when a frame has arrived, or the lane has ended, since it was last empty.
	Arrived() <-chan struct{}
	// Ended reports whether no more frames will arrive, and the error if the lane failed.
	Ended() (bool, error)
	// Close gives the lane up.
	Close()
}

// LaneFrame is a row block, or the end of the rows of one PULL.
type LaneFrame struct {
	// End says that the PULL's rows are complete; Rows is how many the relay sent on the lane for it.
	End  bool
	Rows int
	// Block is the row block in the platform's form: in a browser a js.Value, an ArrayBuffer that nothing else refers
	// to.
	Block any
	// Size is the length of the block in bytes.
	Size int
}
