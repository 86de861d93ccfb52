// Package boltfake is a scripted Bolt server for tests: it does what a real server cannot be made to do, or rarely
// does.
//
// [Listen] runs a script for each connection: the script expects the client's messages one by one and answers them.
//
//	address := boltfake.Listen(t, func(c *boltfake.Conn) {
//		c.Login(client.Version{Major: 5, Minor: 8}, nil)
//		c.Expect("RUN")
//		c.Success(map[string]any{"fields": []any{"x"}})
//		c.Expect("PULL")
//		c.Record(1)
//		c.Close() // in the middle of the result
//	})
//
// [Server] answers everything by itself, by functions that say what a query's result or a routing table is; one for
// each member makes a cluster. [Shaped] works at the client's end: it cuts and splits the stream, whichever server is
// behind it.
package boltfake
