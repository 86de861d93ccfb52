package bolt

// state is the server's state according to its answers.
type state uint8

const (
	stateConnected      state = iota // the version is agreed on
	stateAuthentication              // HELLO done, LOGON due
	stateReady
	stateStreaming   // a result of an auto-commit query is open
	stateTransaction // in a transaction, with or without open results
	stateFailed      // all but RESET is ignored
	stateDefunct     // the server closes the connection
)

// request is a kind of message that the client sends.
type request uint8

const (
	requestHello     request = iota // LOGON follows
	requestHelloAuth                // with the token inside
	requestLogon
	requestLogoff
	requestTelemetry
	requestRun
	requestPull
	requestDiscard
	requestBegin
	requestCommit
	requestRollback
	requestRoute
	requestReset
	requests // how many there are
)

func (r request) String() string { return requestNames[r] }

var requestNames = [requests]string{"HELLO", "HELLO", "LOGON", "LOGOFF", "TELEMETRY", "RUN", "PULL", "DISCARD", "BEGIN",
	"COMMIT", "ROLLBACK", "ROUTE", "RESET"}

// outcome is the meaning of an answer.
type outcome uint8

const (
	outcomeSuccess outcome = iota
	outcomeMore            // SUCCESS with has_more
	outcomeFailure
	outcomeIgnored
)

// transition says which state an answer leads to. Where more is stateConnected, has_more is not allowed.
type transition struct {
	from          state
	request       request
	success, more state
	failure       state
}

// transitions is the protocol's state machine (Bolt, "Server states"). nextState handles RESET and IGNORED.
var transitions = []transition{
	{from: stateConnected, request: requestHello, success: stateAuthentication, failure: stateDefunct},
	{from: stateConnected, request: requestHelloAuth, success: stateReady, failure: stateDefunct},
	{from: stateAuthentication, request: requestLogon, success: stateReady, failure: stateDefunct},
	{from: stateReady, request: requestLogoff, success: stateAuthentication, failure: stateFailed},
	{from: stateReady, request: requestTelemetry, success: stateReady, failure: stateFailed},
	{from: stateReady, request: requestRoute, success: stateReady, failure: stateFailed},
	{from: stateReady, request: requestRun, success: stateStreaming, failure: stateFailed},
	{from: stateStreaming, request: requestPull, success: stateReady, more: stateStreaming, failure: stateFailed},
	{from: stateStreaming, request: requestDiscard, success: stateReady, more: stateStreaming, failure: stateFailed},
	{from: stateReady, request: requestBegin, success: stateTransaction, failure: stateFailed},
	{from: stateTransaction, request: requestRun, success: stateTransaction, failure: stateFailed},
	{from: stateTransaction, request: requestPull, success: stateTransaction, more: stateTransaction,
		failure: stateFailed},
	{from: stateTransaction, request: requestDiscard, success: stateTransaction, more: stateTransaction,
		failure: stateFailed},
	{from: stateTransaction, request: requestCommit, success: stateReady, failure: stateFailed},
	{from: stateTransaction, request: requestRollback, success: stateReady, failure: stateFailed},
}

// nextState is the state after an answer to a request, and whether the protocol allows that answer there.
func nextState(from state, r request, o outcome) (state, bool) {
	switch {
	case from == stateDefunct || o == outcomeIgnored && r == requestReset:
		return stateDefunct, false
	case o == outcomeIgnored:
		// The server also ignores requests while it carries out a RESET that it has read ahead.
		return from, from != stateConnected && from != stateAuthentication
	case r == requestReset && o == outcomeSuccess:
		return stateReady, from != stateConnected && from != stateAuthentication
	case r == requestReset:
		return stateDefunct, o == outcomeFailure
	}
	for _, t := range transitions {
		if t.from != from || t.request != r {
			continue
		}
		switch o {
		case outcomeSuccess:
			return t.success, true
		case outcomeMore:
			return t.more, t.more != stateConnected
		}
		return t.failure, true
	}
	return stateDefunct, false
}
