//go:build !js

package pool

import "time"

// DefaultMaxSize is the default of a pool's maximum size.
const DefaultMaxSize = 40

// lookEvery is the interval for checking free connections: TCP does not report that the other side has closed.
const lookEvery = time.Second
