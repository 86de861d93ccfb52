package httpapi

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
)

// RunProg runs one query in a transaction of its own, and waits until the server has begun to answer it.
func (c *Connection) RunProg(ctx context.Context, graphName, cypher string, parameters map[string]any, readonly bool,
	options ...client.TxOptions) (*client.Result, error) {
	s, filter, err := settingsOf(readonly, options)
	if err != nil {
		return nil, err
	}
	if err := c.lock(ctx); err != nil {
		return nil, err
	}
	defer c.unlock()
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	database, err := c.database(ctx, graphName, s.impersonated)
	if err != nil {
		return nil, err
	}
	result := &source{form: c.form, readonly: readonly, query: cypher, parameters: maps.Clone(parameters),
		graphName: graphName, database: database, filter: filter}
	if s.timeout > 0 {
		result.form = c.timed
		s.byCategory = s.byCategory || len(c.options.Notifications.DisabledCategories) > 0
	}
	r, err := result.form.run(database, cypher, parameters, s)
	// The Query API carries what the transaction API cannot, and limits the time in an explicit transaction.
	if _, unable := errors.AsType[*client.UnsupportedError](err); unable && c.timed != c.form && s.timeout > 0 &&
		len(s.metadata) == 0 {
		result.form = c.form
		if result.tx, err = c.begin(ctx, database, s); err != nil {
			return nil, err
		}
		result.alone = true
		if r, err = c.form.runIn(result.tx, cypher, parameters); err != nil {
			c.addLeftover(leftover{tx: result.tx})
		}
	}
	if err != nil {
		return nil, err
	}
	return c.run(ctx, r, result)
}

// RunQuery runs one query in tx, and waits until the server has begun to answer it.
func (c *Connection) RunQuery(ctx context.Context, ref *client.TransactionRef, cypher string,
	parameters map[string]any) (*client.Result, error) {
	if err := c.lock(ctx); err != nil {
		return nil, err
	}
	defer c.unlock()
	if _, err := c.transaction(ref); err != nil {
		return nil, err
	}
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	tx, err := c.transaction(ref)
	if err != nil {
		return nil, err // one of its results was open, and has failed
	}
	r, err := tx.form.runIn(tx, cypher, parameters)
	if err != nil {
		return nil, err
	}
	return c.run(ctx, r, &source{form: tx.form, tx: tx, query: cypher, parameters: maps.Clone(parameters),
		graphName: ref.GraphName(), database: tx.database, filter: tx.filter})
}

// run sends a query's request and makes s its result. The caller has the turn.
func (c *Connection) run(ctx context.Context, r *request, s *source) (*client.Result, error) {
	c.queries.Add(1)
	s.c, s.began.from = c, time.Now()
	if s.tx != nil {
		s.began = s.tx.began
	}
	l, err := c.send(ctx, r)
	if err != nil {
		return nil, s.failed(err)
	}
	if s.began.until.IsZero() {
		s.began.until = time.Now()
	}
	if s.tx != nil {
		s.tx.began = s.began
	}
	s.form.heard(l.response)
	s.call, s.answer = l, newAnswer(s.form)
	c.mu.Lock()
	c.open = s
	c.mu.Unlock()
	if err := s.awaitFields(ctx); err != nil {
		return nil, err
	}
	return client.NewResult(s.graphName, client.Version{}, s), nil
}

// Sync returns the failure of a result that has failed. It need not wait for the server's answer: RunProg and RunQuery
// have.
func (c *Connection) Sync(ctx context.Context, result *client.Result) error {
	var s *source
	if result != nil {
		s, _ = result.Source().(*source)
	}
	if s == nil || s.c != c {
		return &client.ArgumentError{Argument: "result", Message: "it is not a result of this connection"}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return s.failure()
}

const routingQuery = "CALL dbms.routing.getRoutingTable($context, $database)"

// Route asks by a procedure, since HTTP has no message for it. The addresses are those of Bolt.
func (c *Connection) Route(ctx context.Context, graphName string, routingContext map[string]string) (*client.Route,
	error) {
	database, err := c.graph(ctx, graphName)
	if err != nil {
		return nil, err
	}
	entries := make(map[string]any, len(routingContext))
	for key, value := range routingContext {
		entries[key] = value
	}
	result, err := c.RunProg(ctx, database, routingQuery, map[string]any{"context": entries, "database": database},
		true)
	if err != nil {
		return nil, noRouting(err)
	}
	record, err := result.Fetch(ctx)
	if err != nil {
		return nil, noRouting(err)
	}
	if record == nil {
		return nil, &client.UnsupportedError{Message: "the server gives no routing table over HTTP"}
	}
	table, err := facts.Fields(record)
	if err != nil {
		return nil, err
	}
	route, err := facts.Route(table, database)
	if err != nil {
		return nil, err
	}
	return route, result.Discard(ctx)
}

func noRouting(err error) error {
	failure, ok := errors.AsType[*client.Failure](err)
	if ok && failure.Code == "Neo.ClientError.Procedure.ProcedureNotFound" {
		return &client.UnsupportedError{Message: "the server gives no routing table over HTTP", Err: failure}
	}
	return err
}

// graph is the database that a graph name means.
func (c *Connection) graph(ctx context.Context, graphName string) (string, error) {
	if err := c.lock(ctx); err != nil {
		return "", err
	}
	defer c.unlock()
	if err := c.ready(ctx); err != nil {
		return "", err
	}
	return c.database(ctx, graphName, "")
}
