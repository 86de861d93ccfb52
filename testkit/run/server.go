//go:build linux

package main

import (
	"net"

	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// serverEnvironment tells the suite where a server is.
func serverEnvironment(server *neo4jtest.Server) ([]string, error) {
	host, port, err := net.SplitHostPort(server.BoltAddr)
	if err != nil {
		return nil, err
	}
	_, httpPort, err := net.SplitHostPort(server.HTTPAddr)
	if err != nil {
		return nil, err
	}
	return []string{
		"TEST_NEO4J_HOST=" + host, "TEST_NEO4J_PORT=" + port, "TEST_NEO4J_HTTP_PORT=" + httpPort,
		"TEST_NEO4J_USER=" + server.User, "TEST_NEO4J_PASS=" + server.Password,
		"TEST_NEO4J_VERSION=" + suitesVersion(server.Version), "TEST_NEO4J_EDITION=community",
	}, nil
}

// suitesVersion is a version as the suite knows it: major and minor number.
func suitesVersion(v neo4jtest.Version) string {
	dots := 0
	for i, c := range v {
		if c == '.' {
			if dots++; dots == 2 {
				return string(v[:i])
			}
		}
	}
	return string(v)
}
