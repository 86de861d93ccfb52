// Package values is what PackStream's structures mean: Go values to and from PackStream ("hydration").
//
// The types are those of package dbtype of neo4j-go-driver/v5, time.Time for a date and time with a zone, and
// here what dbtype lacks. Which form a structure has is told by its tag and its field count, so reading needs to know no protocol version;
// writing needs a [Dialect].
//
// Source: Bolt protocol documentation, "Structure semantics".
package values
