package probe

import "syscall"

// tcpUserTimeout is TCP_USER_TIMEOUT of <netinet/tcp.h>: how many milliseconds sent bytes may stay unacknowledged (RFC
// 5482).
const tcpUserTimeout = 0x12

// limitSilence makes the system close a connection whose peer acknowledges nothing; by default it would retry for a
// quarter of an hour.
func limitSilence(_, _ string, raw syscall.RawConn) error {
	return raw.Control(func(fd uintptr) {
		// not all systems have it
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(Vanished.Milliseconds()))
	})
}
