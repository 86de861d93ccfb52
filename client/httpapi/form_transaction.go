package httpapi

import (
	"strings"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
	"github.com/webbolt/webbolt/client/jsonvalues"
)

// Media types of Jolt: the second has element ids instead of numbers.
const (
	joltMedia   = "application/vnd.neo4j.jolt"
	joltMediaV2 = "application/vnd.neo4j.jolt-v2"
)

// transactionAPI is the transaction API of Neo4j 4.0 and later ("HTTP API").
type transactionAPI struct {
	base      string
	media     string
	bookmarks bool // the server accepts and returns them
}

func (t *transactionAPI) request(method, path string, body []byte, s runSettings) *request {
	r := &request{method: method, url: t.base + path, body: body}
	r.set("Accept", t.media)
	if body != nil {
		r.set("Content-Type", "application/json")
	}
	if s.readonly {
		r.set("access-mode", "READ")
	}
	if s.timeout > 0 {
		r.set("max-execution-time", atLeast(s.timeout, time.Millisecond))
	}
	if len(s.bookmarks) > 0 {
		r.set("bookmarks", string(appendTexts(nil, s.bookmarks)))
	}
	return r
}

func transactionPath(database string) string { return "/db/" + client.PercentEncode(database) + "/tx" }

// check refuses what the transaction API cannot do.
func (t *transactionAPI) check(s runSettings) error {
	switch {
	case s.impersonated != "":
		return &client.UnsupportedError{
			Message: "Neo4j's transaction API over HTTP cannot act for another user: use Bolt, or Neo4j 5.26 or later"}
	case len(s.bookmarks) > 0 && !t.bookmarks:
		return &client.UnsupportedError{
			Message: "this server does not heed bookmarks over HTTP: use Bolt, or Neo4j 5.26 or later"}
	case s.byCategory:
		return &client.UnsupportedError{
			Message: "this server does not tell the categories of notifications over HTTP: use Neo4j 5.26 or later, " +
				"or MinimumSeverity"}
	}
	return nil
}

func (t *transactionAPI) run(database, cypher string, parameters map[string]any, s runSettings) (*request, error) {
	if len(s.metadata) > 0 {
		return nil, &client.UnsupportedError{
			Message: "over HTTP this server takes metadata only in explicit transactions: use Begin"}
	}
	if err := t.check(s); err != nil {
		return nil, err
	}
	body, err := t.statement(cypher, parameters)
	if err != nil {
		return nil, err
	}
	return t.request("POST", transactionPath(database)+"/commit", body, s), nil
}

func (t *transactionAPI) runIn(tx *transaction, cypher string, parameters map[string]any) (*request, error) {
	body, err := t.statement(cypher, parameters)
	if err != nil {
		return nil, err
	}
	return t.request("POST", tx.path, body, runSettings{}), nil
}

func (t *transactionAPI) statement(cypher string, parameters map[string]any) ([]byte, error) {
	body := append([]byte(nil), `{"statements":[{"statement":`...)
	body = jsonvalues.AppendString(body, []byte(cypher))
	body = append(body, `,"includeStats":true`...)
	if len(parameters) > 0 {
		var err error
		if body, err = appendParameters(append(body, `,"parameters":`...), parameters,
			jsonvalues.AppendPlain); err != nil {
			return nil, err
		}
	}
	return append(body, "}]}"...), nil
}

var noStatements = []byte(`{"statements":[]}`)

func (t *transactionAPI) begin(database string, s runSettings) (*request, error) {
	if err := t.check(s); err != nil {
		return nil, err
	}
	return t.request("POST", transactionPath(database), noStatements, s), nil
}

// began reads the address from the body, because pages do not see the Location header. Its host is how the server sees
// itself, so only the last part is used.
func (t *transactionAPI) began(database string, answer *jsonvalues.Answer) (id, path string) {
	info, _ := answer.Meta["info"].(map[string]any)
	commit := strings.TrimSuffix(facts.Text(info, "commit"), "/commit")
	id = commit[strings.LastIndexByte(commit, '/')+1:]
	return id, transactionPath(database) + "/" + client.PercentEncode(id)
}

func (t *transactionAPI) commit(tx *transaction) *request {
	return t.request("POST", tx.path+"/commit", noStatements, runSettings{})
}

func (t *transactionAPI) rollback(tx *transaction) *request {
	return t.request("DELETE", tx.path, nil, runSettings{})
}

// address is that of the request that began the transaction.
func (t *transactionAPI) address(database string, explicit bool) string {
	if explicit {
		return transactionPath(database)
	}
	return transactionPath(database) + "/commit"
}

func (t *transactionAPI) answer() *jsonvalues.Answer { return jsonvalues.NewJoltAnswer() }

func (t *transactionAPI) heard(*response) {}

func (t *transactionAPI) failure(meta map[string]any) *client.Failure {
	inner, _ := meta["error"].(map[string]any)
	failure := firstFailure(inner)
	if failure != nil && failure.Code == codeRequestInvalid && strings.HasPrefix(failure.Message, routingWrite) {
		failure.Code = "Neo.ClientError.Statement.AccessMode"
		failure.Message = "Writing in read access mode not allowed. (" + failure.Message + ")"
	}
	return failure
}

// routingWrite begins the message of Neo4j 4.4 for a write in read mode.
const routingWrite = "Routing WRITE queries is not supported"

func (t *transactionAPI) bookmark(meta map[string]any) string {
	info, _ := meta["info"].(map[string]any)
	return lastText(info["lastBookmarks"])
}

func (t *transactionAPI) summarize(meta map[string]any, s *client.Summary) {
	summary, _ := meta["summary"].(map[string]any)
	info, _ := meta["info"].(map[string]any)
	stats, _ := summary["stats"].(map[string]any)
	s.Counters = facts.Counters(stats, facts.JoltCounters)
	plan, _ := summary["plan"].(map[string]any)
	if root, ok := plan["root"].(map[string]any); ok {
		if _, profiled := root["DbHits"]; profiled {
			s.Profile = facts.Plan(root, facts.JoltPlan)
		} else {
			s.Plan = facts.Plan(root, facts.JoltPlan)
		}
	}
	s.Notifications = notificationsOf(facts.List(info, "notifications"))
	s.AvailableAfter, s.ConsumedAfter = -1, -1
}
