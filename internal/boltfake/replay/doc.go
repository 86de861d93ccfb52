// Package replay is a Bolt server that sends records made beforehand, as fast as memory gives them, so that benchmarks
// measure the client alone. It speaks Bolt 5.8 over TCP and, where asked, over a WebSocket.
//
// The text of a query says what it answers: "integers 100000" is 100,000 records of the load of that name (see
// [Loads]). PULL n is answered as a server does, with has_more. Whoever logs in is let in.
package replay
