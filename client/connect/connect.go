// Package connect opens connections: the one place that chooses transport and protocol, and that checks profile and
// options.
package connect

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/client/dial"
	"github.com/webbolt/webbolt/client/httpapi"
)

// Open connects to profile's server and authenticates.
//
// Natively, bolt and neo4j schemes go over TCP, in a browser over a WebSocket at the same host and port. With
// Options.Relay, Bolt goes over a WebSocket to the relay, which connects to profile's address. The scheme's +s or +ssc
// then says nothing: it is the relay that decides, by its own configuration, how to speak to the server, and the
// relay's URL (ws or wss) how this side speaks to the relay.
//
// Errors: [*client.ConnectionUnavailable] says why there is no connection, [*client.Failure] why the server refused the
// user, [*client.ArgumentError] which option is invalid, and [*client.UnsupportedError] what cannot be done here.
func Open(ctx context.Context, profile client.Profile, options client.Options) (client.Connection, error) {
	profile, err := profile.Normalize()
	if err != nil {
		return nil, err
	}
	if err := options.Validate(); err != nil {
		return nil, err
	}
	return OpenChecked(ctx, profile, options)
}

// OpenChecked is [Open] for a profile that [client.Profile.Normalize] returned and options that Validate has accepted.
// A pool calls these once for all its connections.
func OpenChecked(ctx context.Context, profile client.Profile, options client.Options) (client.Connection, error) {
	ctx, cancel := options.Limit(ctx)
	defer cancel()
	if options.AuthManager != nil {
		token, err := options.AuthManager.Token(ctx)
		if err != nil {
			return nil, err
		}
		options.Auth = func(context.Context, *client.Failure) (client.Auth, error) { return token, nil }
	}
	if profile.Protocol() == client.ProtocolHTTP {
		return openHTTP(ctx, profile, options)
	}
	return openBolt(ctx, profile, options)
}

// Handshake negotiates a version of Bolt with profile's server and closes the connection. It shows that a server is
// there, without a user. The errors are those of [Open].
func Handshake(ctx context.Context, profile client.Profile, options client.Options) (client.Version, error) {
	profile, err := profile.Normalize()
	if err != nil {
		return client.Version{}, err
	}
	if err := options.Validate(); err != nil {
		return client.Version{}, err
	}
	if profile.Protocol() == client.ProtocolHTTP {
		return client.Version{},
			&client.UnsupportedError{Message: "only Bolt has a handshake; use a bolt or neo4j scheme"}
	}
	ctx, cancel := options.Limit(ctx)
	defer cancel()
	target, err := targetOf(profile, options)
	if err != nil {
		return client.Version{}, err
	}
	conn, err := dial.Open(ctx, target)
	if err != nil {
		return client.Version{}, err
	}
	version, err := bolt.Handshake(ctx, conn, profile, options)
	if refused := dial.Refused(target.Address, err); refused != nil {
		return client.Version{}, refused
	}
	return version, err
}

func openHTTP(ctx context.Context, profile client.Profile, options client.Options) (client.Connection, error) {
	if options.Relay != "" {
		return nil,
			&client.UnsupportedError{Message: "the relay carries Bolt only; use a bolt or neo4j scheme with it, or " +
				profile.Scheme + " without"}
	}
	cx, err := httpapi.Open(ctx, profile, options)
	if err != nil {
		return nil, err
	}
	return cx, nil
}

func openBolt(ctx context.Context, profile client.Profile, options client.Options) (client.Connection, error) {
	target, err := targetOf(profile, options)
	if err != nil {
		return nil, err
	}
	if options.Auth == nil {
		return openNewest(ctx, target, profile, options)
	}
	token, err := options.Auth(ctx, nil)
	if err != nil {
		return nil, err
	}
	supply := options.Auth
	options.Auth = func(context.Context, *client.Failure) (client.Auth, error) { return token, nil }
	cx, err := openNewest(ctx, target, profile, options)
	refused, is := errors.AsType[*client.Failure](err)
	if !is || !refused.TokenRefused() {
		return cx, err
	}
	// The server has closed the connection, so a fresh token needs another; the same token would only count as another
	// failed attempt.
	old := token
	if token, err = supply(ctx, refused); err != nil {
		return nil, err
	}
	if old.Equal(token) {
		return nil, refused
	}
	return openNewest(ctx, target, profile, options)
}

// openNewest is openBoltAt, and asks servers of Neo4j 4.0 and 4.1 again for their own version of Bolt: the handshake
// has no room to offer it beside all others, so these servers choose Bolt 3, which knows no databases.
func openNewest(ctx context.Context, target dial.Target, profile client.Profile,
	options client.Options) (client.Connection, error) {
	cx, err := openBoltAt(ctx, target, profile, options)
	if err != nil || len(options.BoltVersions) > 0 || cx.ProtocolVersion() != oldest {
		return cx, err
	}
	if version, _ := cx.Neo4jVersion(ctx); !strings.HasPrefix(version, "4.") {
		return cx, nil
	}
	options.BoltVersions = []client.Version{{Major: 4, Minor: 1}, {Major: 4}}
	newer, err := openBoltAt(ctx, target, profile, options)
	if err != nil {
		return cx, nil
	}
	_ = cx.Close()
	return newer, nil
}

// oldest is the first version of Bolt that this client speaks.
var oldest = client.Version{Major: 3}

func openBoltAt(ctx context.Context, target dial.Target, profile client.Profile,
	options client.Options) (client.Connection, error) {
	conn, err := reach(ctx, target, options.DialTimeout)
	if err != nil {
		return nil, err
	}
	cx, err := bolt.Open(ctx, conn, profile, options)
	if err != nil {
		// A relay accepts the WebSocket first, and then reports by a close code what failed.
		if refused := dial.Refused(target.Address, err); refused != nil {
			return nil, refused
		}
		return nil, err
	}
	return cx, nil
}

func reach(ctx context.Context, target dial.Target, limit time.Duration) (dial.Conn, error) {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	return dial.Open(ctx, target)
}

// relayTarget goes to a relay, which takes the server's address as the last part of the path.
func relayTarget(profile client.Profile, options client.Options) (dial.Target, error) {
	relay := strings.TrimSuffix(options.Relay, "/")
	if profile.Path != "" {
		return dial.Target{}, &client.ArgumentError{Argument: "path",
			Message: "the relay reaches servers over TCP, where an address has no path"}
	}
	target := dial.Target{URL: relay + "/" + profile.Address(), Address: profile.Address(), Verify: true,
		RootCAs: options.RootCAs, Certificate: options.ClientCertificate, Relay: true}
	return withBlocks(target, relay), nil
}

// webSocketTarget goes to the server's Bolt port directly, or to a proxy in front of it.
func webSocketTarget(profile client.Profile, options client.Options) dial.Target {
	scheme := "ws://"
	if profile.Secure() {
		scheme = "wss://"
	}
	path := profile.Path
	if path == "" {
		path = "/"
	}
	return dial.Target{URL: scheme + profile.Address() + path, Address: profile.Address(), Verify: profile.Verify(),
		RootCAs: options.RootCAs, Certificate: options.ClientCertificate}
}
