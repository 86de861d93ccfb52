//go:build unix

package dial

import (
	"net"
	"syscall"
)

// readable peeks at the socket. Under TLS it peeks at the TCP socket below: that of an idle connection has no bytes, so
// bytes there mean that something has happened.
func readable(conn Conn) bool {
	if secured, is := conn.(interface{ NetConn() net.Conn }); is {
		return readable(secured.NetConn())
	}
	socket, is := conn.(syscall.Conn)
	if !is {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return true // it is closed
	}
	waits := false
	err = raw.Control(func(fd uintptr) { // raw.Read fails once the read deadline has passed
		var one [1]byte
		_, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		waits = err == syscall.EAGAIN || err == syscall.EINTR
	})
	return err != nil || !waits
}
