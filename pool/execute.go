package pool

import (
	"context"

	"github.com/webbolt/webbolt/client"
)

// EagerResult is a whole result in memory.
type EagerResult struct {
	Keys    []string
	Records []*client.Record
	Summary *client.Summary
}

// ExecuteQuery runs one query in a transaction with retries, and reads its whole result. The transaction is
// [client.TxOptions.Pipelined].
func (c *Connector) ExecuteQuery(ctx context.Context, graphName, cypher string, parameters map[string]any,
	readonly bool,
	options ...client.TxOptions) (*EagerResult, error) {
	o := firstOf(options)
	o.Pipelined = true
	var eager *EagerResult
	err := c.execute(ctx, graphName, readonly, func(ctx context.Context, tx *Transaction) error {
		result, err := tx.Run(ctx, cypher, parameters)
		if err != nil {
			return err
		}
		eager, err = readAll(ctx, result)
		return err
	}, client.OriginQuery, o)
	if err != nil {
		return nil, err
	}
	return eager, nil
}

func readAll(ctx context.Context, result *client.Result) (*EagerResult, error) {
	keys, err := result.Fields(ctx)
	if err != nil {
		return nil, err
	}
	eager := &EagerResult{Keys: keys}
	for record, err := range result.Records(ctx) {
		if err != nil {
			return nil, err
		}
		eager.Records = append(eager.Records, record)
	}
	eager.Summary = result.Summary()
	return eager, nil
}

// VerifyConnectivity checks that a server for reading can be reached and accepts the user.
func (c *Connector) VerifyConnectivity(ctx context.Context) error {
	_, err := c.ServerInfo(ctx)
	return err
}

// ServerInfo describes a server for reading.
type ServerInfo struct {
	Address  string
	Agent    string         // what it calls itself, such as "Neo4j/5.26.30"; "" where that is not known
	Protocol client.Version // the zero Version over HTTP
}

// ServerInfo checks that a server for reading can be reached and accepts the user, and tells which server it is. With
// routing, it fetches a new routing table first.
func (c *Connector) ServerInfo(ctx context.Context) (ServerInfo, error) {
	n, _ := c.need("", true, nil)
	n.fresh = true
	l, err := c.on(ctx, n, true, func(l *lease) error {
		if !l.reused {
			return nil // it has just been opened
		}
		return l.cx.Reset(ctx, true)
	})
	if err != nil {
		return ServerInfo{}, err
	}
	defer l.end(ctx)
	info := ServerInfo{Address: l.pool.Profile().Address(), Protocol: l.cx.ProtocolVersion()}
	if telling, can := l.cx.(interface{ ServerAgent() string }); can {
		info.Agent = telling.ServerAgent()
	}
	return info, nil
}
