package bolt

import (
	"context"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// Route asks for the servers of a cluster that can serve the graph: by ROUTE from Bolt 4.3 on, else by a procedure. No
// transaction may be open; an open result is buffered first.
func (c *Connection) Route(ctx context.Context, graphName string, routingContext map[string]string) (*client.Route,
	error) {
	return c.RouteWith(ctx, graphName, routingContext, client.RouteOptions{})
}

// RouteWith is Route with options.
func (c *Connection) RouteWith(ctx context.Context, graphName string, routingContext map[string]string,
	o client.RouteOptions) (*client.Route, error) {
	if o.ImpersonatedUser != "" && !wire.FeatureImpersonation.In(c.version) {
		return nil, c.unsupported("acting as another user (impersonation)", wire.FeatureImpersonation)
	}
	if graphName != "" && !wire.FeatureDatabases.In(c.version) {
		return nil, c.unsupported("naming a graph", wire.FeatureDatabases)
	}
	if !wire.FeatureRoute.In(c.version) {
		return c.routeByProcedure(ctx, graphName, routingContext, o.Bookmarks)
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
	var r reply
	c.send(requestRoute, c.appendRoute(graphName, routingContext, o), &r)
	if err := c.converse(ctx, func() bool { return r.done }); err != nil {
		return nil, err
	}
	if r.err != nil {
		return nil, r.err
	}
	table, _ := facts.Decode(r.metadata)["rt"].(map[string]any)
	route, err := facts.Route(table, graphName)
	if err != nil {
		return nil, c.lose(err)
	}
	return route, nil
}

// appendRoute appends ROUTE: the routing context, bookmarks, and the database; in Bolt 4.3 by its name, later in a map,
// with the user to act as.
func (c *Connection) appendRoute(graphName string, routingContext map[string]string, o client.RouteOptions) []byte {
	b := appendRouting(c.out.begin(wire.MessageRoute, 3), routingContext, c.routingAddress())
	b = appendTexts(b, o.Bookmarks)
	switch {
	case !wire.FeatureRouteExtra.In(c.version) && graphName == "":
		return packstream.AppendNull(b)
	case !wire.FeatureRouteExtra.In(c.version):
		return packstream.AppendString(b, graphName)
	}
	header, n := len(b), 0
	b = packstream.AppendMapHeader(b, 0) // with at most 15 entries, as here, it is one byte that n is added to
	if graphName != "" {
		b, n = appendText(b, "db", graphName), n+1
	}
	if o.ImpersonatedUser != "" {
		b, n = appendText(b, "imp_user", o.ImpersonatedUser), n+1
	}
	b[header] += byte(n)
	return b
}

func (c *Connection) routeByProcedure(ctx context.Context, graphName string, routingContext map[string]string,
	bookmarks []string) (*client.Route, error) {
	parameters := map[string]any{}
	routing := map[string]any{"address": c.routingAddress()}
	for key, value := range routingContext {
		routing[key] = value
	}
	parameters["context"] = routing
	database, query := "", "CALL dbms.cluster.routing.getRoutingTable($context)"
	if wire.FeatureDatabases.In(c.version) {
		database, query = "system", "CALL dbms.routing.getRoutingTable($context, $database)"
		parameters["database"] = nil
		if graphName != "" {
			parameters["database"] = graphName
		}
	} else {
		bookmarks = nil // bookmarks of the graph would only make the system database wait
	}
	result, err := c.RunProg(ctx, database, query, parameters, true,
		client.TxOptions{Bookmarks: bookmarks, FetchSize: allRecords})
	if err != nil {
		return nil, err
	}
	record, err := result.Fetch(ctx)
	if err != nil {
		return nil, err
	}
	if record == nil {
		return nil, &client.ProtocolError{Message: "the server sent an empty routing table"}
	}
	table, err := facts.Fields(record)
	if err != nil {
		return nil, err
	}
	if err := result.Discard(ctx); err != nil {
		return nil, err
	}
	return facts.Route(table, graphName)
}
