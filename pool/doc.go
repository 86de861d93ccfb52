// Package pool lends connections: [ConnectionPool] for one server, [Connector] for a server or a cluster, with routing,
// retries and bookmarks. Everything in it is safe for concurrent use.
package pool
