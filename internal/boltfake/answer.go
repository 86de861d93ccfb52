package boltfake

import (
	"maps"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

func (v *conversation) fail(failure *client.Failure) {
	v.failed, v.tx = true, nil
	clear(v.open)
	v.Conn.Failure(failure.Code, failure.Message)
}

func (v *conversation) hello(extra map[string]any) {
	agent := v.server.Agent
	if agent == "" {
		agent = "Neo4j/5.26.30"
	}
	greeting := map[string]any{"server": agent, "connection_id": "bolt-1"}
	if v.server.Hints != nil {
		greeting["hints"] = v.server.Hints
	}
	if wire.FeatureLogon.In(v.Version) {
		v.Success(greeting)
		return
	}
	v.login(extra, greeting)
}

// login accepts a token, or refuses it and cuts the connection, as servers do.
func (v *conversation) login(token, metadata map[string]any) {
	if v.server.Login != nil {
		if failure := v.server.Login(token); failure != nil {
			v.fail(failure)
			v.end()
		}
	}
	v.server.mu.Lock()
	v.server.opened++
	v.server.mu.Unlock()
	v.Success(metadata)
}

func (v *conversation) begin(m Message) {
	v.mu.Lock()
	q := Query{Extra: m.Map(0), InTransaction: true, Interrupted: v.interrupt}
	v.mu.Unlock()
	if v.server.Begin != nil {
		if failure := v.server.Begin(q); failure != nil {
			v.fail(failure)
			return
		}
	}
	v.tx = &q
	v.Success(nil)
}

func (v *conversation) endTransaction(bookmark string, failure *client.Failure) {
	if failure != nil {
		v.fail(failure)
		return
	}
	v.tx = nil
	clear(v.open)
	metadata := map[string]any{}
	if bookmark != "" {
		metadata["bookmark"] = bookmark
	}
	v.Success(metadata)
}

func (v *conversation) run(m Message) {
	v.mu.Lock()
	q := Query{Text: m.Text(0), Parameters: m.Map(1), Extra: m.Map(2), Interrupted: v.interrupt}
	v.mu.Unlock()
	if v.tx != nil {
		q.Extra, q.InTransaction = v.tx.Extra, true
	}
	var answer Answer
	if v.server.Run != nil {
		answer = v.server.Run(q)
	}
	if answer.Failure != nil {
		v.fail(answer.Failure)
		return
	}
	v.last++
	v.open[v.last] = &cursor{answer: answer}
	fields := []any{}
	for _, field := range answer.Fields {
		fields = append(fields, field)
	}
	metadata := map[string]any{"fields": fields, "t_first": 0}
	if q.InTransaction {
		metadata["qid"] = v.last
	}
	v.Success(metadata)
}

// transfer answers PULL and DISCARD.
func (v *conversation) transfer(m Message) {
	qid, n := v.last, -1
	if extra := m.Map(0); extra != nil {
		if asked, ok := extra["qid"].(int64); ok && asked >= 0 {
			qid = int(asked)
		}
		if asked, ok := extra["n"].(int64); ok {
			n = int(asked)
		}
	}
	c := v.open[qid]
	if c == nil {
		v.fail(&client.Failure{Code: "Neo.ClientError.Request.Invalid", Message: "no such result is open"})
		return
	}
	for left := n; c.next < len(c.answer.Records) && left != 0; left-- {
		if c.answer.Wait != nil && c.next == len(c.answer.Records)-1 {
			<-c.answer.Wait
		}
		if m.Name == "PULL" {
			v.Record(c.answer.Records[c.next]...)
		}
		c.next++
	}
	if c.next < len(c.answer.Records) {
		v.Success(map[string]any{"has_more": true})
		return
	}
	v.finish(qid, c.answer)
}

func (v *conversation) finish(qid int, answer Answer) {
	delete(v.open, qid)
	switch {
	case answer.Cut:
		v.Conn.end()
	case answer.After != nil:
		v.fail(answer.After)
		return
	}
	summary := map[string]any{"type": "r", "t_last": 0}
	if v.tx == nil {
		summary["bookmark"] = "bookmark:auto"
	}
	maps.Copy(summary, answer.Summary)
	v.Success(summary)
}

func (v *conversation) route(m Message) {
	r := RouteRequest{Context: m.Map(0), Database: m.Text(2)}
	if extra := m.Map(2); extra != nil {
		r.Database, _ = extra["db"].(string)
		r.User, _ = extra["imp_user"].(string)
	}
	var here []string
	if v.server.Listener != nil {
		here = []string{v.server.Address}
	}
	table := RoutingTable{Database: r.Database, TTL: 300, Routers: here, Readers: here, Writers: here}
	if v.server.Route != nil {
		var failure *client.Failure
		if table, failure = v.server.Route(r); failure != nil {
			v.fail(failure)
			return
		}
	}
	servers := []any{}
	for _, role := range []struct {
		name      string
		addresses []string
	}{{"ROUTE", table.Routers}, {"READ", table.Readers}, {"WRITE", table.Writers}} {
		addresses := []any{}
		for _, address := range role.addresses {
			addresses = append(addresses, address)
		}
		servers = append(servers, map[string]any{"role": role.name, "addresses": addresses})
	}
	v.Success(map[string]any{"rt": map[string]any{"ttl": table.TTL, "db": table.Database, "servers": servers}})
}
