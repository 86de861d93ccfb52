// Package bridge is the engine's side of the JavaScript API. It answers messages: each call gets one answer; results
// are sent as blocks of rows.
//
// Two functions connect a page and the engine that runs this package. Each takes one message, so the engine can run in
// a worker or on the page itself. Messages to the engine are PackStream, messages to the page are JSON, so each message
// crosses between the languages in one piece. Blocks go beside the messages. As JavaScript objects:
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
// In messages, connections, pools, connectors and results are numbers, called handles. The page releases each handle
// that it was given. Transactions are {graphName, txid, readonly}.
//
// No callback from JavaScript waits: each call runs in a goroutine of its own.
package bridge
