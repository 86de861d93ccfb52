package pool

// DefaultMaxSize is small in a browser: browsers limit the sockets of a host, and all tabs share them.
const DefaultMaxSize = 6

// lookEvery: a browser tells by itself when a socket was closed.
const lookEvery = 0
