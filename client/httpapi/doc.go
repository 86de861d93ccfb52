// Package httpapi is Connection over HTTP, in the two forms that Neo4j speaks: the Query API (5.26 and later, typed
// JSON) and the transaction API (4.4, and wherever there is no Query API, Jolt). The server's discovery document
// decides.
//
// Rows become PackStream as they arrive (package jsonvalues), so that from [client.Batch] on everything is shared
// with Bolt. Parameters go the other way: they are encoded as PackStream, which jsonvalues turns into JSON.
//
// Where HTTP differs from Bolt:
//
//   - The server ends an explicit transaction that is left idle, after 30 seconds unless configured otherwise (4.4:
//     60).
//   - The Query API and Jolt v2 have no numeric ids: they are null in records, and so in JavaScript. In dbtype's
//     structs, which have no null, Id, StartId and EndId are -1. ElementId is always there; on 4.4, which has only
//     numbers, it is the number in decimal, as over Bolt.
//   - A connection holds one unread response: another call on it first reads the result that is open into memory.
//   - There is no session on the wire. The connection is broken once the server cannot be reached, or no longer
//     answers as Neo4j does.
//   - The GQL statuses of a summary are made of how the result ended and of its notifications, whose own status is not
//     told: it is 01N42 for a warning, else 03N42. Failures have a code and a message, but no GQL status and no cause.
//   - The type of a query is told by 2026.08, not by 5.26 and 4.4.
//   - Nothing on the wire names a query, and the Query API goes on with one that nobody waits for any more. A query
//     that is cancelled, or left before its end, is therefore looked for among the server's transactions, by its text,
//     parameters, way and time, and terminated if only one can be it. One that cannot be told from others so runs on to
//     its end, writes included.
//   - A limit on the time of an auto-commit query goes to Neo4j 5 by the transaction API, or where that cannot carry
//     the query (values beyond plain JSON, impersonation, categories of notifications) in an explicit transaction,
//     which CALL { … } IN TRANSACTIONS does not take.
//   - 4.4 takes no parameters but those of plain JSON, no bookmarks, and no impersonation, and tells no categories of
//     notifications that could be left out: these give UnsupportedError. It gives no bookmarks either.
package httpapi
