// Package packstream is PackStream, the binary form of values in Bolt messages: appending values, and reading them with
// a cursor that copies nothing. It knows only tag and field count of structures; package values interprets them.
//
// Sources: the PackStream specification in the Bolt documentation (https://neo4j.com/docs/bolt/current/packstream/);
// for version 2, which comes with Bolt 6.1 and adds the UUID, the bytes that Neo4j 2026.08 sends.
//
// Input from a server is not trusted. Every size is checked against the available bytes before memory is allocated for
// it, so the memory that a message can make this package allocate is proportional to its real size.
package packstream
