package bolt

import (
	"sync/atomic"

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

// telemetryAnswer notes in told, which may be nil, that the server has taken a TELEMETRY.
type telemetryAnswer struct{ told *atomic.Bool }

func (a telemetryAnswer) answered(_ *Connection, _ []byte, err error) error {
	if a.told != nil && err == nil {
		a.told.Store(true)
	}
	return nil
}

// appendTelemetry tells the server which API is used, where it wants to know, the options allow it, and it was not told
// yet. It reports whether it does; then the caller calls expectTelemetry once it has appended the request that follows,
// or takes both back. Nobody waits for the answer.
func (c *Connection) appendTelemetry(api int64, o *settings) bool {
	if !c.telemetry || o.Origin == client.OriginUntold || o.OriginTold != nil && o.OriginTold.Load() {
		return false
	}
	c.out.end(packstream.AppendInt(c.out.begin(wire.MessageTelemetry, 1), api))
	return true
}

func (c *Connection) expectTelemetry(told *atomic.Bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expect(requestTelemetry, telemetryAnswer{told})
}

// telemetryByOrigin is what TELEMETRY tells for a BEGIN.
var telemetryByOrigin = [...]int64{
	client.OriginCaller: telemetryTransaction, client.OriginFunction: telemetryFunction,
	client.OriginQuery: telemetryQuery, client.OriginUntold: 0,
}
