// Package webbolt is a Neo4j client for Go programs.
//
//	db, err := webbolt.Connect(ctx, "neo4j://localhost:7687", webbolt.BasicAuth("neo4j", "secret"))
//	if err != nil {
//		return err
//	}
//	defer db.Close()
//
//	type Person struct {
//		Name string
//		Born int
//	}
//	people, err := webbolt.Collect[Person](db.Query(ctx,
//		"MATCH (p:Person) WHERE p.born > $year RETURN p.name AS name, p.born AS born", webbolt.Params{"year": 1980}))
//
// A [DB] holds pools of connections to the servers of a cluster and is safe for concurrent use; most programs have one.
// [DB.Query] runs one query, [DB.Read] and [DB.Write] run functions in transactions and try again where that may help,
// [DB.Begin] leaves a transaction to the caller.
//
// # Records into Go values
//
// [Collect], [Rows] and [One] read records into values of a type of the program's own, straight from the bytes of the
// protocol:
//
//   - A struct: each field takes the record's field of its name. Case and underscores do not count (Go's BornIn takes
//     born_in); a tag gives another name (`neo4j:"born"`) or leaves the field out (`neo4j:"-"`). Fields of embedded
//     structs count as the struct's own. A struct's field that the record does not have is an error; other fields of
//     the record are skipped.
//   - A struct for a record of one field that is a node, relationship or map, where the struct has no field of that
//     name: each field takes the property of its name, and keeps its zero value where there is none.
//   - Anything else for a record of one field: its value.
//   - A map with texts as keys: all fields by name.
//
// Fields with these tags take parts of nodes, relationships and paths that are no properties:
//
//	`neo4j:",elementid"`                 string, of nodes and relationships
//	`neo4j:",labels"`                    []string, of nodes
//	`neo4j:",type"`                      string, of relationships
//	`neo4j:",start"`, `neo4j:",end"`     string, element ids of the nodes that a relationship is between
//	`neo4j:",nodes"`                     a slice, of a path: the nodes in the order of the walk
//	`neo4j:",relationships"`             a slice, of a path: the relationships between them
//
// Values become bool, integers and floats (an integer that a float64 holds exactly is taken as a float), string,
// []byte, slices, maps, structs (of maps, nodes, relationships and paths), time.Time, time.Duration, the types of
// package dbtype of neo4j-go-driver/v5, those of client/values, pointers to these (null is nil), any, and types that
// implement [Scanner]. Null is an error for a type that cannot be nil, and so is an integer that does not fit.
//
// # Errors
//
// Errors are of the types [Failure] (the server refused), [ConnectionUnavailable], [ConnectionBroken], [ArgumentError],
// [UnsupportedError], [ProtocolError] and [MappingError]; use errors.AsType. A call whose context ends returns the
// context's cause.
//
// The packages below this one are public, too, with the names of py2neo: client, client/connect and pool.
package webbolt
