package blocks

import "github.com/webbolt/webbolt/client/rowblock"

// maxResults is how many results of one connection may have blocks at a time. Records of others pass as they are.
const maxResults = 16

// result is one that the page wants in blocks.
type result struct {
	number   int64
	writer   *rowblock.Writer // nil before the first record
	sent     bool             // a block
	failed   bool             // a record did not fit into a block: records pass as they are
	replaced int              // bytes of the messages in the block

	lane    *Lane // that carries the rows of the PULL that is being answered, or nil for the WebSocket
	carried int   // rows, by it, of that PULL
}
