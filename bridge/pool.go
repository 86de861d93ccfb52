//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/pool"
)

func init() {
	register(map[string]method{
		"pool.open":       openPool,
		"pool.acquire":    onPool(acquire),
		"pool.connect":    onPool(connectOne),
		"pool.release":    onPool(releaseToPool),
		"pool.setMaxSize": onPool(setMaxSize),
		"pool.prune":      onPool(prunePool),
		"pool.close":      onPool(closePool),
		"pool.statistics": onPool(poolStatistics),
	})
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

// knownPool gives the page's view of a pool, a new one if it has none yet.
func (e *engine) knownPool(known *pool.ConnectionPool, shared bool) *connectionPool {
	if p := e.pools[known]; p != nil {
		return p
	}
	p := &connectionPool{ConnectionPool: known, engine: e, shared: shared}
	p.handle = e.handles.add(p)
	e.pools[known] = p
	return p
}

// describe gives the pool to the page.
func (p *connectionPool) describe() object {
	described := p.state()
	p.engine.handles.tell(p.handle)
	described["profile"], described["userAgent"] = describeProfile(p.Profile()), p.UserAgent()
	described["maxAge"] = milliseconds(p.MaxAge())
	return described
}

// state tells what may have changed.
func (p *connectionPool) state() object {
	return object{"pool": p.handle, "size": p.Size(), "inUse": p.InUse(), "maxSize": p.MaxSize()}
}

func (c *call) poolOptions() (pool.Options, error) {
	client, err := c.clientOptions()
	if err != nil {
		return pool.Options{}, err
	}
	a, _ := c.args.object("pool")
	return pool.Options{
		Client: client, InitSize: a.number("initSize"), MaxSize: a.number("maxSize"), MaxAge: a.milliseconds("maxAge"),
		AcquireTimeout: a.milliseconds("acquireTimeout"), IdleCheck: a.milliseconds("idleCheck"), ResetTimeout: a.milliseconds("resetTimeout"),
	}, nil
}

func openPool(ctx context.Context, c *call) (any, error) {
	profile, err := c.args.profile()
	if err != nil {
		return nil, err
	}
	options, err := c.poolOptions()
	if err != nil {
		return nil, err
	}
	opened, err := pool.Open(ctx, profile, options)
	if err != nil {
		return nil, err
	}
	return c.engine.knownPool(opened, false).describe(), nil
}

// onPool makes a method of one that takes the pool named in the arguments. Every answer tells the page how full the pool is.
func onPool(do func(ctx context.Context, c *call, p *connectionPool) (any, error)) method {
	return func(ctx context.Context, c *call) (any, error) {
		p, err := held[*connectionPool](c, "pool")
		if err != nil {
			return nil, err
		}
		c.subject = p
		return do(ctx, c, p)
	}
}

func acquire(ctx context.Context, c *call, p *connectionPool) (any, error) {
	cx, err := p.Acquire(ctx, pool.AcquireOptions{ForceReset: c.args.flag("forceReset"), NoWait: c.args.flag("noWait")})
	if err != nil {
		return nil, err
	}
	return c.engine.lend(cx, p), nil
}

func connectOne(ctx context.Context, c *call, p *connectionPool) (any, error) {
	cx, err := p.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return c.engine.lend(cx, p), nil
}

func releaseToPool(_ context.Context, c *call, p *connectionPool) (any, error) {
	cn, err := held[*connection](c, "connection")
	if err != nil {
		return nil, err
	}
	if cn.pool == p {
		c.subject = cn // which may be closed now
		if !cn.giveBack() {
			return nil, nil
		}
	}
	return nil, p.Release(cn.Connection, c.args.flag("forceReset"))
}

func setMaxSize(_ context.Context, c *call, p *connectionPool) (any, error) {
	return nil, p.SetMaxSize(c.args.number("maxSize"))
}

func prunePool(_ context.Context, _ *call, p *connectionPool) (any, error) {
	p.Prune()
	return nil, nil
}

// closePool keeps the handle: a closed pool is usable again once its maximum size is raised.
func closePool(_ context.Context, _ *call, p *connectionPool) (any, error) {
	p.Close()
	return nil, nil
}

func poolStatistics(_ context.Context, _ *call, p *connectionPool) (any, error) {
	return describePoolStatistics(p.Statistics()), nil
}

func describePoolStatistics(s pool.Statistics) object {
	described := describeStatistics(s.Statistics)
	for name, n := range map[string]uint64{
		"opened": s.Opened, "closed": s.Closed, "broken": s.Broken, "failed": s.Failed, "acquired": s.Acquired, "waited": s.Waited,
	} {
		described[name] = float64(n)
	}
	described["waitTime"] = milliseconds(s.WaitTime)
	described["size"], described["inUse"], described["waiting"] = s.Size, s.InUse, s.Waiting
	described["connections"] = list(s.Connections, func(one pool.ConnectionStatistics) any {
		d := describeStatistics(one.Statistics)
		d["age"], d["inUse"], d["acquired"] = one.Age.Seconds(), one.InUse, float64(one.Acquired)
		return d
	})
	return described
}
