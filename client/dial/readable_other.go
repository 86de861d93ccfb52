//go:build !unix

package dial

// readable cannot tell on this platform.
func readable(Conn) bool { return false }
