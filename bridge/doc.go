// Package bridge is what JavaScript sees of webbolt. It answers messages: one call, one answer, and results as blocks
// of rows.
//
// A page and the engine that runs this package are connected by two functions, each taking one message, so that the
// engine may live in a worker or on the page itself. Messages to the engine are PackStream, those to the page are JSON
// (see json.go): so each crosses from one language to the other in one piece. Blocks go beside them. As JavaScript
// objects:
//
//	to the engine
//	  {id, method, args}              a call; without id it gets no answer
//	  {cancel: id}                    end the context of a call, or of the result that the call gave
//	  {answer: n, ok, value|error}    what a callback gave
//	to the page
//	  {id, ok, value|error}           the answer to a call
//	  {ask: n, callback, value}       call a callback, and answer
//	  {event, ...}                    see events.go and stream.go
//
// Connections, pools, connectors and results are numbers, called handles, in messages. Whoever was given one releases
// it. Transactions are {graphName, txid, readonly}.
//
// Nothing here waits on JavaScript's thread: each call runs in a goroutine of its own.
package bridge
