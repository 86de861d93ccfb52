package httpapi

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/admin"
	"github.com/webbolt/webbolt/client/jsonvalues"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/turn"
)

const (
	systemDatabase = "system" // manages the others
)

// Open finds out which API is at an http or https profile's address, and logs in. [connect.Open] calls it with a
// normalized profile, valid options, and a limit on the time. Errors: [*client.ConnectionUnavailable] says why there is
// no connection, [*client.Failure] why the server refuses it, and [*client.UnsupportedError] what cannot be done over
// HTTP.
func Open(ctx context.Context, profile client.Profile, options client.Options) (*Connection, error) {
	if profile.Protocol() != client.ProtocolHTTP {
		return nil, &client.ArgumentError{Argument: "scheme",
			Message: "http, https or http+ssc is needed here, not " + profile.Scheme}
	}
	if options.Relay != "" {
		return nil, &client.UnsupportedError{
			Message: "a webbolt relay carries Bolt, not HTTP: use a bolt or neo4j scheme with it"}
	}
	options.UserAgent = cmp.Or(options.UserAgent, client.DefaultUserAgent)
	f, err := newFetcher(profile, &options)
	if err != nil {
		return nil, err
	}
	c := &Connection{
		profile: profile, options: options, created: time.Now(), fetcher: f, base: baseURL(profile),
		turn: turn.New(), transactions: map[transactionKey]*transaction{},
	}
	c.Calls = admin.On(c)
	if err := c.enter(ctx); err != nil {
		f.close()
		return nil, err
	}
	return c, nil
}

func baseURL(profile client.Profile) string {
	scheme := "http://"
	if profile.Secure() {
		scheme = "https://"
	}
	return scheme + profile.Address() + strings.TrimRight(profile.Path, "/")
}

// enter discovers the API and logs in.
func (c *Connection) enter(ctx context.Context) error {
	if err := c.lock(ctx); err != nil {
		return client.UnavailableFromContext(ctx, c.profile.Address(), "opening")
	}
	defer c.unlock()
	found, err := c.discover(ctx)
	if err != nil {
		return err
	}
	if err := c.choose(found); err != nil {
		return err
	}
	auth := c.profile.Auth()
	if c.options.Auth != nil {
		if auth, err = c.options.Auth(ctx, nil); err != nil {
			return err
		}
	}
	if c.authorization, err = authorization(auth); err != nil {
		return err
	}
	if err := c.logIn(ctx); err != nil {
		return err
	}
	c.opened = true
	return nil
}

// discovery is what the server tells without authentication.
type discovery struct {
	version, edition   string
	query, transaction bool // which API it has
}

// discover requests the discovery document. The caller has the turn.
func (c *Connection) discover(ctx context.Context) (*discovery, error) {
	r := &request{method: "GET", url: c.base + "/"}
	r.set("Accept", "application/json")
	call, err := c.send(ctx, r)
	if err != nil {
		return nil, err
	}
	defer call.close()
	text, err := c.readAll(ctx, call)
	if err != nil {
		return nil, err
	}
	document, err := jsonvalues.Object(text)
	version, _ := document["neo4j_version"].(string)
	if err != nil || version == "" {
		message := "something answers at " + r.url +
			", but not with Neo4j's discovery document; check host, port and path"
		if len(text) == 0 {
			message += " (Neo4j's Bolt port answers with nothing, as this did: its HTTP port is another, by default " +
				"7474)"
		}
		return nil, c.protocolError(message, err)
	}
	edition, _ := document["neo4j_edition"].(string)
	_, query := document["query"].(string)
	_, transaction := document["transaction"].(string)
	return &discovery{version: version, edition: edition, query: query, transaction: transaction}, nil
}

// choose sets the wire form that the server has.
func (c *Connection) choose(d *discovery) error {
	c.version, c.edition = d.version, d.edition
	jolt := joltMedia
	if major(d.version) >= 5 {
		jolt = joltMediaV2
	}
	switch {
	case d.query:
		c.form = &queryAPI{base: c.base, media: queryMedia}
		c.timed = c.form
		if major(d.version) == 5 && d.transaction {
			// Neo4j 5 limits the time of a Query API request only in an explicit transaction.
			c.timed = &transactionAPI{base: c.base, media: jolt, bookmarks: true}
		}
	case d.transaction:
		form := &transactionAPI{base: c.base, media: jolt, bookmarks: major(d.version) >= 5}
		c.form, c.timed = form, form
		return form.check(runSettings{byCategory: len(c.options.Notifications.DisabledCategories) > 0})
	default:
		return &client.UnsupportedError{Message: "Neo4j " + d.version +
			" offers neither the Query API nor the transaction API of Neo4j 4 and later over HTTP"}
	}
	return nil
}

func major(version string) int {
	text, _, _ := strings.Cut(version, ".")
	n, _ := strconv.Atoi(text)
	return n
}

// logIn makes the server check the token, by a query for the home database. The caller has the turn.
func (c *Connection) logIn(ctx context.Context) error {
	c.home = ""
	home, err := c.homeDatabase(ctx, "")
	if err == nil {
		c.home = home
		return nil
	}
	if _, unknown := errors.AsType[*client.UnsupportedError](err); unknown {
		return nil // callers that name a database need no home database
	}
	failure, ok := errors.AsType[*client.Failure](err)
	if !ok {
		return err
	}
	switch failure.Code {
	case "Neo.ClientError.Security.CredentialsExpired", "Neo.ClientError.Security.Forbidden":
		return nil // the token is right; what it does not allow fails later
	}
	return err
}

// homeDatabase asks for the home database of the user, or of the impersonated user. The caller has the turn.
func (c *Connection) homeDatabase(ctx context.Context, impersonated string) (string, error) {
	if impersonated == "" && c.home != "" {
		return c.home, nil
	}
	r, err := c.form.run(systemDatabase, "SHOW HOME DATABASE YIELD name", nil,
		runSettings{readonly: true, impersonated: impersonated})
	if err != nil {
		return "", err
	}
	answer, err := c.exchange(ctx, c.form, r)
	if err != nil {
		return "", err
	}
	var text string
	if rows := answer.Drain(); len(rows.Records) > 0 {
		span := rows.Records[0]
		err = client.NewRecord(answer.Fields, packstream.Raw(rows.Data[span.Start:span.End])).Scan(&text)
	}
	if text == "" || err != nil {
		return "", &client.UnsupportedError{
			Message: "the server does not tell the user's home database: name a database", Err: err}
	}
	if impersonated == "" {
		c.home = text
	}
	return text, nil
}

// Authenticate changes the user of the connection. Open transactions stay with the user who began them, so end them
// first.
func (c *Connection) Authenticate(ctx context.Context, auth client.Auth) error {
	header, err := authorization(auth)
	if err != nil {
		return err
	}
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.unlock()
	if err := c.ready(ctx); err != nil {
		return err
	}
	before, home, refused := c.authorization, c.home, c.TokenRefused()
	c.authorization = header
	if err := c.logIn(ctx); err != nil {
		c.authorization, c.home = before, home
		c.tokenRefused.Store(refused)
		return err
	}
	c.reauthenticated.Store(true)
	return nil
}
