//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/connect"
)

func init() {
	handle(protocol.MethodConnectionOpen, openConnection)
	handle(protocol.MethodConnectionHandshake, handshake)
	handle(protocol.MethodConnectionNeo4jVersion, onConnection(neo4jVersion))
	handle(protocol.MethodConnectionNeo4jEdition, onConnection(neo4jEdition))
	handle(protocol.MethodConnectionStatistics, onConnection(connectionStatistics))
	handle(protocol.MethodConnectionBegin, onConnection(begin))
	handle(protocol.MethodConnectionCommit, onConnection(commit))
	handle(protocol.MethodConnectionRollback, onConnection(rollback))
	handle(protocol.MethodConnectionRunProg, onConnection(runProg))
	handle(protocol.MethodConnectionRunQuery, onConnection(runQuery))
	handle(protocol.MethodConnectionSync, onConnection(syncResult))
	handle(protocol.MethodConnectionReset, onConnection(reset))
	handle(protocol.MethodConnectionRelease, onConnection(release))
	handle(protocol.MethodConnectionClose, onConnection(closeConnection))
	handle(protocol.MethodConnectionAuthenticate, onConnection(authenticate))
	handle(protocol.MethodConnectionRoute, onConnection(route))
}

// connection is a connection that the page knows.
type connection struct {
	client.Connection
	engine *engine
	handle int
	pool   *connectionPool // that lent it, or nil
	lent   bool            // the page has not released it yet; after that its pool may lend it to another caller
}

func (cn *connection) dispose() {
	delete(cn.engine.connections, cn.Connection)
	// No caller is left to report an error to.
	switch {
	case cn.pool == nil:
		_ = cn.Close()
	case cn.giveBack():
		_ = cn.pool.Release(cn.Connection, false)
	}
}

// giveBack reports whether the page may release the connection: only once for each loan.
func (cn *connection) giveBack() bool {
	lent := cn.lent
	cn.lent = false
	return lent
}

// lend describes a connection of the pool to the page as lent.
func (e *engine) lend(cx client.Connection, pool *connectionPool) *protocol.DescribedConnection {
	cn := e.known(cx, pool)
	cn.lent = true
	return cn.describe()
}

// known returns the page's view of a connection, and makes one if it has none yet.
func (e *engine) known(cx client.Connection, pool *connectionPool) *connection {
	if cn := e.connections[cx]; cn != nil {
		return cn
	}
	cn := &connection{Connection: cx, engine: e, pool: pool}
	cn.handle = e.handles.add(cn)
	e.connections[cx] = cn
	return cn
}

// describe gives the page the connection's handle, and what does not change while it is open.
func (cn *connection) describe() *protocol.DescribedConnection {
	return &protocol.DescribedConnection{
		Connection: cn.engine.handles.tell(cn.handle), Profile: cn.Profile(), UserAgent: cn.UserAgent(),
		ProtocolVersion: cn.ProtocolVersion(), SupportsMulti: cn.SupportsMulti(), Age: cn.Age().Seconds(),
	}
}

// state returns what may have changed.
func (cn *connection) state() *protocol.State {
	state := &protocol.State{Connection: &protocol.ConnectionState{Connection: cn.handle, Broken: cn.Broken(),
		Closed: cn.Closed()}}
	if cn.pool != nil {
		pool := cn.pool.fill()
		state.Pool = &pool
	}
	return state
}

func openConnection(ctx context.Context, c *call, args *protocol.OpenConnection) (*protocol.DescribedConnection,
	error) {
	profile, err := args.Profile.Client()
	if err != nil {
		return nil, err
	}
	cx, err := connect.Open(ctx, profile, c.clientOptions(&args.Options))
	if err != nil {
		return nil, err
	}
	return c.engine.known(cx, nil).describe(), nil
}

func handshake(ctx context.Context, c *call, args *protocol.OpenConnection) (*string, error) {
	profile, err := args.Profile.Client()
	if err != nil {
		return nil, err
	}
	version, err := connect.Handshake(ctx, profile, c.clientOptions(&args.Options))
	if err != nil {
		return nil, err
	}
	text := version.String()
	return &text, nil
}

// onConnection makes a method from a function that takes the connection that the arguments name. The answer to a failed
// call tells the page whether the connection and the transaction are still good.
//
//go:noinline
func onConnection[A targeted, R any](
	do func(ctx context.Context, c *call, cn *connection, args A) (R, error),
) func(context.Context, *call, A) (R, error) {
	return func(ctx context.Context, c *call, args A) (result R, err error) {
		cn, err := held[*connection](c, "connection", args.Handle())
		if err != nil {
			return result, err
		}
		result, err = do(ctx, c, cn, args)
		if err != nil || cn.pool != nil {
			c.subject = cn
		}
		return result, err
	}
}

func neo4jVersion(ctx context.Context, _ *call, cn *connection, _ *protocol.Target) (*string, error) {
	version, err := cn.Neo4jVersion(ctx)
	return &version, err
}

func neo4jEdition(ctx context.Context, _ *call, cn *connection, _ *protocol.Target) (*string, error) {
	edition, err := cn.Neo4jEdition(ctx)
	return &edition, err
}

func connectionStatistics(_ context.Context, _ *call, cn *connection, _ *protocol.Target) (*client.Statistics, error) {
	statistics := cn.Statistics()
	return &statistics, nil
}

func begin(ctx context.Context, c *call, cn *connection, args *protocol.Begin) (*protocol.DescribedTransaction, error) {
	args.Options.Origin = args.Origin
	tx, err := cn.Begin(ctx, args.GraphName, args.Readonly, args.Options)
	return begun(tx, err)
}

func commit(ctx context.Context, c *call, cn *connection, args *protocol.Finish) (*string, error) {
	bookmark, err := cn.Commit(ctx, c.transaction(args.Transaction))
	return &bookmark, err
}

func rollback(ctx context.Context, c *call, cn *connection, args *protocol.Finish) (*string, error) {
	bookmark, err := cn.Rollback(ctx, c.transaction(args.Transaction))
	return &bookmark, err
}

func runProg(ctx context.Context, c *call, cn *connection, args *protocol.RunProg) (*protocol.ResultHead, error) {
	args.Options.Origin = args.Origin
	result, err := cn.RunProg(client.AcceptBlocks(ctx), args.GraphName, args.Cypher, args.Parameters, args.Readonly,
		args.Options)
	return c.result(result, err, args.Credit, args.Metadata, cn)
}

func runQuery(ctx context.Context, c *call, cn *connection, args *protocol.RunQuery) (*protocol.ResultHead, error) {
	ctx = client.WithFetchSize(client.AcceptBlocks(ctx), args.FetchSize)
	result, err := cn.RunQuery(ctx, c.transaction(args.Transaction), args.Cypher, args.Parameters)
	return c.result(result, err, args.Credit, args.Metadata, cn)
}

func syncResult(ctx context.Context, c *call, cn *connection, args *protocol.Sync) (*protocol.None, error) {
	s := c.engine.streams[args.Result]
	if s == nil {
		return nil, nil // it has ended, and the page knows its outcome
	}
	return nil, cn.Sync(ctx, s.result)
}

func reset(ctx context.Context, _ *call, cn *connection, args *protocol.Reset) (*protocol.None, error) {
	return nil, cn.Reset(ctx, args.Force)
}

func release(_ context.Context, _ *call, cn *connection, _ *protocol.Target) (*protocol.None, error) {
	if cn.pool == nil || cn.giveBack() {
		cn.Release()
	}
	return nil, nil
}

// closeConnection keeps the handle of a lent connection: the page must still release it.
func closeConnection(_ context.Context, c *call, cn *connection, _ *protocol.Target) (*protocol.None, error) {
	err := cn.Close()
	if cn.pool == nil {
		delete(c.engine.connections, cn.Connection)
		c.engine.handles.drop(cn.handle)
	}
	return nil, err
}

func authenticate(ctx context.Context, _ *call, cn *connection, args *protocol.Authenticate) (*protocol.None, error) {
	return nil, cn.Authenticate(ctx, args.Auth)
}

func route(ctx context.Context, _ *call, cn *connection, args *protocol.RouteRequest) (*client.Route, error) {
	return cn.Route(ctx, args.GraphName, args.Context)
}
