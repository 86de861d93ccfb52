package admin

import (
	"context"

	"github.com/webbolt/webbolt/client"
)

// The server has SHOW TRANSACTIONS from 4.4 on, but it contains the start of a query only from 5 on.
const showTransactions = "SHOW TRANSACTIONS YIELD *"

// Transactions lists the transactions that are open now.
func (c Calls) Transactions(ctx context.Context, tx *client.TransactionRef) ([]client.TransactionRecord, error) {
	cypher, err := c.fromVersion5(ctx, showTransactions, "CALL dbms.listTransactions()")
	if err != nil {
		return nil, err
	}
	rows, err := c.query(ctx, tx, home, cypher, nil)
	if err != nil {
		return nil, err
	}
	records := make([]client.TransactionRecord, len(rows))
	for i, r := range rows {
		records[i] = client.TransactionRecord{
			TxID:          r.text("transactionId"),
			Since:         r.since("startTime"),
			CxID:          r.text("connectionId"),
			ClientAddress: r.text("clientAddress"),
			ServerProfile: serverProfile(r.text("protocol"), r.text("requestUri"), r.text("username")),
			Metadata:      r.dictionary("metaData"),
			Database:      r.text("database"),
			CurrentQID:    r.text("currentQueryId"),
			CurrentQuery:  r.text("currentQuery"),
			Status:        r.text("status"),
			Stats:         r.transactionStats(),
		}
	}
	return records, nil
}

// Queries lists the queries that run now.
func (c Calls) Queries(ctx context.Context, tx *client.TransactionRef) ([]client.QueryRecord, error) {
	cypher, err := c.fromVersion5(ctx, showTransactions, "CALL dbms.listQueries()")
	if err != nil {
		return nil, err
	}
	rows, err := c.query(ctx, tx, home, cypher, nil)
	if err != nil {
		return nil, err
	}
	var records []client.QueryRecord
	for _, r := range rows {
		qid := r.text("queryId", "currentQueryId")
		if qid == "" {
			continue // a transaction between two queries
		}
		records = append(records, client.QueryRecord{
			QID:           qid,
			Since:         r.since("currentQueryStartTime", "startTime"),
			CxID:          r.text("connectionId"),
			ClientAddress: r.text("clientAddress"),
			ServerProfile: serverProfile(r.text("protocol"), r.text("requestUri"), r.text("username")),
			Metadata:      r.dictionary("metaData"),
			Database:      r.text("database"),
			Query:         r.text("query", "currentQuery"),
			Parameters:    r.dictionary("parameters"),
			Planner:       r.text("planner"),
			Runtime:       r.text("runtime"),
			Indexes:       r.list("indexes"),
			Status:        r.text("currentQueryStatus", "status"),
			Stats:         r.queryStats(),
		})
	}
	return records, nil
}

func (c Calls) fromVersion5(ctx context.Context, cypher, older string) (string, error) {
	is4, err := c.before(ctx, 5, 0)
	if err != nil {
		return "", err
	}
	if is4 {
		return older, nil
	}
	return cypher, nil
}

// transactionStats must come after all other look-ups, because others returns the columns that are left.
func (r row) transactionStats() client.Stats {
	stats := client.Stats{
		ActiveLockCount: r.integer("activeLockCount"),
		ElapsedTime:     r.duration("elapsedTime"),
		CPUTime:         r.duration("cpuTime"),
		WaitTime:        r.duration("waitTime"),
		IdleTime:        r.duration("idleTime"),
		PageHits:        r.integer("pageHits"),
		PageFaults:      r.integer("pageFaults"),
		AllocatedBytes:  r.integer("allocatedBytes"),
	}
	stats.Other = r.others()
	return stats
}

// queryStats prefers the columns about the query to those about its transaction: from 5 on, one row has both.
func (r row) queryStats() client.Stats {
	if !r.has("currentQueryId") {
		return r.transactionStats()
	}
	stats := client.Stats{
		ActiveLockCount: r.integer("currentQueryActiveLockCount"),
		ElapsedTime:     r.duration("currentQueryElapsedTime"),
		CPUTime:         r.duration("currentQueryCpuTime"),
		WaitTime:        r.duration("currentQueryWaitTime"),
		IdleTime:        r.duration("currentQueryIdleTime"),
		PageHits:        r.integer("currentQueryPageHits"),
		PageFaults:      r.integer("currentQueryPageFaults"),
		AllocatedBytes:  r.integer("currentQueryAllocatedBytes"),
	}
	stats.Other = r.others()
	return stats
}

// TerminateTransactions asks the server to end transactions by their ids, as Transactions lists them. The messages of
// the result say what happened to each.
func (c Calls) TerminateTransactions(ctx context.Context, ids ...string) ([]client.TerminatedTransaction, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	old, err := c.before(ctx, 4, 4)
	if err != nil {
		return nil, err
	}
	cypher := "TERMINATE TRANSACTIONS $ids"
	if old {
		cypher = "CALL dbms.killTransactions($ids)"
	}
	rows, err := c.query(ctx, nil, home, cypher, map[string]any{"ids": ids})
	if err != nil {
		return nil, err
	}
	records := make([]client.TerminatedTransaction, len(rows))
	for i, r := range rows {
		records[i] = client.TerminatedTransaction{TxID: r.text("transactionId"), Username: r.text("username"),
			Message: r.text("message")}
	}
	return records, nil
}
