//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/connect"
)

func init() {
	register(map[string]method{
		"connection.open":         openConnection,
		"connection.neo4jVersion": onConnection(neo4jVersion),
		"connection.neo4jEdition": onConnection(neo4jEdition),
		"connection.statistics":   onConnection(connectionStatistics),
		"connection.begin":        onConnection(begin),
		"connection.commit":       onConnection(commit),
		"connection.rollback":     onConnection(rollback),
		"connection.runProg":      onConnection(runProg),
		"connection.runQuery":     onConnection(runQuery),
		"connection.sync":         onConnection(syncResult),
		"connection.reset":        onConnection(reset),
		"connection.release":      onConnection(release),
		"connection.close":        onConnection(closeConnection),
		"connection.authenticate": onConnection(authenticate),
		"connection.route":        onConnection(route),
	})
}

// connection is a connection that the page knows.
type connection struct {
	client.Connection
	engine *engine
	handle int
	pool   *connectionPool // that lent it, or nil
	lent   bool            // the page has not given it back yet: later its pool may lend it to somebody else
}

func (cn *connection) dispose() {
	delete(cn.engine.connections, cn.Connection)
	// Nobody is left to be told of an error.
	switch {
	case cn.pool == nil:
		_ = cn.Close()
	case cn.giveBack():
		_ = cn.pool.Release(cn.Connection, false)
	}
}

// giveBack reports whether the page has a lent connection to give back, which it does once.
func (cn *connection) giveBack() bool {
	lent := cn.lent
	cn.lent = false
	return lent
}

// lend gives the page a connection of the pool.
func (e *engine) lend(cx client.Connection, pool *connectionPool) object {
	cn := e.known(cx, pool)
	cn.lent = true
	return cn.describe()
}

// known gives the page's view of a connection, a new one if it has none yet.
func (e *engine) known(cx client.Connection, pool *connectionPool) *connection {
	if cn := e.connections[cx]; cn != nil {
		return cn
	}
	cn := &connection{Connection: cx, engine: e, pool: pool}
	cn.handle = e.handles.add(cn)
	e.connections[cx] = cn
	return cn
}

// describe gives the connection to the page, and tells what does not change while it is open.
func (cn *connection) describe() object {
	return object{
		"connection": cn.engine.handles.tell(cn.handle), "profile": describeProfile(cn.Profile()), "userAgent": cn.UserAgent(),
		"protocolVersion": cn.ProtocolVersion().String(), "supportsMulti": cn.SupportsMulti(), "age": cn.Age().Seconds(),
	}
}

// state tells what may have changed.
func (cn *connection) state() object {
	state := object{"connection": cn.handle, "broken": cn.Broken(), "closed": cn.Closed()}
	if cn.pool != nil {
		for name, value := range cn.pool.state() {
			state[name] = value
		}
	}
	return state
}

func openConnection(ctx context.Context, c *call) (any, error) {
	profile, err := c.args.profile()
	if err != nil {
		return nil, err
	}
	options, err := c.clientOptions()
	if err != nil {
		return nil, err
	}
	cx, err := connect.Open(ctx, profile, options)
	if err != nil {
		return nil, err
	}
	return c.engine.known(cx, nil).describe(), nil
}

// onConnection makes a method of one that takes the connection named in the arguments. The answer to a failed call tells the page
// whether the connection and the transaction are still good.
func onConnection(do func(ctx context.Context, c *call, cn *connection) (any, error)) method {
	return func(ctx context.Context, c *call) (any, error) {
		cn, err := held[*connection](c, "connection")
		if err != nil {
			return nil, err
		}
		value, err := do(ctx, c, cn)
		if err != nil || cn.pool != nil {
			c.subject = cn
		}
		return value, err
	}
}

func neo4jVersion(ctx context.Context, _ *call, cn *connection) (any, error) {
	return cn.Neo4jVersion(ctx)
}

func neo4jEdition(ctx context.Context, _ *call, cn *connection) (any, error) {
	return cn.Neo4jEdition(ctx)
}

func connectionStatistics(_ context.Context, _ *call, cn *connection) (any, error) {
	return describeStatistics(cn.Statistics()), nil
}

func begin(ctx context.Context, c *call, cn *connection) (any, error) {
	options, err := c.args.txOptions()
	if err != nil {
		return nil, err
	}
	tx, err := cn.Begin(ctx, c.args.text("graphName"), c.args.flag("readonly"), options)
	if err != nil {
		return nil, err
	}
	c.engine.transactions.add(tx)
	return describeTransaction(tx), nil
}

func commit(ctx context.Context, c *call, cn *connection) (any, error) {
	return cn.Commit(ctx, c.transaction())
}

func rollback(ctx context.Context, c *call, cn *connection) (any, error) {
	return cn.Rollback(ctx, c.transaction())
}

func runProg(ctx context.Context, c *call, cn *connection) (any, error) {
	return c.runProg(ctx, cn.Connection, cn)
}

func runQuery(ctx context.Context, c *call, cn *connection) (any, error) {
	return c.runQuery(ctx, cn.Connection, cn)
}

func syncResult(ctx context.Context, c *call, cn *connection) (any, error) {
	s := c.engine.streams[c.args.number("result")]
	if s == nil {
		return nil, nil // it has ended, and the page knows how
	}
	return nil, cn.Sync(ctx, s.result)
}

func reset(ctx context.Context, c *call, cn *connection) (any, error) {
	return nil, cn.Reset(ctx, c.args.flag("force"))
}

func release(_ context.Context, _ *call, cn *connection) (any, error) {
	if cn.pool == nil || cn.giveBack() {
		cn.Release()
	}
	return nil, nil
}

// closeConnection keeps the handle of a connection that is lent: it is still to be released.
func closeConnection(_ context.Context, c *call, cn *connection) (any, error) {
	err := cn.Close()
	if cn.pool == nil {
		delete(c.engine.connections, cn.Connection)
		c.engine.handles.drop(cn.handle)
	}
	return nil, err
}

func authenticate(ctx context.Context, c *call, cn *connection) (any, error) {
	given, _ := c.args.object("auth")
	auth, err := given.auth()
	if err != nil {
		return nil, err
	}
	return nil, cn.Authenticate(ctx, auth)
}

func route(ctx context.Context, c *call, cn *connection) (any, error) {
	found, err := cn.Route(ctx, c.args.text("graphName"), c.args.textMap("context"))
	if err != nil {
		return nil, err
	}
	return object{
		"database": found.Database, "routers": found.Routers, "readers": found.Readers, "writers": found.Writers,
		"ttl": found.TTL.Seconds(),
	}, nil
}
