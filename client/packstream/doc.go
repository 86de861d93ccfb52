// Package packstream is PackStream, the binary form of values in Bolt messages: appending values, and reading them with
// a cursor that copies nothing. It knows structures by tag and field count only; package values says what they mean.
//
// Sources: the PackStream specification in the Bolt documentation (https://neo4j.com/docs/bolt/current/packstream/);
// for version 2, which comes with Bolt 6.1 and adds the UUID, the bytes that Neo4j 2026.08 sends.
//
// What comes from a server is not trusted. Every size is checked against the bytes that are there before anything is
// allocated for it, so what a message can make this package allocate is proportional to the message, whatever it
// claims.
package packstream
