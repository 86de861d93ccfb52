//go:build unix

package dial

import (
	"net"
	"syscall"
)

// readable looks at the socket without taking anything. Under TLS it looks at what is below: an idle connection has
// nothing there, so what is there is news.
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
	err = raw.Read(func(fd uintptr) bool {
		var one [1]byte
		_, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		waits = err == syscall.EAGAIN || err == syscall.EINTR
		return true // never wait
	})
	return err != nil || !waits
}
