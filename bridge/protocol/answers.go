package protocol

import (
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

// These have other names in TypeScript.
type (
	ConnectionStatistics     = client.Statistics
	PoolStatistics           = pool.Statistics
	OpenConnectionStatistics = pool.ConnectionStatistics
	GqlStatus                = client.GQLStatus
	FinishedTransaction      = pool.TransactionSummary
)

// DescribedConnection is one that the engine opened or lent, with what does not change while it is open.
type DescribedConnection struct {
	Connection      int // its handle
	Profile         client.Profile
	UserAgent       string
	ProtocolVersion client.Version
	SupportsMulti   bool
	Age             float64 // seconds
}

// ConnectionState may have changed.
type ConnectionState struct {
	Connection int
	Broken     bool
	Closed     bool
}

// DescribedPool is one that the engine opened.
type DescribedPool struct {
	State     PoolState `js:",inline"`
	Profile   client.Profile
	UserAgent string
	MaxAge    time.Duration
}

// PoolState may have changed.
type PoolState struct {
	Pool    int // its handle
	Size    int
	InUse   int
	MaxSize int
}

// DescribedConnector is one that the engine opened.
type DescribedConnector struct {
	Connector int // its handle
	UserAgent string
}

// DescribedTransaction refers to a transaction. The page tells its names only.
type DescribedTransaction struct {
	GraphName string
	TxID      string `js:"txid"`
	Readonly  bool
	Broken    bool    `js:",optional"`
	Age       float64 `js:",optional"` // seconds
}

// ResultHead is what is known of a result at its beginning.
type ResultHead struct {
	GraphName       string
	ProtocolVersion client.Version
}

// PoolInUse tells how many connections of a server are lent.
type PoolInUse struct {
	Profile client.Profile
	InUse   int
}

// PoolFigures are one server's.
type PoolFigures struct {
	Profile    client.Profile
	Statistics pool.Statistics
}

// ServerProfile is how a client reached the server, as far as the server tells. It is not one to connect with: schemes
// and hosts may be the server's own.
type ServerProfile struct {
	Scheme string
	User   string
	Host   string
	Port   int // 0 where the server tells none
}

// DescribedProfileOf returns a profile in the form for the page.
func DescribedProfileOf(p client.Profile) DescribedProfile {
	return DescribedProfile{URI: p.URI(), User: p.User, Database: p.Database}
}

// ServerProfileOf returns a profile that the server reported in the form for the page.
func ServerProfileOf(p client.Profile) ServerProfile {
	return ServerProfile{Scheme: p.Scheme, User: p.User, Host: p.Host, Port: p.Port}
}

// Client makes a profile to connect with from the page's. It is not normalized yet: opening a connection does that.
func (p DescribedProfile) Client() (client.Profile, error) {
	profile, err := client.SplitURI(p.URI)
	if err != nil {
		return client.Profile{}, err
	}
	profile.User, profile.Password, profile.Database = p.User, p.Password, p.Database
	return profile, nil
}
