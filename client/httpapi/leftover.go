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
}

// clearingTime is how long clearing away in the background may take.
const clearingTime = 10 * time.Second

// leave notes a leftover and begins to clear it away; what is not done by then is done before the next use. The caller has the turn.
func (c *Connection) leave(l leftover) {
	c.mu.Lock()
	c.leftovers = append(c.leftovers, l)
	c.mu.Unlock()
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), clearingTime)
		defer cancel()
		if c.take(ctx) == nil {
			c.clear(ctx)
			c.give()
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

// running finds the transactions that run a query. A user sees but his own, unless he may see others.
const running = "SHOW TRANSACTIONS YIELD transactionId, currentQuery, parameters WHERE currentQuery = $query " +
	"RETURN transactionId, parameters = $parameters AS same"

// terminate ends a query that runs for nobody. Where several run that look like it, it cannot tell which, and ends none.
func (c *Connection) terminate(ctx context.Context, l leftover) {
	parameters := l.parameters
	if parameters == nil {
		parameters = map[string]any{}
	}
	r, err := c.form.run(systemDatabase, running, map[string]any{"query": l.query, "parameters": parameters}, runSettings{readonly: true})
	if err != nil {
		return
	}
	answer, err := c.exchange(ctx, c.form, r)
	if err != nil {
		return
	}
	var all, same []any
	for _, span := range answer.rows {
		reader := packstream.NewReader(answer.out[span.Start:span.End])
		row, err := reader.Any()
		if fields, ok := row.([]any); err == nil && ok && len(fields) == 2 {
			all = append(all, fields[0])
			if fields[1] == true {
				same = append(same, fields[0])
			}
		}
	}
	if len(all) > 1 {
		all = same
	}
	if len(all) != 1 {
		return
	}
	cypher := "TERMINATE TRANSACTIONS $ids"
	if major(c.version) < 5 {
		cypher = "CALL dbms.killTransactions($ids)"
	}
	if r, err = c.form.run(systemDatabase, cypher, map[string]any{"ids": all}, runSettings{}); err == nil {
		_, _ = c.exchange(ctx, c.form, r)
	}
}
