// Package connect opens connections: the one place that chooses transport and protocol.
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

// defaultTimeout limits opening where Options.ConnectTimeout is 0.
const defaultTimeout = 30 * time.Second

// Open connects to profile's server and authenticates.
//
// Natively, bolt and neo4j schemes go over TCP, in a browser over a WebSocket at the same host and port. With Options.Relay, Bolt goes
// over a WebSocket to the relay, which connects to profile's address. The scheme's +s or +ssc then says nothing: it is the relay that
// decides, by its own configuration, how to speak to the server, and the relay's URL (ws or wss) how this side speaks to the relay.
//
// Errors: [*client.ConnectionUnavailable] says why there is no connection, [*client.Failure] what the server said when it refused the
// user, [*client.ArgumentError] and [*client.UnsupportedError] what cannot be right or cannot be done here.
func Open(ctx context.Context, profile client.Profile, options client.Options) (client.Connection, error) {
	profile, err := profile.Normalize()
	if err != nil {
		return nil, err
	}
	if options.FetchSize < -1 {
		return nil, &client.ArgumentError{Argument: "FetchSize", Message: "must be a number of records, 0 for the connection's choice, or -1 for all at once"}
	}
	limit := options.ConnectTimeout
	if limit == 0 {
		limit = defaultTimeout
	}
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	if profile.Protocol() == client.ProtocolHTTP {
		return openHTTP(ctx, profile, options)
	}
	return openBolt(ctx, profile, options)
}

func openHTTP(ctx context.Context, profile client.Profile, options client.Options) (client.Connection, error) {
	if options.Relay != "" {
		return nil, &client.UnsupportedError{Message: "the relay carries Bolt only; use a bolt or neo4j scheme with it, or " + profile.Scheme + " without"}
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
	cx, err := openBoltAt(ctx, target, profile, options)
	if refused, is := errors.AsType[*client.Failure](err); is && refused.TokenRefused() && options.Auth != nil {
		// The server has closed the connection, so a fresh token needs another.
		supply := options.Auth
		options.Auth = func(ctx context.Context, _ *client.Failure) (client.Auth, error) { return supply(ctx, refused) }
		cx, err = openBoltAt(ctx, target, profile, options)
	}
	return cx, err
}

func openBoltAt(ctx context.Context, target dial.Target, profile client.Profile, options client.Options) (client.Connection, error) {
	conn, err := dial.Open(ctx, target)
	if err != nil {
		return nil, err
	}
	cx, err := bolt.Open(ctx, conn, profile, options)
	if err != nil {
		// A relay accepts first and tells by a close code what it could not do.
		if refused := dial.Refused(target.Address, err); refused != nil {
			return nil, refused
		}
		return nil, err
	}
	return cx, nil
}

// relayTarget goes to a relay, which takes the server's address as the last part of the path.
func relayTarget(profile client.Profile, options client.Options) (dial.Target, error) {
	relay := strings.TrimSuffix(options.Relay, "/")
	scheme, authority, _ := strings.Cut(relay, "://")
	if (scheme != "ws" && scheme != "wss") || authority == "" || strings.ContainsAny(authority, "?# ") {
		return dial.Target{}, &client.ArgumentError{Argument: "Relay", Message: "must be a ws:// or wss:// address such as wss://example.org/bolt"}
	}
	if profile.Path != "" {
		return dial.Target{}, &client.ArgumentError{Argument: "path", Message: "the relay reaches servers over TCP, where an address has no path"}
	}
	target := dial.Target{URL: relay + "/" + profile.Address(), Address: profile.Address(), Verify: true, RootCAs: options.RootCAs, Relay: true}
	return withBlocks(target, relay), nil
}

// webSocketTarget goes straight to the server's Bolt port, or to what stands in front of it.
func webSocketTarget(profile client.Profile, options client.Options) dial.Target {
	scheme := "ws://"
	if profile.Secure() {
		scheme = "wss://"
	}
	path := profile.Path
	if path == "" {
		path = "/"
	}
	return dial.Target{URL: scheme + profile.Address() + path, Address: profile.Address(), Verify: profile.Verify(), RootCAs: options.RootCAs}
}
