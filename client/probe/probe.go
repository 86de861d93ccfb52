// Package probe opens TCP connections that detect within [Vanished] that the other machine has disappeared: by
// keep-alives while nothing is sent, else by missing acknowledgements.
package probe

import (
	"net"
	"time"
)

// A machine counts as gone after Count unanswered probes, sent every Interval, after a silence of After.
const (
	Vanished = 15 * time.Second
	After    = 5 * time.Second
	Interval = (Vanished - After) / Count
	Count    = 3
)

// Dialer opens such connections.
func Dialer() *net.Dialer {
	return &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: After, Interval: Interval, Count: Count},
		Control:         limitSilence,
	}
}
