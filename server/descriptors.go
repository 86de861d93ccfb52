package server

import "cmp"

// spareDescriptors are those that the relay needs beside sockets: files, listeners, the runtime's own.
const spareDescriptors = 64

// Fit lowers the numbers of connections and sockets to what a process can have that may open so many files, for each
// carried connection needs two. It reports whether it had to. Without that, accept fails when they are used up, for
// everybody.
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

// Memory is how many bytes a relay with these limits should take at most, for [debug.SetMemoryLimit]: what is
// unfinished, the connections, and the relay itself. It is negative if a limit is switched off. Without it the garbage
// of large messages is collected only when it is as large as all that is in use.
func (l Limits) Memory() int64 {
	full := l.withDefaults()
	if full.Unfinished < 0 || full.Connections < 0 {
		return -1
	}
	return memoryOfRelay + full.Unfinished + int64(full.Connections)*memoryOfConnection
}
