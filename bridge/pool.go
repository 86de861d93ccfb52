//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/pool"
)

func init() {
	handle(protocol.MethodPoolOpen, openPool)
	handle(protocol.MethodPoolAcquire, onPool(acquire))
	handle(protocol.MethodPoolConnect, onPool(connectOne))
	handle(protocol.MethodPoolRelease, onPool(releaseToPool))
	handle(protocol.MethodPoolSetMaxSize, onPool(setMaxSize))
	handle(protocol.MethodPoolPrune, onPool(prunePool))
	handle(protocol.MethodPoolClose, onPool(closePool))
	handle(protocol.MethodPoolStatistics, onPool(poolStatistics))
}

// connectionPool is a pool that the page knows.
type connectionPool struct {
	*pool.ConnectionPool
	engine *engine
	handle int
	shared bool // its connector closes it
}

func (p *connectionPool) dispose() {
	delete(p.engine.pools, p.ConnectionPool)
	if !p.shared {
		p.Close()
	}
}

// knownPool returns the page's view of a pool, and makes one if it has none yet.
func (e *engine) knownPool(known *pool.ConnectionPool, shared bool) *connectionPool {
	if p := e.pools[known]; p != nil {
		return p
	}
	p := &connectionPool{ConnectionPool: known, engine: e, shared: shared}
	p.handle = e.handles.add(p)
	e.pools[known] = p
	return p
}

// describe gives the page the pool's handle.
func (p *connectionPool) describe() *protocol.DescribedPool {
	p.engine.handles.tell(p.handle)
	return &protocol.DescribedPool{State: p.fill(), Profile: p.Profile(), UserAgent: p.UserAgent(), MaxAge: p.MaxAge()}
}

// fill tells how full the pool is.
func (p *connectionPool) fill() protocol.PoolState {
	return protocol.PoolState{Pool: p.handle, Size: p.Size(), InUse: p.InUse(), MaxSize: p.MaxSize()}
}

// state returns what may have changed.
func (p *connectionPool) state() *protocol.State {
	fill := p.fill()
	return &protocol.State{Pool: &fill}
}

func openPool(ctx context.Context, c *call, args *protocol.OpenPool) (*protocol.DescribedPool, error) {
	profile, err := args.Profile.Client()
	if err != nil {
		return nil, err
	}
	options := args.Pool
	options.Client = c.clientOptions(&args.Options)
	opened, err := pool.Open(ctx, profile, options)
	if err != nil {
		return nil, err
	}
	return c.engine.knownPool(opened, false).describe(), nil
}

// onPool makes a method from a function that takes the pool that the arguments name. Every answer tells the page how
// full the pool is.
//
//go:noinline
func onPool[A targeted, R any](
	do func(ctx context.Context, c *call, p *connectionPool, args A) (R, error),
) func(context.Context, *call, A) (R, error) {
	return func(ctx context.Context, c *call, args A) (result R, err error) {
		p, err := held[*connectionPool](c, "pool", args.Handle())
		if err != nil {
			return result, err
		}
		c.subject = p
		return do(ctx, c, p, args)
	}
}

func acquire(ctx context.Context, c *call, p *connectionPool, args *protocol.Acquire) (*protocol.DescribedConnection,
	error) {
	cx, err := p.Acquire(ctx, pool.AcquireOptions{ForceReset: args.ForceReset, NoWait: args.NoWait})
	if err != nil {
		return nil, err
	}
	return c.engine.lend(cx, p), nil
}

func connectOne(ctx context.Context, c *call, p *connectionPool, _ *protocol.Target) (*protocol.DescribedConnection,
	error) {
	cx, err := p.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return c.engine.lend(cx, p), nil
}

func releaseToPool(_ context.Context, c *call, p *connectionPool, args *protocol.GiveBack) (*protocol.None, error) {
	cn, err := held[*connection](c, "connection", args.Connection)
	if err != nil {
		return nil, err
	}
	if cn.pool == p {
		c.subject = cn // which may be closed now
		if !cn.giveBack() {
			return nil, nil
		}
	}
	return nil, p.Release(cn.Connection, args.ForceReset)
}

func setMaxSize(_ context.Context, _ *call, p *connectionPool, args *protocol.SetMaxSize) (*protocol.None, error) {
	return nil, p.SetMaxSize(args.MaxSize)
}

func prunePool(_ context.Context, _ *call, p *connectionPool, _ *protocol.Target) (*protocol.None, error) {
	p.Prune()
	return nil, nil
}

// closePool keeps the handle: a closed pool is usable again once its maximum size is raised.
func closePool(_ context.Context, _ *call, p *connectionPool, _ *protocol.Target) (*protocol.None, error) {
	p.Close()
	return nil, nil
}

func poolStatistics(_ context.Context, _ *call, p *connectionPool, _ *protocol.Target) (*pool.Statistics, error) {
	statistics := p.Statistics()
	return &statistics, nil
}
