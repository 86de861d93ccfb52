//go:build js && wasm

package bridge

import (
	"context"
	"strconv"
	"strings"

	"github.com/webbolt/webbolt/client"
)

// profile reads {uri, user, password, database}; the page's ConnectionProfile gives the URI without credentials.
func (a arguments) profile() (client.Profile, error) {
	given, _ := a.object("profile")
	return given.asProfile()
}

func (a arguments) asProfile() (client.Profile, error) {
	profile, err := client.ParseProfile(a.text("uri"))
	if err != nil {
		return client.Profile{}, err
	}
	profile.User, profile.Password, profile.Database = a.text("user"), client.Secret(a.text("password")), a.text("database")
	return profile.Normalize()
}

func describeProfile(p client.Profile) object {
	return object{"uri": p.URI(), "user": p.User, "database": p.Database}
}

// clientOptions reads how to open connections, with the page's callbacks made into Go's.
func (c *call) clientOptions() (client.Options, error) {
	a, _ := c.args.object("options")
	options := client.Options{
		UserAgent: a.text("userAgent"), Relay: a.text("relay"), FetchSize: a.number("fetchSize"), ConnectTimeout: a.milliseconds("connectTimeout"),
		ReceiveTimeout: a.milliseconds("receiveTimeout"),
		Notifications:  a.notifications(), DisableTelemetry: a.flag("disableTelemetry"),
	}
	for _, text := range a.texts("boltVersions") {
		version, err := parseVersion(text)
		if err != nil {
			return options, err
		}
		options.BoltVersions = append(options.BoltVersions, version)
	}
	if supplier := a.number("authCallback"); supplier != 0 {
		options.Auth = c.engine.authSource(supplier)
	} else if given, is := a.object("auth"); is {
		auth, err := given.auth()
		if err != nil {
			return options, err
		}
		options.Auth = func(context.Context, *client.Failure) (client.Auth, error) { return auth, nil }
	}
	c.engine.listen(c.args.number("owner"), &options)
	return options, nil
}

func parseVersion(text string) (client.Version, error) {
	majorText, minorText, _ := strings.Cut(text, ".")
	major, err1 := strconv.ParseUint(majorText, 10, 8)
	minor, err2 := strconv.ParseUint(minorText, 10, 8)
	if err1 != nil || err2 != nil {
		return client.Version{}, &client.ArgumentError{Argument: "boltVersions", Message: strconv.Quote(text) + " is not a version such as 5.8"}
	}
	return client.Version{Major: byte(major), Minor: byte(minor)}, nil
}

func (a arguments) notifications() client.NotificationFilter {
	given, _ := a.object("notifications")
	return client.NotificationFilter{MinimumSeverity: given.text("minimumSeverity"), DisabledCategories: given.texts("disabledCategories")}
}

// auth reads a token; its parameters are PackStream.
func (a arguments) auth() (client.Auth, error) {
	parameters, err := a.packed("parameters")
	if err != nil {
		return client.Auth{}, err
	}
	return client.Auth{
		Scheme: a.text("scheme"), Principal: a.text("principal"), Credentials: client.Secret(a.text("credentials")), Realm: a.text("realm"),
		Parameters: parameters,
	}, nil
}

// authSource asks the page for a token whenever one is needed.
func (e *engine) authSource(callback int) client.AuthSource {
	return func(ctx context.Context, refused *client.Failure) (client.Auth, error) {
		question := object{}
		if refused != nil {
			question["refused"] = describe(refused)
		}
		given, err := e.ask(ctx, callback, question)
		if err != nil {
			return client.Auth{}, err
		}
		return given.auth()
	}
}

func (a arguments) txOptions() (client.TxOptions, error) {
	given, _ := a.object("options")
	metadata, err := given.packed("metadata")
	if err != nil {
		return client.TxOptions{}, err
	}
	return client.TxOptions{
		Bookmarks: given.texts("bookmarks"), Metadata: metadata, Timeout: given.milliseconds("timeout"),
		ImpersonatedUser: given.text("impersonatedUser"), Notifications: given.notifications(),
	}, nil
}
