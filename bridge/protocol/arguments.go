package protocol

import (
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

// The options of the API have these names in TypeScript.
type (
	ConnectionSettings  = client.Options
	TransactionSettings = client.TxOptions
	PoolSettings        = pool.Options
	ConnectorSettings   = pool.ConnectorOptions
)

// Packed is a map of values that the page has put into PackStream, which stay as they are. Where dates with a zone are
// among them, it is two such maps: the second has the form that Bolt had before 4.3. Which of them is sent is decided
// where the protocol's version is known.
type Packed = map[string]any

// Target names the connection, pool or connector that a method is called on.
type Target struct {
	On int // its handle
}

// Handle is the target's.
func (t Target) Handle() int { return t.On }

// LostHandle counts in Told how often the page had been given the handle.
type LostHandle struct {
	Handle int
	Told   int
}

// DescribedProfile is how and where to connect, and as whom; the URI is without user and password.
type DescribedProfile struct {
	URI      string
	User     string
	Database string
	Password client.Secret `js:",optional"` // only towards the engine
}

// OpenOptions say how to open connections.
type OpenOptions struct {
	Client       client.Options `js:",inline"`
	Auth         *client.Auth   `js:",optional"`
	AuthCallback int            `js:",optional"` // what supplies tokens instead of Auth
	Owner        int            // the page's number for who opens them
}

// OpenConnection is about a single connection.
type OpenConnection struct {
	Profile DescribedProfile
	Options OpenOptions
}

// OpenPool is about a pool of its own.
type OpenPool struct {
	Profile DescribedProfile
	Options OpenOptions
	Pool    pool.Options
}

// OpenConnector is about a connector with its pools.
type OpenConnector struct {
	Profile          DescribedProfile
	Options          OpenOptions
	Pool             pool.Options
	Connector        pool.ConnectorOptions
	ResolverCallback int      `js:",optional"`
	Chained          bool     // each transaction begins with the bookmarks of those before it
	Bookmarks        []string // the first ones
}

// Begin begins a transaction.
type Begin struct {
	Target
	GraphName string
	Readonly  bool             `js:",optional"`
	Options   client.TxOptions `js:",optional"`
	Origin    client.Origin    `js:",optional"`
}

// Finish ends a transaction.
type Finish struct {
	Target
	Transaction *DescribedTransaction
}

// RunProg runs a query in a transaction of its own.
type RunProg struct {
	Target
	GraphName  string
	Cypher     string
	Parameters Packed
	Readonly   bool             `js:",optional"`
	Options    client.TxOptions `js:",optional"`
	Origin     client.Origin    `js:",optional"`
	Credit     int              // how many blocks the page takes
	Metadata   bool             `js:",optional"` // the end is to have the server's own metadata
}

// RunQuery runs a query in a transaction.
type RunQuery struct {
	Target
	Transaction *DescribedTransaction
	Cypher      string
	Parameters  Packed
	FetchSize   int `js:",optional"` // instead of the transaction's; -1 for all records at once
	Credit      int
	Metadata    bool `js:",optional"`
}

// Execute carries out a unit of work.
type Execute struct {
	Target
	GraphName string
	Readonly  bool             `js:",optional"`
	Options   client.TxOptions `js:",optional"`
	Callback  int
}

// Sync waits for the query behind a result.
type Sync struct {
	Target
	Result int
}

// Reset brings a connection back to a clean state.
type Reset struct {
	Target
	Force bool `js:",optional"`
}

// Authenticate changes who a connection acts for.
type Authenticate struct {
	Target
	Auth client.Auth
}

// RouteRequest asks for the servers of a cluster.
type RouteRequest struct {
	Target
	GraphName string
	Context   map[string]string
}

// InTransaction is about a call in a transaction, or in one of its own.
type InTransaction struct {
	Target
	Transaction *DescribedTransaction `js:",optional"`
}

// Terminate ends transactions by their ids.
type Terminate struct {
	Target
	IDs []string `js:"ids"`
}

// Acquire is about a connection of a pool.
type Acquire struct {
	Target
	ForceReset bool `js:",optional"`
	NoWait     bool `js:"wait,optional,inverted"`
}

// GiveBack gives a connection back to its pool.
type GiveBack struct {
	Target
	Connection int
	ForceReset bool `js:",optional"`
}

// SetMaxSize changes how many connections a pool may hold.
type SetMaxSize struct {
	Target
	MaxSize int `js:",min=0"`
}

// AddPools adds pools to a connector.
type AddPools struct {
	Target
	Profiles []DescribedProfile
}

// PoolsWanted asks for the pools that can serve a graph.
type PoolsWanted struct {
	Target
	GraphName string
	Readonly  bool `js:",optional"`
}

// Prune is about one server of a connector. Its profile is without a password, as the page may not know it.
type Prune struct {
	Target
	Profile DescribedProfile
}

// OfResult names a result by the id of the call that gave it.
type OfResult struct {
	Result int
}

// Credit grants blocks to a result.
type Credit struct {
	Result int
	Blocks int
}

// RouterAddresses are "host:port" each.
type RouterAddresses struct {
	Addresses []string
}

// Hidden tells that the page is hidden; there is no more to say.
type Hidden struct{}
