// Package values interprets PackStream's structures: Go values to and from PackStream ("hydration").
//
// Reading gives nil, bool, int64, float64, string, []byte, []any and map[string]any; Node, Relationship, Path, Point2D,
// Point3D, Date, Time, LocalTime, LocalDateTime and Duration of package dbtype of neo4j-go-driver/v5; time.Time for a
// date and time with a zone; [Vector] and [UUID]; [Unsupported] and [Unknown] for values that cannot be represented;
// and *dbtype.InvalidValue for a date and time in a zone that this machine does not know. Values are those of that
// driver, except for clock times that time.Local skips: the driver moves them, this package does not.
//
// Tag and field count of a structure determine its form, so reading does not depend on the protocol version; writing
// needs a [Dialect]. This package neither keeps nor changes the bytes that it reads. Several goroutines may call its
// functions at once.
//
// Sources: Bolt protocol documentation, "Structure semantics"
// (https://neo4j.com/docs/bolt/current/bolt/structure-semantics/); for Bolt 6, the bytes that Neo4j 2026.08 sends.
package values
