// Package values is what PackStream's structures mean: Go values to and from PackStream ("hydration").
//
// Reading gives nil, bool, int64, float64, string, []byte, []any and map[string]any; Node, Relationship, Path, Point2D,
// Point3D, Date, Time, LocalTime, LocalDateTime and Duration of package dbtype of neo4j-go-driver/v5; time.Time for a
// date and time with a zone; [Vector] and [UUID]; [Unsupported] and [Unknown] for what cannot be had; and
// *dbtype.InvalidValue for a date and time in a zone that this machine does not know. Values are as that driver gives
// them, but for clock times that time.Local skips, which it moves and this package does not.
//
// Which form a structure has is told by its tag and its field count, so reading needs to know no protocol version;
// writing needs a [Dialect]. Nothing here keeps or changes the bytes it reads. All functions may be called from several
// goroutines at once.
//
// Sources: Bolt protocol documentation, "Structure semantics"
// (https://neo4j.com/docs/bolt/current/bolt/structure-semantics/); for Bolt 6, the bytes that Neo4j 2026.08 sends.
package values
