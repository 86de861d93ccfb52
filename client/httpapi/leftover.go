package httpapi

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client/packstream"
)

// leftover is what the server may still do for a call that was given up: HTTP has no way to interrupt it, so other requests do.
type leftover struct {
	tx         *transaction   // to be rolled back, or nil
	query      string         // that runs, or ""
	parameters map[string]any // of it
	address    string         // under which the server lists it
	began      period         // in which its transaction began
}

// clearingTime is how long clearing away in the background may take.
const clearingTime = 10 * time.Second

// addLeftover notes a leftover and begins to clear it away; what is not done by then is done before the next use. The caller has the turn.
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

// clear clears leftovers away. What fails is left to the server, which ends idle transactions. The caller has the turn.
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

// running finds the transactions that run a query with those parameters and came the same way: the server lists those of the Query API under
// an address of its own, those of the transaction API under the request's path. Nulls are looked at one by one, as a map that holds one equals none.
const running = "SHOW TRANSACTIONS YIELD transactionId, currentQuery, parameters, requestUri, elapsedTime " +
	"WHERE currentQuery = $query AND (requestUri STARTS WITH $address OR requestUri ENDS WITH $address) " +
	"AND size(keys(parameters)) = size(keys($parameters)) AND all(k IN keys($parameters) WHERE k IN keys(parameters) " +
	"AND (parameters[k] = $parameters[k] OR parameters[k] IS NULL AND $parameters[k] IS NULL)) " +
	"RETURN transactionId, elapsedTime.milliseconds"

// period is the time within which something happened, by the clock here.
type period struct{ from, until time.Time }

// clockStep is more than what a browser's clock moves at once.
const clockStep = 20 * time.Millisecond

// holds reports whether what the server said to be that old, between asked and told, may have begun within the period. Ages are
// compared, since clocks differ.
func (p period) holds(age time.Duration, asked, told time.Time) bool {
	return !told.Add(clockStep-age).Before(p.from) && !asked.Add(-clockStep-age).After(p.until)
}

// terminate ends a query that runs for nobody. Nothing on the wire names it, so it goes by what the query is, which way it came and when its
// transaction began. Where that fits several it ends none: it must not end somebody else's.
func (c *Connection) terminate(ctx context.Context, l leftover) {
	parameters := l.parameters
	if parameters == nil {
		parameters = map[string]any{}
	}
	r, err := c.form.run(systemDatabase, running, map[string]any{"query": l.query, "parameters": parameters, "address": l.address}, runSettings{readonly: true})
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
	rows := answer.Take()
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
