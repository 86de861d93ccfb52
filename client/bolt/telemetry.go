package bolt

import (
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// What TELEMETRY tells: which API is used.
const (
	telemetryFunction    = 0
	telemetryTransaction = 1
	telemetryAutoCommit  = 2
	telemetryQuery       = 3
)

// appendTelemetry tells the server which API is used, where it wants to know and the options allow it. Nobody waits for
// the answer. The caller calls expectTelemetry once it has appended the request that follows, or takes both back.
func (c *Connection) appendTelemetry(api int64) {
	if c.telemetry {
		c.out.end(packstream.AppendInt(c.out.begin(wire.MessageTelemetry, 1), api))
	}
}

func (c *Connection) expectTelemetry() {
	if !c.telemetry {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expect(requestTelemetry, nil)
}

// telemetryByOrigin is what TELEMETRY tells for a BEGIN.
var telemetryByOrigin = [...]int64{
	client.OriginCaller: telemetryTransaction, client.OriginFunction: telemetryFunction,
	client.OriginQuery: telemetryQuery,
}
