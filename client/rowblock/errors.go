package rowblock

import "strconv"

// MalformedError means that a record is not valid PackStream. The rest of the result cannot be read.
type MalformedError struct {
	Record  int // index in the batch
	Offset  int // in the record's bytes
	Message string
}

func (e *MalformedError) Error() string {
	return "rowblock: record " + strconv.Itoa(e.Record) + " of the batch, byte " + strconv.Itoa(e.Offset) + ": " +
		e.Message
}

// TooLargeError means that a record does not fit into any block: return less in one row.
type TooLargeError struct {
	Record int // index in the batch
	Bytes  int // the record's size
}

func (e *TooLargeError) Error() string {
	return "rowblock: record " + strconv.Itoa(e.Record) + " of the batch has " + strconv.Itoa(e.Bytes) +
		" bytes, more than a row block can hold; return less in one row"
}
