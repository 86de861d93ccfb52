package httpapi

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/webbolt/webbolt/server/budget"
	"github.com/webbolt/webbolt/server/session"
)

// Prefix is where the server's paths begin on the relay.
const Prefix = "/http"

// Config says where the API is and which rules apply.
type Config struct {
	Server    *url.URL                         // http or https, with host and port
	Transport http.RoundTripper                // to the server
	Policy    session.Policy                   // nil passes the page's own credentials on
	MaxBody   int64                            // bytes; negative for no limit
	Budget    *budget.Budget                   // for the bodies that are held; nil for no limit
	Client    func(*http.Request) netip.Prefix // the client that they count for; nil if there is no Budget
	// called when a limit is reached, with its name in the relay's configuration; or nil
	Limited func(limit string)
	Logger  *slog.Logger
	Refused func(*http.Request, *session.Refusal) // or nil
}

// Proxy is the handler for paths that begin with Prefix.
type Proxy struct {
	config Config
	proxy  *httputil.ReverseProxy
}

// passed are the headers of requests that reach the server; others do not.
var passed = []string{"Accept", "Content-Type", "Access-Mode", "Max-Execution-Time", "Bookmarks", "Bookmark",
	"Neo4j-Cluster-Affinity", "User-Agent"}

// kept are the headers of answers that reach the page.
var kept = []string{"Content-Type", "Content-Length", "Content-Encoding", "Cache-Control", "Neo4j-Query-API-Version",
	"Neo4j-Cluster-Affinity"}

// New makes a Proxy.
func New(config Config) *Proxy {
	p := &Proxy{config: config}
	p.proxy = &httputil.ReverseProxy{
		Rewrite: p.rewrite, Transport: config.Transport, FlushInterval: -1, ModifyResponse: strip,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) ||
				errors.Is(err, os.ErrDeadlineExceeded) && r.Context().Err() == nil {
				p.failBody(w, err)
				return
			}
			if cause := context.Cause(r.Context()); errors.Is(cause, budget.ErrTaken) {
				p.failBody(w, cause)
				return
			}
			if context.Cause(r.Context()) == errOvertime {
				fail(w, http.StatusGatewayTimeout, "Neo.ClientError.Transaction.TransactionTimedOut",
					errOvertime.Error())
				return
			}
			config.Logger.WarnContext(r.Context(), "HTTP API not reached", "error", err)
			fail(w, http.StatusBadGateway, "Neo.TransientError.General.DatabaseUnavailable",
				"the relay cannot reach the server's HTTP API")
		},
		ErrorLog: slog.NewLogLogger(config.Logger.Handler(), slog.LevelDebug),
	}
	return p
}

// ServeHTTP passes a request on, or answers with an error in Neo4j's form.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.EscapedPath(), Prefix)
	route, known := routeOf(r.Method, path)
	if !known {
		fail(w, http.StatusNotFound, "Neo.ClientError.Request.Invalid", "the relay does not pass this path on")
		return
	}
	if p.config.MaxBody >= 0 {
		r.Body = http.MaxBytesReader(w, r.Body, p.config.MaxBody)
	}
	if route.form == discovery {
		r = r.WithContext(context.WithValue(r.Context(), isDiscovery{}, true))
	}
	if p.config.Policy == nil {
		p.proxy.ServeHTTP(w, r)
		return
	}
	grant, err := p.config.Policy.Admit(r.Context(), presented(r))
	if err != nil {
		p.refuse(r, &session.Refusal{Code: "Neo.ClientError.Security.Unauthorized", Rule: "login",
			Message: err.Error()})
		w.Header().Set("WWW-Authenticate", "Bearer")
		fail(w, http.StatusUnauthorized, "Neo.ClientError.Security.Unauthorized", err.Error())
		return
	}
	if limit := grant.Rules.Timeout; limit > 0 {
		ctx, cancel := context.WithTimeoutCause(r.Context(), limit+session.DefaultGrace, errOvertime)
		defer cancel()
		r = r.WithContext(ctx)
	}
	ctx, end := context.WithCancelCause(r.Context())
	defer end(nil)
	r = r.WithContext(ctx)
	memory := p.account(w, r, end)
	defer memory.Close()
	if route.form == discovery {
		r.Header.Del("Authorization") // what the page presents is for the relay
	} else if !p.hold(w, r, route, grant, memory) {
		return
	}
	p.proxy.ServeHTTP(w, r)
}

// account opens the account for a request's memory; end is called if the memory is taken back.
func (p *Proxy) account(w http.ResponseWriter, r *http.Request, end func(error)) *budget.Account {
	if p.config.Budget == nil {
		return nil
	}
	control := http.NewResponseController(w)
	return p.config.Budget.Open(p.config.Client(r), func() {
		end(budget.ErrTaken)
		_ = control.SetReadDeadline(time.Now())
	})
}

// errOvertime is the cause when a request exceeds the timeout of its grant and the server does not end it.
var errOvertime = errors.New("the transaction took longer than you may have it")

// hold sets the relay's credentials and applies the rules to the request.
func (p *Proxy) hold(w http.ResponseWriter, r *http.Request, to route, grant session.Grant,
	memory *budget.Account) bool {
	if !to.whole {
		return p.forbidden(w, r, &session.Refusal{Code: "Neo.ClientError.Security.Forbidden", Rule: "transaction",
			Message: "over HTTP the relay takes whole transactions only; use Bolt for others"})
	}
	if _, refused := grant.Rules.Database(to.database); refused != nil {
		return p.forbidden(w, r, refused)
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" && !strings.HasPrefix(kind, "application/vnd.neo4j.query") ||
		r.Header.Get("Content-Encoding") != "" {
		fail(w, http.StatusUnsupportedMediaType, "Neo.ClientError.Request.InvalidFormat",
			"the body must be JSON, not compressed")
		return false
	}
	body, refused, err := checkBody(to, &grant.Rules, r.Body, memory)
	switch {
	case err != nil:
		p.failBody(w, err)
		return false
	case refused != nil:
		return p.forbidden(w, r, refused)
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Authorization", authorization(grant.Credentials))
	holdHeaders(r.Header, &grant.Rules)
	return true
}

// failBody answers a request whose body could not be accepted.
func (p *Proxy) failBody(w http.ResponseWriter, err error) {
	limited := func(limit string) {
		if p.config.Limited != nil {
			p.config.Limited(limit)
		}
	}
	const invalid, busy = "Neo.ClientError.Request.Invalid", "Neo.TransientError.General.MemoryPoolOutOfMemoryError"
	switch tooLarge := new(http.MaxBytesError); {
	case errors.As(err, &tooLarge):
		limited("message")
		fail(w, http.StatusRequestEntityTooLarge, invalid, "the body is larger than the relay takes")
	case errors.Is(err, errCounts):
		limited("counts")
		fail(w, http.StatusRequestEntityTooLarge, invalid, err.Error())
	case errors.Is(err, budget.ErrPerClient):
		fail(w, http.StatusTooManyRequests, busy, err.Error())
	case errors.Is(err, budget.ErrFull), errors.Is(err, budget.ErrTaken):
		fail(w, http.StatusServiceUnavailable, busy, err.Error())
	case errors.Is(err, os.ErrDeadlineExceeded):
		limited("write")
		fail(w, http.StatusRequestTimeout, invalid, "the body did not come in time")
	default:
		fail(w, http.StatusBadRequest, "Neo.ClientError.Request.InvalidFormat", errBody.Error())
	}
}

// holdHeaders sets the headers for the transaction API's mode and timeout.
func holdHeaders(header http.Header, rules *session.Rules) {
	if rules.ReadOnly {
		header.Set("Access-Mode", "READ")
	}
	asked, err := strconv.ParseInt(header.Get("Max-Execution-Time"), 10, 64)
	if err != nil || asked < 0 {
		asked = 0
	}
	header.Del("Max-Execution-Time")
	if limit := rules.LongestTimeout(asked); limit > 0 {
		header.Set("Max-Execution-Time", strconv.FormatInt(limit, 10))
	}
}

func (p *Proxy) forbidden(w http.ResponseWriter, r *http.Request, refused *session.Refusal) bool {
	p.refuse(r, refused)
	fail(w, http.StatusForbidden, refused.Code, refused.Message)
	return false
}

func (p *Proxy) refuse(r *http.Request, refused *session.Refusal) {
	if p.config.Refused != nil {
		p.config.Refused(r, refused)
	}
}

// presented returns the credentials that the page presents.
func presented(r *http.Request) session.Presented {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch strings.ToLower(scheme) {
	case "bearer":
		return session.Presented{Scheme: "bearer", Credentials: strings.TrimSpace(value)}
	case "basic":
		user, password, _ := r.BasicAuth()
		return session.Presented{Scheme: "basic", Principal: user, Credentials: password}
	}
	return session.Presented{Scheme: "none"}
}

func authorization(c session.Credentials) string {
	if c.Scheme == "bearer" {
		return "Bearer " + c.Secret
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(c.Principal+":"+c.Secret))
}

// rewrite makes the request to the server.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	header := http.Header{}
	for _, name := range append([]string{"Authorization"}, passed...) {
		if values := r.In.Header.Values(name); len(values) > 0 {
			header[http.CanonicalHeaderKey(name)] = values
		}
	}
	r.Out.Header = header
	path := strings.TrimPrefix(r.In.URL.EscapedPath(), Prefix)
	target := *p.config.Server
	target.Path = strings.TrimSuffix(target.Path, "/") + path // routeOf knows that nothing in it needs escaping
	r.Out.URL = &target
	r.Out.Host = p.config.Server.Host
}

// isDiscovery marks the context of a request for the discovery document.
type isDiscovery struct{}

// strip removes from an answer what is about the server and not about the result.
func strip(r *http.Response) error {
	if r.StatusCode == http.StatusOK && r.Request.Context().Value(isDiscovery{}) != nil {
		if err := stripDiscovery(r); err != nil {
			return err
		}
	}
	header := http.Header{}
	for _, name := range kept {
		if values := r.Header.Values(name); len(values) > 0 {
			header[http.CanonicalHeaderKey(name)] = values
		}
	}
	header.Set("X-Content-Type-Options", "nosniff")
	r.Header = header
	return nil
}

// fail answers as Neo4j's APIs do.
func fail(w http.ResponseWriter, status int, code, message string) {
	type failure struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	body, _ := json.Marshal(map[string][]failure{"errors": {{code, message}}}) // cannot fail
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
