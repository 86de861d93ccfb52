package webbolt

import (
	"context"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/mapping"
	"github.com/webbolt/webbolt/pool"
)

// Params are the parameters of a query: $name in its text is the value of the key name.
type Params = map[string]any

// Types of package client that programs use.
type (
	// Record is one row of a result, which is decoded on demand.
	Record = client.Record
	// Summary tells what a query did.
	Summary = client.Summary
	// Scanner reads a value from PackStream itself.
	Scanner = client.Scanner
	// Auth is an authentication token.
	Auth = client.Auth
	// Secret is a text that is never printed.
	Secret = client.Secret
	// NotificationFilter limits which notifications the server sends.
	NotificationFilter = client.NotificationFilter

	// Failure is an error that the server reported.
	Failure = client.Failure
	// ConnectionUnavailable: no connection could be opened or acquired.
	ConnectionUnavailable = client.ConnectionUnavailable
	// ConnectionBroken: a connection broke while in use. What ran on it may or may not have taken effect.
	ConnectionBroken = client.ConnectionBroken
	// ProtocolError: the server did not keep to the protocol.
	ProtocolError = client.ProtocolError
	// UnsupportedError: this server or protocol version cannot do what was asked.
	UnsupportedError = client.UnsupportedError
	// ArgumentError: an argument is invalid.
	ArgumentError = client.ArgumentError
	// MappingError says which value of a record does not fit the type that it is read into.
	MappingError = mapping.Error
)

// DB is a Neo4j server or cluster: pools of connections, and the routing table where there is one. It is safe for
// concurrent use.
type DB struct {
	connector *pool.Connector
	bookmarks *pool.BookmarkManager
}

// Connect returns the DB at a URI such as neo4j://localhost:7687, bolt+s://example.org or https://example.org, after it
// has checked that a server can be reached and accepts the user. The URI may hold user and password, percent-encoded;
// an option for authentication takes precedence.
//
// Errors: [*ArgumentError] for an invalid URI or option, [*ConnectionUnavailable], and [*Failure] if the server refuses
// the user. Close the DB when it is no longer needed.
func Connect(ctx context.Context, uri string, options ...Option) (*DB, error) {
	profile, err := client.ParseProfile(uri)
	if err != nil {
		return nil, err
	}
	c := config{bookmarks: pool.NewBookmarkManager()}
	for _, option := range options {
		option.applyToDB(&c)
	}
	if c.database != "" {
		profile.Database = c.database
	}
	c.connector.Bookmarks = c.bookmarks
	connector, err := pool.OpenConnector(ctx, profile, c.connector)
	if err != nil {
		return nil, err
	}
	if err := connector.VerifyConnectivity(ctx); err != nil {
		connector.Close()
		return nil, err
	}
	return &DB{connector: connector, bookmarks: c.bookmarks}, nil
}

// Close closes all connections; what runs on them fails. Closing twice does nothing.
func (db *DB) Close() { db.connector.Close() }

// Ping checks that a server can be reached and accepts the user.
func (db *DB) Ping(ctx context.Context) error { return db.connector.VerifyConnectivity(ctx) }

// Bookmarks returns the bookmarks that the next transaction of this DB begins with: it sees at least the transactions
// that they stand for. To use them in another process, pass them to the option [Bookmarks]. There are none with
// [WithoutBookmarks].
func (db *DB) Bookmarks() []string {
	if db.bookmarks == nil {
		return nil
	}
	return db.bookmarks.Bookmarks()
}

// Connector returns the connector beneath the DB, for what this package does not have: statistics of the pools, admin
// calls, routing.
func (db *DB) Connector() *pool.Connector { return db.connector }
