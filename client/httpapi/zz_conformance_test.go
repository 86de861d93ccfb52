package httpapi_test

import (
	"testing"

	"github.com/webbolt/webbolt/internal/conformance"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

func TestConformance(t *testing.T) {
	for _, v := range neo4jtest.Versions {
		t.Run(string(v), func(t *testing.T) {
			server := neo4jtest.Need(t, v)
			conformance.Suite(t, conformance.Target{Server: server, URI: server.HTTPURI()})
		})
	}
}
