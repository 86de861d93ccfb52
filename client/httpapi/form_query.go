package httpapi

import (
	"strings"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
	"github.com/webbolt/webbolt/client/jsonvalues"
)

// Media types of typed JSON. A server answers in the newest accepted type that it knows; later requests use that type.
const (
	queryMedia   = "application/vnd.neo4j.query"
	queryMediaV2 = "application/vnd.neo4j.query.v1.2" // UUID, and metadata of auto-commit queries
	queryAccept  = queryMediaV2 + ", application/vnd.neo4j.query.v1.1;q=0.9, " + queryMedia + ";q=0.8"
)

// queryAPI is the Query API, version 2.
type queryAPI struct {
	base  string
	media string // that the server is known to accept
}

func (q *queryAPI) request(method, path string, body []byte) *request {
	r := &request{method: method, url: q.base + path, body: body}
	r.set("Accept", queryAccept)
	r.set("Content-Type", q.media)
	return r
}

func queryPath(database string) string { return "/db/" + client.PercentEncode(database) + "/query/v2" }

func (q *queryAPI) run(database, cypher string, parameters map[string]any, s runSettings) (*request, error) {
	body, err := q.statement(cypher, parameters)
	if err == nil {
		body, err = q.settings(append(body, ','), s)
	}
	if err != nil {
		return nil, err
	}
	return q.request("POST", queryPath(database), append(body, '}')), nil
}

func (q *queryAPI) runIn(tx *transaction, cypher string, parameters map[string]any) (*request, error) {
	body, err := q.statement(cypher, parameters)
	if err != nil {
		return nil, err
	}
	r := q.request("POST", tx.path, append(body, '}'))
	r.set(affinityHeader, tx.affinity)
	return r, nil
}

// statement appends the first part of a query's body.
func (q *queryAPI) statement(cypher string, parameters map[string]any) ([]byte, error) {
	body := append([]byte(nil), `{"statement":`...)
	body = jsonvalues.AppendString(body, []byte(cypher))
	body = append(body, `,"includeCounters":true`...)
	if len(parameters) == 0 {
		return body, nil
	}
	return appendParameters(append(body, `,"parameters":`...), parameters, jsonvalues.AppendTyped)
}

// settings appends the members with a transaction's settings, without braces.
func (q *queryAPI) settings(body []byte, s runSettings) ([]byte, error) {
	mode := "WRITE"
	if s.readonly {
		mode = "READ"
	}
	body = append(body, `"accessMode":"`+mode+`"`...)
	if s.timeout > 0 {
		body = append(body, `,"maxExecutionTime":`+atLeast(s.timeout, time.Second)...)
	}
	if len(s.bookmarks) > 0 {
		body = appendTexts(append(body, `,"bookmarks":`...), s.bookmarks)
	}
	if s.impersonated != "" {
		body = jsonvalues.AppendString(append(body, `,"impersonatedUser":`...), []byte(s.impersonated))
	}
	if len(s.metadata) == 0 {
		return body, nil
	}
	if q.media < queryMediaV2 {
		return nil, &client.UnsupportedError{
			Message: "over HTTP this server takes metadata only in explicit transactions: use Begin"}
	}
	return appendParameters(append(body, `,"txMetadata":`...), s.metadata, jsonvalues.AppendTyped)
}

func (q *queryAPI) begin(database string, s runSettings) (*request, error) {
	s.metadata = nil // Begin sets it in the transaction
	body, err := q.settings([]byte{'{'}, s)
	if err != nil {
		return nil, err
	}
	return q.request("POST", queryPath(database)+"/tx", append(body, '}')), nil
}

func (q *queryAPI) began(database string, answer *jsonvalues.Answer) (id, path string) {
	tx, _ := answer.Meta["transaction"].(map[string]any)
	id = facts.Text(tx, "id")
	return id, queryPath(database) + "/tx/" + client.PercentEncode(id)
}

func (q *queryAPI) commit(tx *transaction) *request {
	r := q.request("POST", tx.path+"/commit", []byte("{}"))
	r.set(affinityHeader, tx.affinity)
	return r
}

func (q *queryAPI) rollback(tx *transaction) *request {
	r := q.request("DELETE", tx.path, nil)
	r.set(affinityHeader, tx.affinity)
	return r
}

func (q *queryAPI) address(string, bool) string { return "local:" }

func (q *queryAPI) answer() *jsonvalues.Answer { return jsonvalues.NewQueryAnswer() }

func (q *queryAPI) heard(r *response) {
	if media := r.header("Content-Type"); strings.HasPrefix(media, queryMedia) {
		q.media = media
	}
}

func (q *queryAPI) failure(meta map[string]any) *client.Failure { return firstFailure(meta) }

func (q *queryAPI) bookmark(meta map[string]any) string { return lastText(meta["bookmarks"]) }

// lastText is the last of a list of texts, or "".
func lastText(v any) string {
	list, _ := v.([]any)
	if len(list) == 0 {
		return ""
	}
	last, _ := list[len(list)-1].(string)
	return last
}

func (q *queryAPI) summarize(meta map[string]any, s *client.Summary) {
	counters, _ := meta["counters"].(map[string]any)
	s.Counters = facts.Counters(counters, facts.QueryCounters)
	s.Plan = facts.Plan(facts.Map(meta, "queryPlan"), facts.QueryPlan)
	s.Profile = facts.Plan(facts.Map(meta, "profiledQueryPlan"), facts.QueryPlan)
	s.Notifications = notificationsOf(facts.List(meta, "notifications"))
	s.QueryType = facts.Text(meta, "queryType")
	s.AvailableAfter = milliseconds(meta, "resultAvailableAfter")
	s.ConsumedAfter = milliseconds(meta, "resultConsumedAfter")
}

// milliseconds is -1 if the server does not send the value.
func milliseconds(meta map[string]any, key string) time.Duration {
	n, ok := meta[key].(int64)
	if !ok {
		return -1
	}
	return time.Duration(n) * time.Millisecond
}
