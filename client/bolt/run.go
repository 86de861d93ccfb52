package bolt

import (
	"cmp"
	"context"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
	"github.com/webbolt/webbolt/client/wire"
)

// runAnswer is a source in its role as answerer of RUN.
type runAnswer source

// RunProg runs one query in a transaction of its own. It waits until the server has accepted the query; RUN and the
// first PULL are sent together. An open result is buffered first.
func (c *Connection) RunProg(ctx context.Context, graphName, cypher string, parameters map[string]any, readonly bool,
	options ...client.TxOptions) (*client.Result, error) {
	settings, err := c.newSettings(graphName, readonly, options)
	if err != nil {
		return nil, err
	}
	if err := c.lock(ctx); err != nil {
		return nil, err
	}
	defer c.unlock()
	if c.tx != nil {
		return nil, errTransactionOpen
	}
	if err := c.settle(ctx); err != nil {
		return nil, err
	}
	s := &source{c: c, graph: graphName, query: cypher, qid: -1,
		fetch: newFetch(cmp.Or(settings.FetchSize, c.options.FetchSize))}
	return c.run(ctx, s, parameters, settings)
}

// RunQuery runs one query in tx. It waits until the server has accepted the query. Several results can be open in a
// transaction.
func (c *Connection) RunQuery(ctx context.Context, tx *client.TransactionRef, cypher string,
	parameters map[string]any) (*client.Result, error) {
	if err := c.lock(ctx); err != nil {
		return nil, err
	}
	defer c.unlock()
	if err := c.own(tx); err != nil {
		return nil, err
	}
	s := &source{c: c, graph: tx.GraphName(), query: cypher, explicit: true, qid: -1,
		fetch: newFetch(cmp.Or(client.FetchSizeOf(ctx), c.txFetch, c.options.FetchSize))}
	return c.run(ctx, s, parameters, nil)
}

// run sends RUN and PULL, after TELEMETRY if that is to be sent, and waits for RUN's answer.
func (c *Connection) run(ctx context.Context, s *source, parameters map[string]any, settings *settings) (*client.Result,
	error) {
	mark := c.out.mark()
	telling := settings != nil && c.appendTelemetry(telemetryAutoCommit, settings)
	b, err := c.appendRun(s, parameters, settings)
	if err != nil {
		c.out.truncate(mark)
		return nil, err
	}
	if telling {
		c.expectTelemetry(nil)
	}
	s.acceptBlocks(ctx)
	c.send(requestRun, b, (*runAnswer)(s))
	c.mu.Lock()
	c.open = append(c.open, s)
	c.latest = s
	c.appendPull(s, s.fetch.size)
	c.mu.Unlock()
	c.queries.Add(1)
	if err := c.converse(ctx, func() bool { return s.ran }); err != nil {
		return nil, err
	}
	if s.refused != nil {
		return nil, s.refused
	}
	return client.NewResult(s.graph, c.version, s), nil
}

func (c *Connection) appendRun(s *source, parameters map[string]any, settings *settings) ([]byte, error) {
	b := packstream.AppendString(c.out.begin(wire.MessageRun, 3), s.query)
	b, err := values.AppendMap(b, parameters, c.dialect)
	if err != nil {
		return nil, &client.ArgumentError{Argument: "parameters", Message: "they cannot be sent", Err: err}
	}
	return settings.append(b, c)
}

func (a *runAnswer) answered(c *Connection, metadata []byte, err error) error {
	s := (*source)(a)
	s.ran, s.refused = true, err
	if err != nil {
		s.end(c, err)
		return nil
	}
	c.in.held = true
	s.runMetadata = metadata
	r := packstream.NewReader(metadata)
	n, err := r.MapHeader()
	for ; err == nil && n > 0; n-- {
		var key []byte
		if key, err = r.StringBytes(); err != nil {
			break
		}
		switch string(key) {
		case "fields":
			s.keys, err = c.lastKeys.read(&r)
		case "qid":
			s.qid, err = r.Int()
		default:
			err = r.Skip()
		}
	}
	if err != nil {
		return malformed("SUCCESS", err)
	}
	return nil
}

// keysCache keeps the last field names: the same query often runs again.
type keysCache struct {
	raw  packstream.Raw
	keys []string
}

func (k *keysCache) read(r *packstream.Reader) ([]string, error) {
	raw, err := r.Raw()
	if err != nil || k.keys != nil && string(raw) == string(k.raw) {
		return k.keys, err
	}
	list := packstream.NewReader(raw)
	n, err := list.ListHeader()
	if err != nil {
		return nil, err
	}
	keys := make([]string, n)
	for i := range keys {
		if keys[i], err = list.String(); err != nil {
			return nil, err
		}
	}
	k.raw, k.keys = append(k.raw[:0], raw...), keys
	return keys, nil
}
