package conformance_test

import (
	"testing"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/conformance"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

func eachServer(t *testing.T, test func(t *testing.T, server *neo4jtest.Server)) {
	for _, version := range neo4jtest.Versions {
		t.Run(string(version), func(t *testing.T) { test(t, neo4jtest.Need(t, version)) })
	}
}

// TestWebSocket is brief but for the first server, as TestTCP carries everything to and from the others.
func TestWebSocket(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		conformance.Suite(t, conformance.Target{Server: server, URI: "ws://" + server.BoltAddr,
			Brief: server.Version != neo4jtest.Versions[0]})
	})
}

func TestHTTP(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		conformance.Suite(t, conformance.Target{Server: server, URI: server.HTTPURI()})
	})
}

// TestRelay reaches the run's first server through the relay; over the others nothing would be different.
func TestRelay(t *testing.T) {
	relay := neo4jtest.NeedRelay(t)
	server := neo4jtest.Need(t, neo4jtest.V5)
	conformance.Suite(t, conformance.Target{Server: server, URI: server.BoltURI(),
		Options: client.Options{Relay: relay}})
}
