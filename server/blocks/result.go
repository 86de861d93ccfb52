package blocks

import "github.com/webbolt/webbolt/client/rowblock"

// maxResults is the maximum number of results of one connection that have blocks at a time. Records of others pass
// unchanged.
const maxResults = 16

// result is a result that the page wants in blocks.
type result struct {
	number   int64
	writer   *rowblock.Writer // nil before the first record
	sent     bool             // a block
	failed   bool             // a record did not fit into a block: records pass unchanged
	replaced int              // bytes of the messages in the block

	lane    *Lane // that carries the rows of the PULL that is being answered, or nil for the WebSocket
	carried int   // rows, by it, of that PULL
}
