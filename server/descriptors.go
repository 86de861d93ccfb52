package server

import "cmp"

// spareDescriptors is the number of descriptors that the relay needs besides sockets: for files, listeners and the
// runtime.
const spareDescriptors = 64

// Fit lowers the limits of connections and sockets to what a process with this many file descriptors can have: each
// carried connection needs two. It reports whether it lowered them. Without it, accept would fail for all clients when
// the descriptors are used up.
func (l Limits) Fit(descriptors int) (Limits, bool) {
	full := l.withDefaults()
	room := max(3, descriptors-spareDescriptors)
	if full.Connections >= 0 && full.Sockets >= 0 && full.Connections+full.Sockets <= room {
		return l, false
	}
	if full.Connections < 0 || full.Connections > room/3 {
		l.Connections = room / 3
	}
	l.Sockets = room - cmp.Or(l.Connections, full.Connections)
	return l, true
}

const (
	memoryOfRelay      = 128 << 20
	memoryOfConnection = 64 << 10
)

// Memory is the maximum number of bytes that a relay with these limits should use, for [debug.SetMemoryLimit]: for
// unfinished requests, connections, and the relay itself. It is negative if a limit is switched off. Without a memory
// limit, Go collects the garbage of large messages only when it is as large as the memory in use.
func (l Limits) Memory() int64 {
	full := l.withDefaults()
	if full.Unfinished < 0 || full.Connections < 0 {
		return -1
	}
	return memoryOfRelay + full.Unfinished + int64(full.Connections)*memoryOfConnection
}
