// Package replay is a Bolt server that sends prepared records at the speed of memory, so that benchmarks measure only
// the client. It speaks Bolt 5.8 over TCP and, if asked, over a WebSocket.
//
// The text of a query selects the answer: "integers 100000" is 100,000 records of the load of that name (see [Loads]).
// PULL n is answered as a server does, with has_more. It accepts every login.
package replay
