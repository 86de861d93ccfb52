package protocol

import (
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

// Methods are what a page can call. On the wire ConnectionOpen is "connection.open".
type Methods interface {
	// Release tells that JavaScript's garbage collector took what a handle belongs to.
	Release(LostHandle) None
	// Suspend tells that the page is put aside, perhaps for ever: calls are given up, and what is open is rolled back.
	Suspend(Hidden) None

	ConnectionOpen(OpenConnection) DescribedConnection
	// ConnectionHandshake agrees with a server on the version of Bolt, without a user, and returns that.
	ConnectionHandshake(OpenConnection) string
	ConnectionNeo4jVersion(Target) string
	ConnectionNeo4jEdition(Target) string
	ConnectionStatistics(Target) client.Statistics
	ConnectionBegin(Begin) DescribedTransaction
	ConnectionCommit(Finish) string
	ConnectionRollback(Finish) string
	ConnectionRunProg(RunProg) ResultHead
	ConnectionRunQuery(RunQuery) ResultHead
	ConnectionSync(Sync) None
	ConnectionReset(Reset) None
	ConnectionRelease(Target) None
	ConnectionClose(Target) None
	ConnectionAuthenticate(Authenticate) None
	ConnectionRoute(RouteRequest) client.Route
	ConnectionGetClusterOverview(InTransaction) []client.ClusterMember
	ConnectionGetConfig(InTransaction) map[string]client.ConfigSetting
	ConnectionGetConnections(InTransaction) []client.ConnectionRecord
	ConnectionGetQueries(InTransaction) []client.QueryRecord
	ConnectionGetTransactions(InTransaction) []client.TransactionRecord
	ConnectionGetManagementData(InTransaction) map[string]client.ManagementBean
	ConnectionTerminateTransactions(Terminate) []client.TerminatedTransaction

	PoolOpen(OpenPool) DescribedPool
	PoolAcquire(Acquire) DescribedConnection
	PoolConnect(Target) DescribedConnection
	PoolRelease(GiveBack) None
	PoolSetMaxSize(SetMaxSize) None
	PoolPrune(Target) None
	PoolClose(Target) None
	PoolStatistics(Target) pool.Statistics

	ConnectorOpen(OpenConnector) DescribedConnector
	ConnectorAddPools(AddPools) None
	ConnectorGetPools(PoolsWanted) []DescribedPool
	ConnectorBegin(Begin) DescribedTransaction
	ConnectorCommit(Finish) pool.TransactionSummary
	ConnectorRollback(Finish) pool.TransactionSummary
	ConnectorRunProg(RunProg) ResultHead
	ConnectorRunQuery(RunQuery) ResultHead
	ConnectorExecute(Execute) None
	ConnectorExecuteQuery(RunProg) ResultHead
	ConnectorGraphNames(Target) []string
	ConnectorDefaultGraphName(Target) string
	ConnectorInUse(Target) []PoolInUse
	ConnectorStatistics(Target) []PoolFigures
	ConnectorBookmarks(Target) []string
	ConnectorPrune(Prune) None
	ConnectorVerifyConnectivity(Target) None
	ConnectorClose(Target) None

	ResultCredit(Credit) None
	ResultDiscard(OfResult) None
	ResultQueryID(OfResult) string
}

// Callbacks are what the engine may ask the page. The page names one of its functions by a number, which goes with the
// options of the call.
type Callbacks interface {
	// Auth supplies a token.
	Auth(TokenWanted) client.Auth
	// Resolve returns the addresses to try in place of a router's.
	Resolve(RouterWanted) RouterAddresses
	// Work carries out a unit of work in a transaction.
	Work(WorkWanted) None
}

// None is the result of a method that gives nothing.
type None struct{}
