// Package httpapi lets pages reach the HTTP API of a Neo4j server through the relay, on the page's own origin and under
// the same rules as Bolt: the transaction API and the Query API, and the discovery document that says which there are.
//
// If the relay holds the credentials, a page presents its token as "Authorization: Bearer …", and the relay only
// accepts requests that are a whole transaction: the number of an open transaction is no secret, so a page could use a
// transaction that was begun under other rules.
package httpapi
