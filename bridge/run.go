//go:build js && wasm

package bridge

import (
	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
)

// result gives the page a result, of which it takes credit blocks at first. cn is the connection that runs the query, or nil for a connector.
func (c *call) result(result *client.Result, err error, credit int, cn *connection) (*protocol.ResultHead, error) {
	if err != nil {
		return nil, err
	}
	s := c.engine.newStream(c.id, credit)
	s.result, s.tx, s.cn = result, c.tx, cn
	c.stream = s
	return headOf(result), nil
}

func headOf(result *client.Result) *protocol.ResultHead {
	return &protocol.ResultHead{GraphName: result.GraphName(), ProtocolVersion: result.ProtocolVersion()}
}
