// Package neo4jtest gives tests, benchmarks and the demo a real Neo4j server.
//
// Tests ask for one with [Need], which reads where it is from the
// environment, so that the same test runs natively and in a browser. The
// command in withneo4j starts the servers once, exports that environment, runs
// a command and stops the servers:
//
//	go run ./internal/neo4jtest/withneo4j -versions 5.26.30,4.4.48 -- go test ./...
//
// Programs that need a server of their own, to stop it in the middle of a
// result for instance, call [Start]. It runs the server from its Maven Central
// artifacts: no tarball, no container, no installation.
//
// No server outlives the process that started it, even one ended by SIGKILL:
// each runs in its own process group next to a small watcher that reads from a
// pipe held open by the parent. When the parent is gone the kernel closes the
// pipe, and the watcher kills the server and removes its temporary folder.
package neo4jtest
