// Package probe opens TCP connections on which a machine that went without a word is found within [Vanished]: by
// keep-alives while nothing is sent, else by what it does not acknowledge.
package probe

import (
	"net"
	"time"
)

// What shows that a machine has gone: Count probes without an answer, Interval apart, after it has kept silent for
// After.
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
