package bolt

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Every state, request and outcome: what is not listed here is a breach of the protocol.
func TestNextState(t *testing.T) {
	allowed := map[[3]uint8]state{}
	allow := func(from state, r request, o outcome, to state) {
		allowed[[3]uint8{uint8(from), uint8(r), uint8(o)}] = to
	}
	for r := range requests {
		if r == requestReset {
			continue
		}
		for _, s := range []state{stateReady, stateStreaming, stateTransaction, stateFailed} {
			allow(s, r, outcomeIgnored, s)
		}
	}
	for s := stateConnected; s < stateDefunct; s++ {
		allow(s, requestReset, outcomeFailure, stateDefunct)
	}
	for _, s := range []state{stateReady, stateStreaming, stateTransaction, stateFailed} {
		allow(s, requestReset, outcomeSuccess, stateReady)
	}
	for _, r := range []request{requestPull, requestDiscard} {
		allow(stateStreaming, r, outcomeSuccess, stateReady)
		allow(stateStreaming, r, outcomeMore, stateStreaming)
		allow(stateStreaming, r, outcomeFailure, stateFailed)
		allow(stateTransaction, r, outcomeMore, stateTransaction)
	}
	for r, to := range map[request]state{requestRun: stateStreaming, requestBegin: stateTransaction,
		requestRoute: stateReady, requestTelemetry: stateReady, requestLogoff: stateAuthentication} {
		allow(stateReady, r, outcomeSuccess, to)
		allow(stateReady, r, outcomeFailure, stateFailed)
	}
	for r, to := range map[request]state{requestRun: stateTransaction, requestPull: stateTransaction,
		requestDiscard: stateTransaction, requestCommit: stateReady, requestRollback: stateReady} {
		allow(stateTransaction, r, outcomeSuccess, to)
		allow(stateTransaction, r, outcomeFailure, stateFailed)
	}
	allow(stateConnected, requestHello, outcomeSuccess, stateAuthentication)
	allow(stateConnected, requestHelloAuth, outcomeSuccess, stateReady)
	allow(stateAuthentication, requestLogon, outcomeSuccess, stateReady)
	allow(stateConnected, requestHello, outcomeFailure, stateDefunct)
	allow(stateConnected, requestHelloAuth, outcomeFailure, stateDefunct)
	allow(stateAuthentication, requestLogon, outcomeFailure, stateDefunct)

	for from := stateConnected; from <= stateDefunct; from++ {
		for r := range requests {
			for o := outcomeSuccess; o <= outcomeIgnored; o++ {
				to, ok := nextState(from, r, o)
				want, wanted := allowed[[3]uint8{uint8(from), uint8(r), uint8(o)}]
				require.Equal(t, wanted, ok, "state %d, %s, outcome %d", from, r, o)
				if wanted {
					require.Equal(t, want, to, "state %d, %s, outcome %d", from, r, o)
				}
			}
		}
	}
}
