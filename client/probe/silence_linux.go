package probe

import "syscall"

// tcpUserTimeout is TCP_USER_TIMEOUT of <netinet/tcp.h>: for how many milliseconds sent bytes may stay unacknowledged
// (RFC 5482).
const tcpUserTimeout = 0x12

// limitSilence has the system give a connection up whose peer acknowledges nothing; by itself it would go on for a
// quarter of an hour.
func limitSilence(_, _ string, raw syscall.RawConn) error {
	return raw.Control(func(fd uintptr) {
		// not all systems have it
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(Vanished.Milliseconds()))
	})
}
