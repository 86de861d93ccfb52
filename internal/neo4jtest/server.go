package neo4jtest

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// Version is a release of Neo4j that the project is tested against.
type Version string

// The releases that webbolt is tested against.
const (
	V4_4  Version = "4.4.48"
	V5    Version = "5.26.30"
	V2026 Version = "2026.08.1"
)

// Versions are all of them, the main one first.
var Versions = []Version{V5, V4_4, V2026}

// Env is the name of the environment variable that tells where a server of
// this version is, for instance WEBBOLT_NEO4J_5_26. Its value is a [Server] as
// JSON.
func (v Version) Env() string {
	major, rest, _ := strings.Cut(string(v), ".")
	minor, _, _ := strings.Cut(rest, ".")
	return "WEBBOLT_NEO4J_" + major + "_" + minor
}

// RelayEnv is the name of the environment variable that tells where the relay
// is, as ws://HOST:PORT/bolt, when withneo4j has started one (-relay). Its default
// upstream is the first server of -versions; it reaches the others too, by their
// address in its path.
const RelayEnv = "WEBBOLT_RELAY"

// Server says where a running server is and how to log in to it.
type Server struct {
	Version  Version `json:"version"`
	BoltAddr string  `json:"bolt"` // HOST:PORT, for TCP and for WebSocket
	HTTPAddr string  `json:"http"` // HOST:PORT
	User     string  `json:"user"`
	Password string  `json:"password"`

	// With TLS only: where HTTPS answers, and the PEM file of the authority
	// that signed the certificate of both ports. Bolt takes plain and
	// encrypted connections on the same port.
	HTTPSAddr string `json:"https,omitempty"`
	CAFile    string `json:"ca,omitempty"`
}

// BoltURI is the server's address as bolt://HOST:PORT.
func (s *Server) BoltURI() string { return "bolt://" + s.BoltAddr }

// HTTPURI is the server's address as http://HOST:PORT.
func (s *Server) HTTPURI() string { return "http://" + s.HTTPAddr }

// Environ is the line NAME=VALUE by which [Need] finds the server.
func (s *Server) Environ() (string, error) {
	value, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	return s.Version.Env() + "=" + string(value), nil
}

const howToRun = "run it by `make test-go`, or by\n" +
	"  go run ./internal/neo4jtest/withneo4j -versions VERSION -- go test ./PACKAGE\n" +
	"where VERSION is "

// Need is the server of the given version that the test runs against. The
// server is shared by all tests of a run: a test uses labels of its own, or
// removes what it made. Where there is no such server the test is skipped,
// or failed if the environment says CI=true.
func Need(t testing.TB, version Version) *Server {
	t.Helper()
	server, err := Find(version)
	if err != nil {
		t.Fatalf("%v: %s%s", err, howToRun, version)
	}
	if server == nil {
		absent(t, version.Env()+" is not set, so there is no Neo4j "+string(version)+
			" to test against: "+howToRun+string(version))
	}
	return server
}

// Find is the server of the given version that the environment names, or nil.
func Find(version Version) (*Server, error) {
	value := os.Getenv(version.Env())
	if value == "" {
		return nil, nil
	}
	var server Server
	if err := json.Unmarshal([]byte(value), &server); err != nil {
		return nil, fmt.Errorf("%s does not hold a server as JSON: %w", version.Env(), err)
	}
	return &server, nil
}

// NeedRelay is the address of the relay, as client.Options.Relay wants it, that
// reaches the run's servers. Where there is none the test is skipped, or
// failed if the environment says CI=true.
func NeedRelay(t testing.TB) string {
	t.Helper()
	address := os.Getenv(RelayEnv)
	if address == "" {
		absent(t, RelayEnv+" is not set, so there is no relay to test against: add -relay, and "+
			howToRun+string(V5))
	}
	return address
}

func absent(t testing.TB, message string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(message)
	}
	t.Skip("NOT TESTED: " + message)
}
