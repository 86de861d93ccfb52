// Package httpapi lets pages reach the HTTP API of a Neo4j server through the relay, on the page's own origin and under
// the same rules as Bolt: the transaction API and the Query API, and the discovery document that says which there are.
//
// Where the relay holds the credentials, a page shows its token as "Authorization: Bearer …", and only requests that
// are a whole transaction are taken: the number of an open transaction is no secret, so a page could go on with one
// that other rules began.
package httpapi
