//go:build !js

package conformance_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/conformance"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTCP(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		conformance.Suite(t, conformance.Target{Server: server, URI: server.BoltURI()})
	})
}

// spoken is the newest Bolt version that each server speaks.
var spoken = map[neo4jtest.Version]client.Version{
	neo4jtest.V4_4:  {Major: 4, Minor: 4},
	neo4jtest.V5:    {Major: 5, Minor: 8},
	neo4jtest.V2026: {Major: 6, Minor: 1},
}

// TestBoltVersions forces every version of Bolt, by the classic handshake, on the servers that speak it.
func TestBoltVersions(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		newest := spoken[server.Version]
		for _, version := range bolt.Versions {
			is4 := server.Version == neo4jtest.V4_4
			if !newest.AtLeast(version.Major, version.Minor) || version.Major == 3 && !is4 || version.Major == 4 && version.Minor < 4 && !is4 {
				continue
			}
			t.Run("Bolt"+version.String(), func(t *testing.T) {
				conformance.Suite(t, conformance.Target{Server: server, URI: server.BoltURI(), Options: client.Options{BoltVersions: []client.Version{version}}})
			})
		}
	})
}
