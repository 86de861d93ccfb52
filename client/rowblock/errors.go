package rowblock

import "strconv"

// MalformedError says that a record is not the PackStream that a server may send. The result cannot be read on.
type MalformedError struct {
	Record  int // index in the batch
	Offset  int // in the record's bytes
	Message string
}

func (e *MalformedError) Error() string {
	return "rowblock: record " + strconv.Itoa(e.Record) + " of the batch, byte " + strconv.Itoa(e.Offset) + ": " +
		e.Message
}

// TooLargeError says that a record does not fit into any block: return less in one row.
type TooLargeError struct {
	Record int // index in the batch
	Bytes  int // the record's size
}

func (e *TooLargeError) Error() string {
	return "rowblock: record " + strconv.Itoa(e.Record) + " of the batch has " + strconv.Itoa(e.Bytes) +
		" bytes, more than a row block can hold; return less in one row"
}
