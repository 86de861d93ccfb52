package values

import (
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

const (
	vectorsUnknown = "this connection cannot carry vectors, which need Bolt 6.0; send a list of numbers, and make it " +
		"a vector in Cypher"
	uuidsUnknown = "this connection cannot carry UUIDs, which need Bolt 6.1; send the text that String gives"
)

// appendRaw appends a value that is encoded already. It refuses values that the dialect does not have: the server would
// fail the query, or even close the connection.
func appendRaw(b []byte, raw packstream.Raw, d Dialect) ([]byte, error) {
	if len(raw) == 0 {
		return nil, &Error{Message: "an empty packstream.Raw holds no value; use nil for null"}
	}
	if d.Vector && d.UUID {
		return append(b, raw...), nil
	}
	r := packstream.NewReader(raw)
	for r.Len() > 0 {
		var err error
		switch r.Kind() { // of a value with contents, only the header is read: the contents come next
		case packstream.KindList:
			_, err = r.ListHeader()
		case packstream.KindMap:
			_, err = r.MapHeader()
		case packstream.KindStruct:
			var tag byte
			if tag, _, err = r.StructHeader(); err == nil && tag == wire.StructVector && !d.Vector {
				return nil, &Error{Message: vectorsUnknown}
			}
		case packstream.KindUUID:
			if !d.UUID {
				return nil, &Error{Message: uuidsUnknown}
			}
			err = r.Skip()
		default:
			err = r.Skip()
		}
		if err != nil {
			return nil, &Error{Message: "a packstream.Raw does not hold what it should: " + err.Error()}
		}
	}
	return append(b, raw...), nil
}
