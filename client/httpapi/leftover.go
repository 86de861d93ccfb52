package httpapi

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client/packstream"
)

// leftover is work that the server may still do for an abandoned call. HTTP cannot interrupt it, so other requests end
// it.
type leftover struct {
	tx         *transaction   // to be rolled back, or nil
	query      string         // that runs, or ""
	parameters map[string]any // of it
	address    string         // under which the server lists it
	began      period         // in which its transaction began
}

// clearingTime is how long clearing away in the background may take.
const clearingTime = 10 * time.Second

// addLeftover notes a leftover and starts to clear it away in the background. Before its next use the connection clears
// what is left. The caller has the turn.
func (c *Connection) addLeftover(l leftover) {
	c.mu.Lock()
	c.leftovers = append(c.leftovers, l)
	c.mu.Unlock()
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), clearingTime)
		defer cancel()
		if c.lock(ctx) == nil {
			c.clear(ctx)
			c.unlock()
		}
	}()
}

// clear clears leftovers away. Where that fails, the server ends the transaction when it has been idle for long. The
// caller has the turn.
func (c *Connection) clear(ctx context.Context) {
	for len(c.leftovers) > 0 && ctx.Err() == nil && c.lostBy() == nil {
		l := c.leftovers[0]
		if l.query != "" {
			c.terminate(ctx, l)
		}
		if l.tx != nil {
			_, _ = c.exchange(ctx, l.tx.form, l.tx.form.rollback(l.tx))
		}
		if ctx.Err() == nil && c.lostBy() == nil {
			c.mu.Lock()
			c.leftovers = c.leftovers[1:]
			c.mu.Unlock()
		}
	}
}

// running finds transactions with this query, these parameters and this address: the server lists those of the Query
// API under local:, and those of the transaction API under the path of the request. Parameters are compared one by one,
// because in Cypher a map that holds null equals no other map.
const running = "SHOW TRANSACTIONS YIELD transactionId, currentQuery, parameters, requestUri, elapsedTime " +
	"WHERE currentQuery = $query AND (requestUri STARTS WITH $address OR requestUri ENDS WITH $address) " +
	"AND size(keys(parameters)) = size(keys($parameters)) AND all(k IN keys($parameters) WHERE k IN keys(parameters) " +
	"AND (parameters[k] = $parameters[k] OR parameters[k] IS NULL AND $parameters[k] IS NULL)) " +
	"RETURN transactionId, elapsedTime.milliseconds"

// period is the time in which something happened, by this machine's clock.
type period struct{ from, until time.Time }

// clockStep is larger than the steps of a browser's clock.
const clockStep = 20 * time.Millisecond

// holds reports whether something may have begun within the period, if the server gave its age at a moment between
// asked and told. It compares ages, since the clocks of client and server differ.
func (p period) holds(age time.Duration, asked, told time.Time) bool {
	return !told.Add(clockStep-age).Before(p.from) && !asked.Add(-clockStep-age).After(p.until)
}

// terminate ends an abandoned query. No message names it, so it is found by its text, parameters, address and the time
// when its transaction began. If several queries match, terminate ends none, since it could be another program's.
func (c *Connection) terminate(ctx context.Context, l leftover) {
	parameters := l.parameters
	if parameters == nil {
		parameters = map[string]any{}
	}
	r, err := c.form.run(systemDatabase, running, map[string]any{
		"query": l.query, "parameters": parameters, "address": l.address}, runSettings{readonly: true})
	if err != nil {
		return
	}
	asked := time.Now()
	answer, err := c.exchange(ctx, c.form, r)
	if err != nil {
		return
	}
	told := time.Now()
	var ids []any
	rows := answer.Drain()
	for _, span := range rows.Records {
		reader := packstream.NewReader(rows.Data[span.Start:span.End])
		row, _ := reader.Any()
		fields, _ := row.([]any)
		if len(fields) != 2 {
			return
		}
		age, known := fields[1].(int64)
		if known && l.began.holds(time.Duration(age)*time.Millisecond, asked, told) {
			ids = append(ids, fields[0])
		}
	}
	if len(ids) != 1 {
		return
	}
	cypher := "TERMINATE TRANSACTIONS $ids"
	if major(c.version) < 5 {
		cypher = "CALL dbms.killTransactions($ids)"
	}
	if r, err = c.form.run(systemDatabase, cypher, map[string]any{"ids": ids}, runSettings{}); err == nil {
		_, _ = c.exchange(ctx, c.form, r)
	}
}
