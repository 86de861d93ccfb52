//go:build !js

package pool

// DefaultMaxSize is the most connections that a pool holds unless it is told otherwise.
const DefaultMaxSize = 40
