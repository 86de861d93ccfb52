//go:build !unix

package dial

// readable cannot tell here.
func readable(Conn) bool { return false }
