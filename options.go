package webbolt

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

// Option is an option of [Connect].
type Option interface{ applyToDB(c *config) }

// QueryOption is an option of a query or transaction.
type QueryOption interface{ applyToQuery(q *queryConfig) }

// CommonOption is an option of [Connect], for everything that the DB runs, and of a single query or transaction.
type CommonOption interface {
	Option
	QueryOption
}

// config collects the options of Connect.
type config struct {
	connector pool.ConnectorOptions
	database  string
	bookmarks *pool.BookmarkManager
}

// queryConfig collects the options of a query.
type queryConfig struct {
	client.TxOptions
	database string
	readonly bool
}

func queryConfigOf(options []QueryOption) queryConfig {
	var q queryConfig
	for _, option := range options {
		option.applyToQuery(&q)
	}
	return q
}

type dbOption func(c *config)

func (o dbOption) applyToDB(c *config) { o(c) }

type queryOption func(q *queryConfig)

func (o queryOption) applyToQuery(q *queryConfig) { o(q) }

type databaseOption string

func (o databaseOption) applyToDB(c *config)         { c.database = string(o) }
func (o databaseOption) applyToQuery(q *queryConfig) { q.database = string(o) }

// Database names the database to use. Without it, queries go to the user's home database.
func Database(name string) CommonOption { return databaseOption(name) }

type notificationsOption NotificationFilter

func (o notificationsOption) applyToDB(c *config) {
	c.connector.Pool.Client.Notifications = NotificationFilter(o)
}
func (o notificationsOption) applyToQuery(q *queryConfig) { q.Notifications = NotificationFilter(o) }

// Notifications limits which notifications the server sends.
func Notifications(filter NotificationFilter) CommonOption { return notificationsOption(filter) }

type bookmarksOption []string

func (o bookmarksOption) applyToDB(c *config)         { c.bookmarks = pool.NewBookmarkManager(o...) }
func (o bookmarksOption) applyToQuery(q *queryConfig) { q.TxOptions.Bookmarks = o }

// Bookmarks are the bookmarks that the DB's first transactions, or a single query or transaction, begin with: these see
// at least the transactions that the bookmarks stand for.
func Bookmarks(bookmarks ...string) CommonOption { return bookmarksOption(bookmarks) }

// WithoutBookmarks does not chain transactions: in a cluster, a transaction may then not see what an earlier one of the
// same DB has written.
func WithoutBookmarks() Option { return dbOption(func(c *config) { c.bookmarks = nil }) }

// BasicAuth authenticates with a user's name and password.
func BasicAuth(user, password string) Option {
	return AuthToken(Auth{Scheme: "basic", Principal: user, Credentials: Secret(password)})
}

// BearerAuth authenticates with a token of single sign-on, such as a JWT.
func BearerAuth(token string) Option {
	return AuthToken(Auth{Scheme: "bearer", Credentials: Secret(token)})
}

// AuthToken authenticates with any token.
func AuthToken(token Auth) Option {
	return AuthFrom(func(context.Context, *Failure) (Auth, error) { return token, nil })
}

// AuthFrom calls source for a token for each connection, and again when the server says that the token has expired;
// refused is then that failure, else nil. Several goroutines may call source at once.
func AuthFrom(source func(ctx context.Context, refused *Failure) (Auth, error)) Option {
	return dbOption(func(c *config) { c.connector.Pool.Client.Auth = source })
}

// Relay connects through a webbolt relay at a URL such as wss://example.org/bolt.
func Relay(url string) Option {
	return dbOption(func(c *config) { c.connector.Pool.Client.Relay = url })
}

// RootCAs are the PEM certificates to trust instead of the system's.
func RootCAs(pem []byte) Option {
	return dbOption(func(c *config) { c.connector.Pool.Client.RootCAs = pem })
}

// ClientCertificate returns the certificate to show to servers that ask for one (mutual TLS), for each connection.
func ClientCertificate(source client.CertificateSource) Option {
	return dbOption(func(c *config) { c.connector.Pool.Client.ClientCertificate = source })
}

// UserAgent is the name that is given to servers, such as my-program/1.0.
func UserAgent(name string) Option {
	return dbOption(func(c *config) { c.connector.Pool.Client.UserAgent = name })
}

// FetchSize is the number of records to request at once. By default the connection chooses.
func FetchSize(records int) Option {
	return dbOption(func(c *config) { c.connector.Pool.Client.FetchSize = records })
}

// ConnectTimeout limits the time to open a connection, from name lookup to authentication. The default is 30 seconds.
func ConnectTimeout(limit time.Duration) Option {
	return dbOption(func(c *config) { c.connector.Pool.Client.ConnectTimeout = limit })
}

// WithoutTelemetry keeps connections from telling the server which API is used.
func WithoutTelemetry() Option {
	return dbOption(func(c *config) { c.connector.Pool.Client.DisableTelemetry = true })
}

// MaxConnections limits the connections to each server. The default is [pool.DefaultMaxSize].
func MaxConnections(limit int) Option {
	return dbOption(func(c *config) { c.connector.Pool.MaxSize = limit })
}

// MaxConnectionAge is the age at which a connection is closed. The default is one hour.
func MaxConnectionAge(age time.Duration) Option {
	return dbOption(func(c *config) { c.connector.Pool.MaxAge = age })
}

// AcquireTimeout limits the wait for a connection. The default is one minute.
func AcquireTimeout(limit time.Duration) Option {
	return dbOption(func(c *config) { c.connector.Pool.AcquireTimeout = limit })
}

// RetryTime limits how long [DB.Read] and [DB.Write] try again. The default is 30 seconds; a negative limit means one
// try.
func RetryTime(limit time.Duration) Option {
	return dbOption(func(c *config) { c.connector.RetryTime = limit })
}

// WithoutRouting uses only the URI's own server, even with a neo4j scheme.
func WithoutRouting() Option {
	return dbOption(func(c *config) { c.connector.NoRouting = true })
}

// Resolver returns the addresses of the first routers, instead of the URI's.
func Resolver(resolve pool.Resolver) Option {
	return dbOption(func(c *config) { c.connector.Resolver = resolve })
}

// ReadOnly says that a query or transaction reads only: a cluster runs it on a reader, and a server refuses writes.
func ReadOnly() QueryOption { return queryOption(func(q *queryConfig) { q.readonly = true }) }

// Timeout makes the server end the transaction after this time.
func Timeout(limit time.Duration) QueryOption {
	return queryOption(func(q *queryConfig) { q.TxOptions.Timeout = limit })
}

// Metadata is attached to the transaction; SHOW TRANSACTIONS and the query log show it.
func Metadata(metadata map[string]any) QueryOption {
	return queryOption(func(q *queryConfig) { q.TxOptions.Metadata = metadata })
}

// ImpersonatedUser runs the query or transaction as another user.
func ImpersonatedUser(name string) QueryOption {
	return queryOption(func(q *queryConfig) { q.TxOptions.ImpersonatedUser = name })
}
