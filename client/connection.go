package client

import (
	"context"
	"sync/atomic"
	"time"
)

// Connection is one connection to one server, over Bolt or over HTTP.
//
// Calls may come from several goroutines; they are carried out one after the other. Every call that may use the network
// takes a context and returns soon after that ends. The connection then recovers by itself before its next use.
//
// Errors: [*ArgumentError] for invalid arguments, [*Failure] for what the server refuses, [*UnsupportedError] for what
// it cannot do, [*ConnectionBroken] and [*ProtocolError] when the connection is lost. A call whose context ended
// returns the context's cause.
type Connection interface {
	// Profile says how and where this connection was made.
	Profile() Profile
	// UserAgent is the client's name, as sent to the server.
	UserAgent() string
	// Age is the time since the connection was opened.
	Age() time.Duration
	// Broken reports whether the connection was lost; it cannot be used any more.
	Broken() bool
	// Closed reports whether Close was called; it cannot be used any more.
	Closed() bool
	// TokenRefused reports whether the server no longer accepts the connection's token (Failure.TokenRefused).
	// Authenticate sets another one. A pool does not lend such a connection again.
	TokenRefused() bool
	// Reauthenticated reports whether Authenticate has changed the token since the connection was opened. A pool, whose
	// connections all belong to one user, does not take it back.
	Reauthenticated() bool
	// ProtocolVersion is the Bolt version in use; the zero Version over HTTP.
	ProtocolVersion() Version
	// Neo4jVersion is the server's version, such as "5.26.30".
	Neo4jVersion(ctx context.Context) (string, error)
	// Neo4jEdition is the server's edition, such as "community".
	Neo4jEdition(ctx context.Context) (string, error)
	// Statistics is a snapshot of what the connection has done.
	Statistics() Statistics

	// Begin begins a transaction. An empty graphName means the user's home database.
	Begin(ctx context.Context, graphName string, readonly bool, options ...TxOptions) (*TransactionRef, error)
	// Commit ends tx and keeps its effects. It returns a bookmark, or "" if the server gives none.
	Commit(ctx context.Context, tx *TransactionRef) (bookmark string, err error)
	// Rollback ends tx and undoes its effects. The bookmark is "" if the server gives none. It does nothing, without an
	// error, if tx was rolled back, failed or lost its connection before: an error path can always roll back.
	Rollback(ctx context.Context, tx *TransactionRef) (bookmark string, err error)
	// RunProg runs one query in a transaction of its own, which ends with the result.
	RunProg(ctx context.Context, graphName, cypher string, parameters map[string]any, readonly bool,
		options ...TxOptions) (*Result, error)
	// RunQuery runs one query in tx.
	RunQuery(ctx context.Context, tx *TransactionRef, cypher string, parameters map[string]any) (*Result, error)
	// Sync waits until the server has answered the query behind result, and returns its failure if it failed.
	Sync(ctx context.Context, result *Result) error
	// Reset brings the connection back to a clean state: open results and transactions end. On a clean connection it
	// does nothing, unless force is set: then it asks the server, which shows that the connection works.
	Reset(ctx context.Context, force bool) error
	// Clean reports whether nothing is open on the connection, so that Reset without force has nothing to do.
	Clean() bool
	// Release gives the connection to the pool that lent it (Options.OnRelease). It does not close it.
	Release()
	// Close sends GOODBYE and closes the connection. Closing twice does nothing.
	Close() error
	// Authenticate changes the connection's user (Bolt 5.1 and later, and HTTP).
	Authenticate(ctx context.Context, auth Auth) error

	// Route asks for the servers of a cluster that can serve the graph.
	Route(ctx context.Context, graphName string, routingContext map[string]string) (*Route, error)
	// SupportsMulti reports whether the server can hold several databases.
	SupportsMulti() bool

	// The admin calls run in tx, or in a transaction of their own where tx is nil.

	// ClusterOverview lists the members of the cluster; UnsupportedError where the server is not in one.
	ClusterOverview(ctx context.Context, tx *TransactionRef) ([]ClusterMember, error)
	// Config returns the server's settings.
	Config(ctx context.Context, tx *TransactionRef) (map[string]ConfigSetting, error)
	// Connections lists the server's open connections.
	Connections(ctx context.Context, tx *TransactionRef) ([]ConnectionRecord, error)
	// Queries lists the queries that run now.
	Queries(ctx context.Context, tx *TransactionRef) ([]QueryRecord, error)
	// Transactions lists the transactions that are open now.
	Transactions(ctx context.Context, tx *TransactionRef) ([]TransactionRecord, error)
	// ManagementData returns the server's JMX beans by name.
	ManagementData(ctx context.Context, tx *TransactionRef) (map[string]ManagementBean, error)
	// TerminateTransactions asks the server to end transactions by their ids, as Transactions lists them.
	TerminateTransactions(ctx context.Context, ids ...string) ([]TerminatedTransaction, error)
}

// AccessMode values of Bolt and HTTP.
const (
	AccessRead  = "r"
	AccessWrite = "w"
)

// TxOptions say more about a transaction. All of them may be left out.
type TxOptions struct {
	Bookmarks        []string       // the transaction sees at least the commits that these name
	Metadata         map[string]any // shown by SHOW TRANSACTIONS and in the query log
	Timeout          time.Duration  // the server ends the transaction after this; 0 leaves it to the server
	ImpersonatedUser string         // run as this user (Bolt 4.4 and later)
	Origin           Origin         `js:"-"` // how the client runs the transaction, for TELEMETRY
	// OriginTold is set once a server was told the Origin, so that a retry does not tell it again; with nil each
	// attempt does.
	OriginTold *atomic.Bool `js:"-"`
	// Pipelined makes Begin return without waiting for the server. BEGIN is sent with the transaction's first query, or
	// with its end, and its failure is theirs. It is for units of work that can be retried. HTTP ignores it.
	Pipelined     bool `js:"-"`
	NoTimeout     bool // the server does not end the transaction, whatever its default; overrides Timeout
	FetchSize     int  `js:",min=-1"` // how many records to ask for at once; 0 for Options.FetchSize, -1 for all
	Notifications NotificationFilter
}

// Origin says which API began a transaction. The connection reports it to the server by TELEMETRY (Bolt 5.4 and later).
type Origin string

const (
	OriginCaller   Origin = ""         // the caller began it, or ran a query by itself
	OriginFunction Origin = "function" // a unit of work with retries
	OriginQuery    Origin = "query"    // one query with retries
	OriginUntold   Origin = "untold"   // not reported
)

// NotificationFilter limits which notifications the server sends (Bolt 5.2 and later).
type NotificationFilter struct {
	MinimumSeverity    string   `js:",one=WARNING|INFORMATION|OFF"` // "WARNING", "INFORMATION", "OFF", or "" for the server's default
	DisabledCategories []string // such as "PERFORMANCE", "DEPRECATION"; nil for the server's default, empty for none
}

// IsZero reports whether the filter is empty.
func (f NotificationFilter) IsZero() bool {
	return f.MinimumSeverity == "" && f.DisabledCategories == nil
}

// Options say how to open a connection. All of them may be left out.
type Options struct {
	// UserAgent is the client's name, as sent to the server; "" means webbolt's own.
	UserAgent string

	// Auth overrides the profile's user and password.
	Auth AuthSource
	// AuthManager overrides Auth. A pool calls it whenever it lends a connection; a single connection calls it once.
	AuthManager AuthManager `js:"-"`

	// RoutingAddress is the host:port by which the caller knows the cluster, whichever of its servers this connection
	// goes to. Servers may name themselves by it. "" means the profile's address.
	RoutingAddress string `js:"-"`

	// Relay is the URL of the webbolt relay that reaches the profile's address, such as "wss://example.org/bolt".
	Relay string

	// FetchSize is how many records to ask for at once; 0 lets the connection choose, -1 asks for all.
	FetchSize int `js:",min=-1"`
	// MaxMessage is the size in bytes of the largest Bolt message, such as one record, that is accepted from the
	// server. 0 means 256 MiB in a browser, where a tab has little memory, and 2 GiB elsewhere. A larger message breaks
	// the connection.
	MaxMessage int `js:",min=0"`
	// NoPrefetch requests more records only when the reader has none left and waits. By default they are requested a
	// little earlier.
	NoPrefetch bool
	// ConnectTimeout limits opening, from name look-up to authentication. 0 means 30 seconds, negative no limit.
	ConnectTimeout time.Duration
	// DialTimeout limits, within ConnectTimeout, how long it takes to reach the server: name look-up, TCP and TLS, or
	// opening the WebSocket. 0 or less means no limit of its own.
	DialTimeout time.Duration
	// ReceiveTimeout is how long the server may send nothing, not even a keep-alive, while an answer is due. After that
	// the connection counts as broken. 0 means the server's hint connection.recv_timeout_seconds (120 for Neo4j 5 and
	// later), or no limit without a hint; negative means no limit. A network failure is found sooner: natively within
	// some 15 seconds by TCP keep-alives, in a page through a relay within 30 by the relay's signs of life
	// (docs/lanes.md). In a page without a relay nothing else finds it.
	ReceiveTimeout time.Duration
	// RootCAs holds PEM certificates to trust instead of the system's (not in a browser).
	RootCAs []byte `js:"-"`
	// ClientCertificate returns the certificate to present to a server that requests one; nil presents none. It has no
	// effect in a browser, which has certificates of its own.
	ClientCertificate CertificateSource `js:"-"`
	// Notifications is the filter for the whole connection.
	Notifications NotificationFilter
	// BoltVersions limits which versions of Bolt are offered, such as 5.8, the preferred one first. Empty offers all.
	BoltVersions []Version
	// DisableTelemetry stops the connection from telling the server which API is used.
	DisableTelemetry bool

	// OnBind is called when a transaction is bound to a connection.
	OnBind func(tx *TransactionRef, cx Connection)
	// OnUnbind is called when a transaction is unbound from its connection: it was committed, rolled back, or broken.
	OnUnbind func(tx *TransactionRef)
	// OnRelease is called by Release.
	OnRelease func(cx Connection)
	// OnBroken is called once when the connection breaks, with the reason.
	OnBroken func(profile Profile, message string)
}

// defaultConnectTimeout limits opening where Options.ConnectTimeout is 0.
const defaultConnectTimeout = 30 * time.Second

// Limit returns ctx with ConnectTimeout as its limit.
func (o Options) Limit(ctx context.Context) (context.Context, context.CancelFunc) {
	switch {
	case o.ConnectTimeout < 0:
		return ctx, func() {}
	case o.ConnectTimeout == 0:
		return context.WithTimeout(ctx, defaultConnectTimeout)
	}
	return context.WithTimeout(ctx, o.ConnectTimeout)
}

// Statistics count what a connection has done.
type Statistics struct {
	Queries  uint64
	BytesIn  uint64
	BytesOut uint64
}

// RouteOptions say more about the routing table that is requested. The zero value sets nothing.
type RouteOptions struct {
	// whose home graph to use if no graph is named (Bolt 4.4 and later); "" for the connection's user
	ImpersonatedUser string
	Bookmarks        []string // the table is at least as new as the commits that these name
}

// Route is a server's answer on how to reach a graph in a cluster (Bolt ROUTE).
type Route struct {
	Database                  string // the resolved name, or "" if the server does not report it
	Routers, Readers, Writers []string
	TTL                       time.Duration `js:",seconds"`
}
