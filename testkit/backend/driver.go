package main

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

// driver is a Connector, with what the suite calls a driver's settings.
type driver struct {
	*pool.Connector
	profile client.Profile
	chain   *pool.BookmarkManager // of executed queries
}

// suitesVersions are those that the suite knows. Its scripted servers take one handshake only; without these, versions
// before 4.2 are agreed on in two.
var suitesVersions = []client.Version{
	{Major: 5, Minor: 7}, {Major: 5, Minor: 6}, {Major: 5, Minor: 4}, {Major: 5, Minor: 3}, {Major: 5, Minor: 2},
	{Major: 5, Minor: 1}, {Major: 5}, {Major: 4, Minor: 4}, {Major: 4, Minor: 3}, {Major: 4, Minor: 2},
	{Major: 4, Minor: 1}, {Major: 3},
}

// settings of official drivers where the suite gives none.
const (
	standardFetchSize = 1000
	standardPoolSize  = 100
	standardMaxAge    = 67 * time.Minute // of which the pool takes up to a tenth off: one hour at the least
)

func newDriver(ctx context.Context, f *frontend, d data) (string, any, error) {
	profile, err := client.ParseProfile(d.text("uri"))
	if err != nil {
		return "", nil, err
	}
	o := pool.ConnectorOptions{}
	c := &o.Pool.Client
	c.UserAgent, c.DisableTelemetry = d.text("userAgent"), d.flag("telemetryDisabled")
	c.FetchSize, c.NoPrefetch = standardFetchSize, true
	c.Notifications = notifications(d)
	c.ClientCertificate = clientCertificates(f, d)
	if profile, err = encryption(profile, c, d); err != nil {
		return "", nil, err
	}
	c.BoltVersions = suitesVersions
	if n, is := d.number("fetchSize"); is {
		c.FetchSize = n
	}
	if limit, is := d.milliseconds("connectionTimeoutMs"); is {
		c.DialTimeout = limit
	}
	if manager := d.text("authTokenManagerId"); manager != "" {
		c.AuthManager = f.managers[manager].(client.AuthManager)
	} else if token := d.object("authorizationToken"); token != nil {
		c.AuthManager = client.StaticAuth(token.object("data").auth())
	}
	if d.flag("resolverRegistered") {
		o.Resolver = f.resolve
	}
	o.Pool.IdleCheck, o.Pool.MaxSize, o.Pool.MaxAge = -1, standardPoolSize, standardMaxAge
	o.Pool.Now = suitesClock.now
	if after, is := d.milliseconds("livenessCheckTimeoutMs"); is {
		o.Pool.IdleCheck = max(after, 1)
	}
	if n, is := d.number("maxConnectionPoolSize"); is {
		o.Pool.MaxSize = n
	}
	if limit, is := d.milliseconds("connectionAcquisitionTimeoutMs"); is {
		o.Pool.AcquireTimeout = limit
	}
	if limit, is := d.milliseconds("maxTxRetryTimeMs"); is {
		if o.RetryTime = limit; limit == 0 {
			o.RetryTime = -1
		}
	}
	connector, err := pool.OpenConnector(ctx, profile, o)
	if err != nil {
		return "", nil, err
	}
	id := f.number()
	f.drivers[id] = &driver{Connector: connector, profile: profile, chain: pool.NewBookmarkManager()}
	return "Driver", data{"id": id}, nil
}

func (f *frontend) resolve(ctx context.Context, address string) ([]string, error) {
	answer, err := f.ask(ctx, "ResolverResolutionRequired", data{"address": address})
	return answer.texts("addresses"), err
}

func (d data) auth() client.Auth {
	auth := client.Auth{Scheme: d.text("scheme"), Principal: d.text("principal"),
		Credentials: client.Secret(d.text("credentials")), Realm: d.text("realm")}
	if parameters := d.object("parameters"); parameters != nil {
		auth.Parameters = plain(parameters)
	}
	return auth
}

func authMessage(auth client.Auth) data {
	fields := data{"scheme": auth.Scheme, "principal": auth.Principal, "credentials": auth.Credentials.Reveal()}
	if auth.Realm != "" {
		fields["realm"] = auth.Realm
	}
	if auth.Parameters != nil {
		fields["parameters"] = auth.Parameters
	}
	return data{"name": "AuthorizationToken", "data": fields}
}

func notifications(d data) client.NotificationFilter {
	return client.NotificationFilter{MinimumSeverity: d.text("notificationsMinSeverity"),
		DisabledCategories: d.texts("notificationsDisabledCategories")}
}

// txOptions reads txMeta and timeout.
func (d data) txOptions(o client.TxOptions) (client.TxOptions, error) {
	if meta := d.object("txMeta"); meta != nil {
		values, err := fromCypherMap(meta)
		if err != nil {
			return o, err
		}
		o.Metadata = values
	}
	if timeout, is := d.milliseconds("timeout"); is {
		o.Timeout, o.NoTimeout = timeout, timeout == 0
	}
	return o, o.Validate()
}

func (f *frontend) driver(d data) *driver { return f.drivers[d.text("driverId")] }

func driverClose(_ context.Context, f *frontend, d data) (string, any, error) {
	f.driver(d).Close()
	return "Driver", data{"id": d.text("driverId")}, nil
}

func verifyConnectivity(ctx context.Context, f *frontend, d data) (string, any, error) {
	return "Driver", data{"id": d.text("driverId")}, f.driver(d).VerifyConnectivity(ctx)
}

func isEncrypted(_ context.Context, f *frontend, d data) (string, any, error) {
	return "DriverIsEncrypted", data{"encrypted": f.driver(d).profile.Secure()}, nil
}

func executeQuery(ctx context.Context, f *frontend, d data) (string, any, error) {
	config := d.object("config")
	parameters, err := fromCypherMap(d.object("params"))
	if err != nil {
		return "", nil, err
	}
	o, err := config.txOptions(client.TxOptions{ImpersonatedUser: config.text("impersonatedUser")})
	if err != nil {
		return "", nil, err
	}
	manager := f.driver(d).chain // official drivers chain executed queries by themselves
	if config["bookmarkManagerId"] != nil {
		manager, _ = f.managers[config.text("bookmarkManagerId")].(*pool.BookmarkManager) // a number means none
	}
	connector := f.driver(d).WithBookmarks(manager)
	if token := config.object("authorizationToken"); token != nil {
		connector = connector.WithToken(token.object("data").auth())
	}
	eager, err := connector.ExecuteQuery(ctx, config.text("database"), d.text("cypher"), parameters,
		config.text("routing") == "r", o)
	if err != nil {
		return "", nil, err
	}
	records := make([]any, len(eager.Records))
	for i, r := range eager.Records {
		if records[i], err = recordMessage(r); err != nil {
			return "", nil, err
		}
	}
	return "EagerResult", data{"keys": eager.Keys, "records": records,
		"summary": summaryMessage(eager.Summary, parameters)}, nil
}

func newBookmarkManager(_ context.Context, f *frontend, d data) (string, any, error) {
	id := f.number()
	manager := pool.NewBookmarkManager(d.texts("initialBookmarks")...)
	if d.flag("bookmarksSupplierRegistered") {
		manager.Supply = func(ctx context.Context) ([]string, error) {
			answer, err := f.ask(ctx, "BookmarksSupplierRequest", data{"bookmarkManagerId": id})
			return answer.texts("bookmarks"), err
		}
	}
	if d.flag("bookmarksConsumerRegistered") {
		manager.Consume = func(ctx context.Context, bookmarks []string) error {
			_, err := f.ask(ctx, "BookmarksConsumerRequest", data{"bookmarkManagerId": id, "bookmarks": bookmarks})
			return err
		}
	}
	f.managers[id] = manager
	return "BookmarkManager", data{"id": id}, nil
}

func serverInfo(ctx context.Context, f *frontend, d data) (string, any, error) {
	info, err := f.driver(d).ServerInfo(ctx)
	return "ServerInfo", data{"address": info.Address, "agent": info.Agent, "protocolVersion": info.Protocol.String()},
		err
}

func supportsSessionAuth(ctx context.Context, f *frontend, d data) (string, any, error) {
	info, err := f.driver(d).ServerInfo(ctx)
	return "SessionAuthSupport", data{"id": d.text("driverId"), "available": info.Protocol.AtLeast(5, 1)}, err
}

func supportsMultiDB(ctx context.Context, f *frontend, d data) (string, any, error) {
	info, err := f.driver(d).ServerInfo(ctx)
	return "MultiDBSupport", data{"id": d.text("driverId"), "available": info.Protocol.AtLeast(4, 0)}, err
}

func verifyAuthentication(ctx context.Context, f *frontend, d data) (string, any, error) {
	taken, err := f.driver(d).VerifyToken(ctx, d.object("authorizationToken").object("data").auth())
	return "DriverIsAuthenticated", data{"id": d.text("driverId"), "authenticated": taken}, err
}

func routingTable(_ context.Context, f *frontend, d data) (string, any, error) {
	table := f.driver(d).RoutingTable(d.text("database"))
	if table == nil { // for the suite, one that names nobody
		table = &pool.RoutingTable{}
	}
	addresses := func(servers []client.Profile) []string {
		list := []string{}
		for _, s := range servers {
			list = append(list, s.Address())
		}
		return list
	}
	return "RoutingTable", data{
		"database": orNil(d.text("database")), "ttl": int(table.TTL.Seconds()),
		"routers": addresses(table.Routers), "readers": addresses(table.Readers), "writers": addresses(table.Writers),
	}, nil
}

func poolMetrics(_ context.Context, f *frontend, d data) (string, any, error) {
	for profile, s := range f.driver(d).Statistics() {
		if profile.Address() == d.text("address") {
			return "ConnectionPoolMetrics", data{"inUse": s.InUse, "idle": s.Size - s.InUse}, nil
		}
	}
	return "", nil, &client.ArgumentError{Argument: "address", Message: "there is no pool for it"}
}

func refreshRoutingTable(ctx context.Context, f *frontend, d data) (string, any, error) {
	return "Driver", data{"id": d.text("driverId")},
		f.driver(d).RefreshRoutingTable(ctx, d.text("database"), d.texts("bookmarks")...)
}

// suitesManager has the suite decide on tokens.
type suitesManager struct {
	f  *frontend
	id string
}

func newAuthManager(_ context.Context, f *frontend, _ data) (string, any, error) {
	id := f.number()
	f.managers[id] = suitesManager{f, id}
	return "AuthTokenManager", data{"id": id}, nil
}

func (m suitesManager) Token(ctx context.Context) (client.Auth, error) {
	answer, err := m.f.ask(ctx, "AuthTokenManagerGetAuthRequest", data{"authTokenManagerId": m.id})
	return answer.object("auth").object("data").auth(), err
}

func (m suitesManager) Refused(ctx context.Context, token client.Auth, refusal *client.Failure) (bool, error) {
	answer, err := m.f.ask(ctx, "AuthTokenManagerHandleSecurityExceptionRequest",
		data{"authTokenManagerId": m.id, "auth": authMessage(token), "errorCode": refusal.Code})
	return answer.flag("handled"), err
}

// newExpiringAuth makes a manager that has the suite supply tokens, which become old by the codes.
func newExpiringAuth(response, question, field string, read func(answer data) (client.Auth, time.Time),
	codes ...string) request {
	return func(_ context.Context, f *frontend, _ data) (string, any, error) {
		id := f.number()
		f.managers[id] = &client.ExpiringAuth{Codes: codes, Now: suitesClock.now,
			Source: func(ctx context.Context) (client.Auth, time.Time, error) {
				answer, err := f.ask(ctx, question, data{field: id})
				if err != nil {
					return client.Auth{}, time.Time{}, err
				}
				token, expires := read(answer)
				return token, expires, nil
			}}
		return response, data{"id": id}, nil
	}
}

func basicToken(answer data) (client.Auth, time.Time) {
	return answer.object("auth").object("data").auth(), time.Time{}
}

func bearerToken(answer data) (client.Auth, time.Time) {
	expiring := answer.object("auth").object("data")
	token := expiring.object("auth").object("data").auth()
	if after, is := expiring.milliseconds("expiresInMs"); is {
		return token, suitesClock.now().Add(after)
	}
	return token, time.Time{}
}
