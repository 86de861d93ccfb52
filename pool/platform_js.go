package pool

// DefaultMaxSize is small in a browser: browsers limit the sockets of a host, and all tabs share them.
const DefaultMaxSize = 6

// lookEvery is 0: a browser reports closed sockets.
const lookEvery = 0
