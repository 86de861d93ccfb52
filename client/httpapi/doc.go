// Package httpapi is Connection over HTTP, in the two forms that Neo4j speaks: the Query API (5.26 and later, typed
// JSON) and the transaction API (4.4, and wherever there is no Query API, Jolt). The server's discovery document says
// which.
//
// Rows become PackStream as they arrive (package jsonvalues), so everything from [client.Batch] on is shared with Bolt.
// Parameters go the other way: they are encoded as PackStream, which jsonvalues turns into JSON.
//
// Where HTTP differs from Bolt:
//
//   - The server ends an explicit transaction that is left idle, after 30 seconds unless configured otherwise (4.4:
//     60).
//   - The Query API and Jolt v2 have no numeric ids: they are null in records, and so in JavaScript. In dbtype's
//     structs, which have no null, Id, StartId and EndId are -1. ElementId is always there; on 4.4, which has only
//     numbers, it is the number in decimal, as over Bolt.
//   - A connection holds one unread response: another call on it first reads the result that is open into memory.
//   - There is no session on the wire. The connection is broken when the server cannot be reached, or no longer answers
//     as Neo4j does.
//   - The GQL statuses of a summary are made from the end of the result and from its notifications, whose own status
//     the server does not send: it is 01N42 for a warning, else 03N42. Failures have a code and a message, but no GQL
//     status and no cause.
//   - 2026.08 sends the type of a query; 5.26 and 4.4 do not.
//   - No message names a query, and the Query API continues a query after its client has gone. So the connection looks
//     for a query that is cancelled, or left before its end, among the server's transactions, by its text, parameters,
//     address and time, and terminates it if only one matches. If several match, the query runs to its end, writes
//     included.
//   - A limit on the time of an auto-commit query goes to Neo4j 5 by the transaction API, or, if that cannot carry the
//     query (values beyond plain JSON, impersonation, categories of notifications), in an explicit transaction, in
//     which CALL { … } IN TRANSACTIONS fails.
//   - 4.4 accepts only parameters of plain JSON, no bookmarks and no impersonation, and does not send the categories of
//     notifications, so they cannot be filtered: these give UnsupportedError. It returns no bookmarks either.
package httpapi
