package bolt

import (
	"sync/atomic"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// The values of TELEMETRY: which API is used.
const (
	telemetryFunction    = 0
	telemetryTransaction = 1
	telemetryAutoCommit  = 2
	telemetryQuery       = 3
)

// telemetryAnswer sets told, which may be nil, once the server has accepted a TELEMETRY.
type telemetryAnswer struct{ told *atomic.Bool }

func (a telemetryAnswer) answered(_ *Connection, _ []byte, err error) error {
	if a.told != nil && err == nil {
		a.told.Store(true)
	}
	return nil
}

// appendTelemetry appends TELEMETRY if the server wants it, the options allow it, and it was not sent yet. It reports
// whether it did; then the caller must call expectTelemetry after it has appended the next request, or truncate both.
// No call waits for the answer.
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

// telemetryByOrigin is the value of TELEMETRY for a BEGIN.
var telemetryByOrigin = map[client.Origin]int64{
	client.OriginCaller: telemetryTransaction, client.OriginFunction: telemetryFunction,
	client.OriginQuery: telemetryQuery,
}
