//go:build !js

package pool

import "time"

// DefaultMaxSize is the most connections that a pool holds unless it is told otherwise.
const DefaultMaxSize = 40

// lookEvery is how often the free connections are looked at: TCP tells nobody that the other side has closed.
const lookEvery = time.Second
