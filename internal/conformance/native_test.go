//go:build !js

package conformance_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/conformance"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTCP(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		conformance.Suite(t, conformance.Target{Server: server, URI: server.BoltURI()})
	})
}

// spoken says which versions of Bolt are tried on which server: each on the one that it came with.
func spoken(server neo4jtest.Version) (versions []client.Version) {
	for _, v := range wire.Versions {
		home := neo4jtest.V2026
		switch {
		case v.Major < 5:
			home = neo4jtest.V4_4
		case v.Major == 5:
			home = neo4jtest.V5
		}
		if home == server {
			versions = append(versions, v)
		}
	}
	return versions
}

// TestBoltVersions forces every version of Bolt by the classic handshake. It is brief, since a version changes
// messages, not how they are carried.
func TestBoltVersions(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		for _, version := range spoken(server.Version) {
			t.Run("Bolt"+version.String(), func(t *testing.T) {
				conformance.Suite(t, conformance.Target{Server: server, URI: server.BoltURI(),
					Options: client.Options{BoltVersions: []client.Version{version}}, Brief: true})
			})
		}
	})
}
