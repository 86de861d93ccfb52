//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

func init() {
	register(map[string]method{
		"connector.open":               openConnector,
		"connector.addPools":           onConnector(addPools),
		"connector.getPools":           onConnector(getPools),
		"connector.begin":              onConnector(connectorBegin),
		"connector.commit":             onConnector(connectorCommit),
		"connector.rollback":           onConnector(connectorRollback),
		"connector.runProg":            onConnector(connectorRunProg),
		"connector.runQuery":           onConnector(connectorRunQuery),
		"connector.graphNames":         onConnector(graphNames),
		"connector.defaultGraphName":   onConnector(defaultGraphName),
		"connector.inUse":              onConnector(inUse),
		"connector.statistics":         onConnector(connectorStatistics),
		"connector.bookmarks":          onConnector(bookmarks),
		"connector.prune":              onConnector(pruneProfile),
		"connector.verifyConnectivity": onConnector(verifyConnectivity),
		"connector.close":              onConnector(closeConnector),
	})
}

// connector is a connector that the page knows.
type connector struct {
	*pool.Connector
	handle    int
	bookmarks *pool.BookmarkManager // or nil
}

func (k *connector) dispose() { k.Close() }

func openConnector(ctx context.Context, c *call) (any, error) {
	profile, err := c.args.profile()
	if err != nil {
		return nil, err
	}
	options := pool.ConnectorOptions{NoRouting: c.args.flag("noRouting"), RetryTime: c.args.milliseconds("retryTime")}
	if options.Pool, err = c.poolOptions(); err != nil {
		return nil, err
	}
	if resolver := c.args.number("resolverCallback"); resolver != 0 {
		options.Resolver = c.engine.resolver(resolver)
	}
	if c.args.flag("chained") {
		options.Bookmarks = pool.NewBookmarkManager(c.args.texts("bookmarks")...)
	}
	opened, err := pool.OpenConnector(ctx, profile, options)
	if err != nil {
		return nil, err
	}
	k := &connector{Connector: opened, bookmarks: options.Bookmarks}
	k.handle = c.engine.handles.add(k)
	return object{"connector": c.engine.handles.tell(k.handle), "profile": describeProfile(k.Profile()), "userAgent": k.UserAgent()}, nil
}

// resolver asks the page for the addresses of the first router.
func (e *engine) resolver(callback int) pool.Resolver {
	return func(ctx context.Context, address string) ([]string, error) {
		given, err := e.ask(ctx, callback, object{"address": address})
		if err != nil {
			return nil, err
		}
		return given.texts("addresses"), nil
	}
}

// onConnector makes a method of one that takes the connector named in the arguments.
func onConnector(do func(ctx context.Context, c *call, k *connector) (any, error)) method {
	return func(ctx context.Context, c *call) (any, error) {
		k, err := held[*connector](c, "connector")
		if err != nil {
			return nil, err
		}
		return do(ctx, c, k)
	}
}

func addPools(ctx context.Context, c *call, k *connector) (any, error) {
	for _, given := range c.args.objects("profiles") {
		profile, err := given.asProfile()
		if err != nil {
			return nil, err
		}
		if err := k.AddPools(ctx, profile); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func getPools(ctx context.Context, c *call, k *connector) (any, error) {
	pools, err := k.Pools(ctx, c.args.text("graphName"), c.args.flag("readonly"))
	if err != nil {
		return nil, err
	}
	return list(pools, func(p *pool.ConnectionPool) any { return c.engine.knownPool(p, true).describe() }), nil
}

func connectorBegin(ctx context.Context, c *call, k *connector) (any, error) {
	options, err := c.args.txOptions()
	if err != nil {
		return nil, err
	}
	tx, err := k.Begin(ctx, c.args.text("graphName"), c.args.flag("readonly"), options)
	if err != nil {
		return nil, err
	}
	c.engine.transactions.add(tx)
	return describeTransaction(tx), nil
}

func connectorCommit(ctx context.Context, c *call, k *connector) (any, error) {
	return transactionSummary(k.Commit(ctx, c.transaction()))
}

func connectorRollback(ctx context.Context, c *call, k *connector) (any, error) {
	return transactionSummary(k.Rollback(ctx, c.transaction()))
}

func transactionSummary(s pool.TransactionSummary, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return object{"bookmark": s.Bookmark, "profile": describeProfile(s.Profile), "time": milliseconds(s.Time)}, nil
}

func connectorRunProg(ctx context.Context, c *call, k *connector) (any, error) {
	return c.runProg(ctx, k.Connector, nil)
}

func connectorRunQuery(ctx context.Context, c *call, k *connector) (any, error) {
	return c.runQuery(ctx, k.Connector, nil)
}

func graphNames(ctx context.Context, _ *call, k *connector) (any, error) {
	names, err := k.GraphNames(ctx)
	return names, err
}

func defaultGraphName(ctx context.Context, _ *call, k *connector) (any, error) {
	return k.DefaultGraphName(ctx)
}

func inUse(_ context.Context, _ *call, k *connector) (any, error) {
	figures := []any{}
	for profile, n := range k.InUse() {
		figures = append(figures, object{"profile": describeProfile(profile), "inUse": n})
	}
	return figures, nil
}

func connectorStatistics(_ context.Context, _ *call, k *connector) (any, error) {
	figures := []any{}
	for profile, s := range k.Statistics() {
		figures = append(figures, object{"profile": describeProfile(profile), "statistics": describePoolStatistics(s)})
	}
	return figures, nil
}

func bookmarks(_ context.Context, _ *call, k *connector) (any, error) {
	if k.bookmarks == nil {
		return []any{}, nil
	}
	return k.bookmarks.Bookmarks(), nil
}

// pruneProfile takes a profile without its password, as the page may not know it; the connector's own has the same.
func pruneProfile(_ context.Context, c *call, k *connector) (any, error) {
	profile, err := c.args.profile()
	if err != nil {
		return nil, err
	}
	for known := range k.InUse() {
		if known.URI() == profile.URI() && known.User == profile.User && known.Database == profile.Database {
			k.Prune(known)
		}
	}
	return nil, nil
}

func verifyConnectivity(ctx context.Context, _ *call, k *connector) (any, error) {
	return nil, k.VerifyConnectivity(ctx)
}

func closeConnector(_ context.Context, c *call, k *connector) (any, error) {
	k.Close()
	c.engine.handles.drop(k.handle)
	return nil, nil
}

// access chooses between a connector's two ways to carry out work.
func (k *connector) access(readonly bool) func(context.Context, string, pool.Work, ...client.TxOptions) error {
	if readonly {
		return k.ExecuteRead
	}
	return k.ExecuteWrite
}
