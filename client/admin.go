package client

import "time"

// ConnectionRecord describes one connection that the server has open.
type ConnectionRecord struct {
	CxID          string `js:"cxid"`
	Since         time.Time
	ClientAddress string
	ServerProfile Profile `js:",as=ServerProfile"` // how the client reached the server, as far as the server tells
	UserAgent     string
}

// QueryRecord describes one query that runs on the server.
type QueryRecord struct {
	QID           string
	Since         time.Time
	CxID          string `js:"cxid"`
	ClientAddress string
	ServerProfile Profile `js:",as=ServerProfile"`
	Metadata      map[string]any
	Database      string
	Query         string
	Parameters    map[string]any
	Planner       string
	Runtime       string
	Indexes       []any
	Status        string
	Stats         Stats
}

// TransactionRecord describes one transaction that is open on the server.
type TransactionRecord struct {
	TxID          string `js:"txid"`
	Since         time.Time
	CxID          string `js:"cxid"`
	ClientAddress string
	ServerProfile Profile `js:",as=ServerProfile"`
	Metadata      map[string]any
	Database      string
	CurrentQID    string
	CurrentQuery  string
	Status        string
	Stats         Stats
}

// Stats are a query's or a transaction's figures; nil is a figure that the server does not report.
type Stats struct {
	ActiveLockCount *int64 `js:",large"`
	ElapsedTime     *time.Duration
	CPUTime         *time.Duration
	WaitTime        *time.Duration
	IdleTime        *time.Duration
	PageHits        *int64 `js:",large"`
	PageFaults      *int64 `js:",large"`
	AllocatedBytes  *int64 `js:",large"`
	// Other holds all other columns of the server's answer, by their names.
	Other map[string]any
}

// ClusterMember is one server of a cluster.
type ClusterMember struct {
	ID        string
	Addresses []string
	Databases map[string]string // database to role
	Groups    []string
	// Other holds all other columns of the server's answer, by their names.
	Other map[string]any
}

// ConfigSetting is one of the server's settings.
type ConfigSetting struct {
	Name        string
	Description string
	Value       any
	Dynamic     bool // it can be changed while the server runs
}

// ManagementBean is one JMX bean of the server.
type ManagementBean struct {
	Name        string
	Description string
	Attributes  map[string]any // attribute name to value
}

// TerminatedTransaction is the server's answer for one transaction that it was asked to end.
type TerminatedTransaction struct {
	TxID     string `js:"txid"`
	Username string
	Message  string
}
