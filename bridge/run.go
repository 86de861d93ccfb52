//go:build js && wasm

package bridge

import (
	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
)

// result sends the page a result. credit is the number of blocks that the page accepts first; metadata asks for the
// server's own metadata. cn is the connection that runs the query, or nil for a connector.
func (c *call) result(result *client.Result, err error, credit int, metadata bool,
	cn *connection) (*protocol.ResultHead, error) {
	if err != nil {
		return nil, err
	}
	s := c.engine.newStream(c.id, credit)
	s.result, s.tx, s.cn, s.metadata = result, c.tx, cn, metadata
	c.stream = s
	return headOf(result), nil
}

func headOf(result *client.Result) *protocol.ResultHead {
	return &protocol.ResultHead{GraphName: result.GraphName(), ProtocolVersion: result.ProtocolVersion()}
}
