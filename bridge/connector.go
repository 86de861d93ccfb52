//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

func init() {
	handle(protocol.MethodConnectorOpen, openConnector)
	handle(protocol.MethodConnectorAddPools, onConnector(addPools))
	handle(protocol.MethodConnectorGetPools, onConnector(getPools))
	handle(protocol.MethodConnectorBegin, onConnector(connectorBegin))
	handle(protocol.MethodConnectorCommit, onConnector(connectorCommit))
	handle(protocol.MethodConnectorRollback, onConnector(connectorRollback))
	handle(protocol.MethodConnectorRunProg, onConnector(connectorRunProg))
	handle(protocol.MethodConnectorRunQuery, onConnector(connectorRunQuery))
	handle(protocol.MethodConnectorGraphNames, onConnector(graphNames))
	handle(protocol.MethodConnectorDefaultGraphName, onConnector(defaultGraphName))
	handle(protocol.MethodConnectorInUse, onConnector(inUse))
	handle(protocol.MethodConnectorStatistics, onConnector(connectorStatistics))
	handle(protocol.MethodConnectorBookmarks, onConnector(bookmarks))
	handle(protocol.MethodConnectorPrune, onConnector(pruneProfile))
	handle(protocol.MethodConnectorVerifyConnectivity, onConnector(verifyConnectivity))
	handle(protocol.MethodConnectorClose, onConnector(closeConnector))
}

// connector is a connector that the page knows.
type connector struct {
	*pool.Connector
	handle    int
	bookmarks *pool.BookmarkManager // or nil
}

func (k *connector) dispose() { k.Close() }

func openConnector(ctx context.Context, c *call, args *protocol.OpenConnector) (*protocol.DescribedConnector, error) {
	profile, err := args.Profile.Client()
	if err != nil {
		return nil, err
	}
	options := args.Connector
	options.Pool = args.Pool
	options.Pool.Client = c.clientOptions(&args.Options)
	if args.ResolverCallback != 0 {
		options.Resolver = c.engine.resolver(args.ResolverCallback)
	}
	if args.Chained {
		options.Bookmarks = pool.NewBookmarkManager(args.Bookmarks...)
	}
	opened, err := pool.OpenConnector(ctx, profile, options)
	if err != nil {
		return nil, err
	}
	k := &connector{Connector: opened, bookmarks: options.Bookmarks}
	k.handle = c.engine.handles.add(k)
	return &protocol.DescribedConnector{Connector: c.engine.handles.tell(k.handle), UserAgent: k.UserAgent()}, nil
}

// resolver asks the page for the addresses of the first router.
func (e *engine) resolver(callback int) pool.Resolver {
	return func(ctx context.Context, address string) ([]string, error) {
		given, err := ask(ctx, e, protocol.AskResolve, callback, &protocol.RouterWanted{Address: address})
		if err != nil {
			return nil, err
		}
		return given.Addresses, nil
	}
}

// onConnector makes a method from a function that takes the connector that the arguments name.
//
//go:noinline
func onConnector[A targeted, R any](
	do func(ctx context.Context, c *call, k *connector, args A) (R, error),
) func(context.Context, *call, A) (R, error) {
	return func(ctx context.Context, c *call, args A) (result R, err error) {
		k, err := held[*connector](c, "connector", args.Handle())
		if err != nil {
			return result, err
		}
		return do(ctx, c, k, args)
	}
}

func addPools(ctx context.Context, _ *call, k *connector, args *protocol.AddPools) (*protocol.None, error) {
	for _, given := range args.Profiles {
		profile, err := given.Client()
		if err != nil {
			return nil, err
		}
		if err := k.AddPools(ctx, profile); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func getPools(ctx context.Context, c *call, k *connector, args *protocol.PoolsWanted) (*[]protocol.DescribedPool,
	error) {
	pools, err := k.Pools(ctx, args.GraphName, args.Readonly)
	var described []protocol.DescribedPool
	for _, p := range pools {
		described = append(described, *c.engine.knownPool(p, true).describe())
	}
	return &described, err
}

func connectorBegin(ctx context.Context, c *call, k *connector, args *protocol.Begin) (*protocol.DescribedTransaction,
	error) {
	args.Options.Origin = args.Origin
	tx, err := k.Begin(ctx, args.GraphName, args.Readonly, args.Options)
	return begun(tx, err)
}

func connectorCommit(ctx context.Context, c *call, k *connector, args *protocol.Finish) (*pool.TransactionSummary,
	error) {
	summary, err := k.Commit(ctx, c.transaction(args.Transaction))
	return &summary, err
}

func connectorRollback(ctx context.Context, c *call, k *connector, args *protocol.Finish) (*pool.TransactionSummary,
	error) {
	summary, err := k.Rollback(ctx, c.transaction(args.Transaction))
	return &summary, err
}

func connectorRunProg(ctx context.Context, c *call, k *connector, args *protocol.RunProg) (*protocol.ResultHead,
	error) {
	args.Options.Origin = args.Origin
	result, err := k.RunProg(client.AcceptBlocks(ctx), args.GraphName, args.Cypher, args.Parameters, args.Readonly,
		args.Options)
	return c.result(result, err, args.Credit, args.Metadata, nil)
}

func connectorRunQuery(ctx context.Context, c *call, k *connector, args *protocol.RunQuery) (*protocol.ResultHead,
	error) {
	ctx = client.WithFetchSize(client.AcceptBlocks(ctx), args.FetchSize)
	result, err := k.RunQuery(ctx, c.transaction(args.Transaction), args.Cypher, args.Parameters)
	return c.result(result, err, args.Credit, args.Metadata, nil)
}

func graphNames(ctx context.Context, _ *call, k *connector, _ *protocol.Target) (*[]string, error) {
	names, err := k.GraphNames(ctx)
	return &names, err
}

func defaultGraphName(ctx context.Context, _ *call, k *connector, _ *protocol.Target) (*string, error) {
	name, err := k.DefaultGraphName(ctx)
	return &name, err
}

func inUse(_ context.Context, _ *call, k *connector, _ *protocol.Target) (*[]protocol.PoolInUse, error) {
	var figures []protocol.PoolInUse
	for profile, n := range k.InUse() {
		figures = append(figures, protocol.PoolInUse{Profile: profile, InUse: n})
	}
	return &figures, nil
}

func connectorStatistics(_ context.Context, _ *call, k *connector, _ *protocol.Target) (*[]protocol.PoolFigures,
	error) {
	var figures []protocol.PoolFigures
	for profile, statistics := range k.Statistics() {
		figures = append(figures, protocol.PoolFigures{Profile: profile, Statistics: statistics})
	}
	return &figures, nil
}

func bookmarks(_ context.Context, _ *call, k *connector, _ *protocol.Target) (*[]string, error) {
	var current []string
	if k.bookmarks != nil {
		current = k.bookmarks.Bookmarks()
	}
	return &current, nil
}

// pruneProfile ignores the profile's password, which the page may not know.
func pruneProfile(_ context.Context, _ *call, k *connector, args *protocol.Prune) (*protocol.None, error) {
	profile, err := args.Profile.Client()
	if err != nil {
		return nil, err
	}
	if profile, err = profile.Normalize(); err != nil {
		return nil, err
	}
	for known := range k.InUse() {
		if known.URI() == profile.URI() && known.User == profile.User && known.Database == profile.Database {
			k.Prune(known)
		}
	}
	return nil, nil
}

func verifyConnectivity(ctx context.Context, _ *call, k *connector, _ *protocol.Target) (*protocol.None, error) {
	return nil, k.VerifyConnectivity(ctx)
}

func closeConnector(_ context.Context, c *call, k *connector, _ *protocol.Target) (*protocol.None, error) {
	k.Close()
	c.engine.handles.drop(k.handle)
	return nil, nil
}

// access returns ExecuteRead or ExecuteWrite of the connector.
func (k *connector) access(readonly bool) func(context.Context, string, pool.Work, ...client.TxOptions) error {
	if readonly {
		return k.ExecuteRead
	}
	return k.ExecuteWrite
}
