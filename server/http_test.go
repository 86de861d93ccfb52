package server

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/internal/neo4jtest"
	"github.com/webbolt/webbolt/server/identity"
	"github.com/webbolt/webbolt/server/session"
)

// api asks the HTTP API of a relay.
func (r *relay) api(t *testing.T, method, path, body string, header ...string) (int, string, http.Header) {
	t.Helper()
	request, err := http.NewRequest(method, "http://"+r.address+path, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text), response.Header
}

func httpRelay(t *testing.T, version neo4jtest.Version, rules session.Rules) *relay {
	t.Helper()
	neo4j := neo4jtest.Need(t, version)
	tokens, err := identity.NewTokens(map[string]string{"alice": pass})
	require.NoError(t, err)
	return newRelay(t, Config{
		Upstreams: []string{neo4j.BoltURI()}, HTTP: neo4j.HTTPURI(),
		Policy: &identity.Accounts{Recogniser: tokens, Users: map[string]identity.Account{
			"alice": {Credentials: session.Credentials{Principal: neo4j.User, Secret: neo4j.Password}, Rules: rules},
		}},
	})
}

const bearerPass = "Bearer " + pass

func TestHTTPPassesOn(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	r := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()}, HTTP: neo4j.HTTPURI()})
	status, text, _ := r.api(t, "GET", "/http/", "", "Accept", "application/json")
	require.Equal(t, 200, status)
	require.Contains(t, text, "neo4j_version")
	request, err := http.NewRequest("POST", "/", nil)
	require.NoError(t, err)
	request.SetBasicAuth(neo4j.User, neo4j.Password)
	login := request.Header.Get("Authorization")
	status, text, _ = r.api(t, "POST", "/http/db/neo4j/query/v2", `{"statement":"RETURN 7"}`, "Authorization", login)
	require.Equal(t, 202, status, text)
	require.Contains(t, text, "7")
	status, text, _ = r.api(t, "POST", "/http/db/neo4j/tx", `{"statements":[{"statement":"RETURN 8"}]}`,
		"Authorization", login)
	require.Equal(t, 201, status, text)
	var opened struct{ Commit string }
	require.NoError(t, json.Unmarshal([]byte(text), &opened))
	id := strings.Split(opened.Commit, "/tx/")[1]
	status, text, _ = r.api(t, "DELETE", "/http/db/neo4j/tx/"+strings.TrimSuffix(id, "/commit"), "", "Authorization",
		login)
	require.Equal(t, 200, status, text)
	status, _, _ = r.api(t, "POST", "/http/db/neo4j/query/v2", `{"statement":"RETURN 7"}`)
	require.Equal(t, 401, status)
	for _, path := range []string{"/http/db/neo4j/cluster", "/http/db/../browser/", "/http/browser/",
		"/http/db/neo4j/tx/a/b/c", "/http/db/neo4j%2f..%2fx/tx/commit", "/http/dbms/"} {
		status, _, _ := r.api(t, "POST", path, "", "Authorization", login)
		require.Contains(t, []int{404, 307, 301}, status, path)
	}
}

func TestHTTPHoldsTheRules(t *testing.T) {
	for _, version := range []neo4jtest.Version{neo4jtest.V5, neo4jtest.V4_4, neo4jtest.V2026} {
		r := httpRelay(t, version, session.Rules{ReadOnly: true, Databases: []string{"neo4j"}})
		forms := map[string]func(string, string) string{
			"/http/db/neo4j/tx/commit": func(query, more string) string {
				return `{"statements":[{"statement":"` + query + `"` + more + `}]}`
			},
		}
		if version != neo4jtest.V4_4 {
			forms["/http/db/neo4j/query/v2"] = func(query, more string) string {
				return `{"statement":"` + query + `"` +
					more + `}`
			}
		}
		for path, body := range forms {
			status, text, _ := r.api(t, "POST", path, body("RETURN 7", ""), "Authorization", bearerPass)
			require.Less(t, status, 300, text)
			require.Contains(t, text, "7")
			for _, more := range []string{"", `,"accessMode":"WRITE"`, `,"AccessMode":"WRITE","accessMode":"Write"`} {
				_, text, _ = r.api(t, "POST", path, body("CREATE (:RelayTest)", more), "Authorization", bearerPass,
					"Access-Mode", "WRITE")
				// 4.4 words it in its own way.
				require.Regexp(t, "read access mode|Routing WRITE queries is not supported", text, "%s %s", version,
					path)
			}
			for _, login := range []string{"", "Bearer wrong", "Basic bmVvNGo6d2ViYm9sdC10ZXN0"} {
				status, text, _ = r.api(t, "POST", path, body("RETURN 7", ""), "Authorization", login)
				require.Equal(t, 401, status, text)
			}
			status, text, _ = r.api(t, "POST", path, body("USE system SHOW USERS", ""), "Authorization", bearerPass)
			require.Equal(t, 403, status, text)
			status, _, _ = r.api(t, "POST", strings.Replace(path, "neo4j", "system", 1), body("SHOW USERS", ""),
				"Authorization", bearerPass)
			require.Equal(t, 403, status)
			status, _, _ = r.api(t, "POST", path, body("RETURN 7", "")+"{}", "Authorization", bearerPass)
			require.Equal(t, 400, status)
			status, _, _ = r.api(t, "POST", path, body("RETURN 7", ""), "Authorization", bearerPass, "Content-Type",
				"text/plain")
			require.Equal(t, 415, status)
		}
		status, text, _ := r.api(t, "POST", "/http/db/neo4j/query/v2",
			`{"statement":"RETURN 1","impersonatedUser":"x"}`, "Authorization", bearerPass)
		require.Equal(t, 403, status, text)
		status, text, _ = r.api(t, "POST", "/http/db/neo4j/tx", `{"statements":[]}`, "Authorization", bearerPass)
		require.Equal(t, 403, status)
		require.Contains(t, text, "use Bolt")
	}
}

// The discovery document tells nobody where the server is, and where there are credentials, nothing without a token.
func TestHTTPDiscoveryTellsNoAddress(t *testing.T) {
	for _, version := range neo4jtest.Versions {
		neo4j := neo4jtest.Need(t, version)
		open := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()}, HTTP: neo4j.HTTPURI()})
		held := httpRelay(t, version, session.Rules{ReadOnly: true})
		for _, login := range []string{"", "Bearer wrong"} {
			status, text, _ := held.api(t, "GET", "/http/", "", "Accept", "application/json", "Authorization", login)
			require.Equal(t, 401, status, text)
			require.NotContains(t, text, "neo4j_version")
		}
		for _, r := range []*relay{open, held} {
			status, text, _ := r.api(t, "GET", "/http/", "", "Accept", "application/json", "Authorization", bearerPass)
			require.Equal(t, 200, status, text)
			for _, address := range []string{neo4j.BoltAddr, neo4j.HTTPAddr, "127.0.0.1", "bolt"} {
				require.NotContains(t, text, address)
			}
			require.Contains(t, text, `"neo4j_version":"`+string(version)+`"`)
			require.Contains(t, text, `"transaction":"/http/db/{databaseName}/tx"`)
		}
	}
}

// A server that takes no notice of a grant's timeout does not keep the request open.
func TestHTTPRequestThatOutlivesItsTimeoutIsCut(t *testing.T) {
	ended := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		close(ended)
	}))
	defer silent.Close()
	tokens, err := identity.NewTokens(map[string]string{"alice": pass})
	require.NoError(t, err)
	r := newRelay(t, Config{
		Upstreams: []string{"bolt://127.0.0.1:1"}, HTTP: silent.URL,
		Policy: &identity.Accounts{Recogniser: tokens, Users: map[string]identity.Account{
			"alice": {Rules: session.Rules{Timeout: time.Millisecond}},
		}},
	})
	body := `{"statement":"RETURN 1"}`
	status, text, _ := r.api(t, "POST", "/http/db/neo4j/query/v2", body, "Authorization", bearerPass)
	require.Equal(t, 504, status)
	require.Contains(t, text, "TransactionTimedOut")
	<-ended
}

func TestHTTPOrigins(t *testing.T) {
	neo4j := neo4jtest.Need(t, neo4jtest.V5)
	r := newRelay(t, Config{Upstreams: []string{neo4j.BoltURI()}, HTTP: neo4j.HTTPURI(),
		Origins: []string{"https://app.example"}})
	status, _, _ := r.api(t, "GET", "/http/", "", "Origin", "https://evil.example")
	require.Equal(t, 403, status)
	status, _, header := r.api(t, "OPTIONS", "/http/db/neo4j/tx/commit", "", "Origin", "https://app.example")
	require.Equal(t, 204, status)
	require.Equal(t, "https://app.example", header.Get("Access-Control-Allow-Origin"))
	status, _, header = r.api(t, "GET", "/http/", "", "Origin", "https://app.example")
	require.Equal(t, 200, status)
	require.Equal(t, []string{"https://app.example"}, header.Values("Access-Control-Allow-Origin"))
}
