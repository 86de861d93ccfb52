package bolt

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/admin"
	"github.com/webbolt/webbolt/client/dial"
	"github.com/webbolt/webbolt/client/turn"
	"github.com/webbolt/webbolt/client/wire"
)

// Open makes a connection from a stream: it agrees with the server on a version and authenticates. It owns conn from
// now on, and closes it if opening fails. It is for [connect.Open], which normalizes the profile, validates the
// options, and limits the time.
//
// Errors: [*client.ConnectionUnavailable] if there is no Bolt at the other end or it cannot be reached in time,
// [*client.Failure] if the server refuses the token, the error of options.Auth if that fails, [*client.ArgumentError]
// and [*client.UnsupportedError] for options that the server cannot serve.
func Open(ctx context.Context, conn dial.Conn, profile client.Profile, options client.Options) (*Connection, error) {
	auth := profile.Auth()
	if options.Auth != nil {
		var err error
		if auth, err = options.Auth(ctx, nil); err != nil {
			_ = conn.Close()
			return nil, err
		}
	}
	c, err := open(ctx, conn, profile, auth, options)
	if err != nil {
		_ = conn.Close()
		return nil, unavailable(ctx, profile, err)
	}
	c.options.OnBroken, c.options.OnUnbind = options.OnBroken, options.OnUnbind
	dial.OnEnd(conn, c.ended)
	return c, nil
}

func open(ctx context.Context, conn dial.Conn, profile client.Profile, auth client.Auth,
	options client.Options) (*Connection, error) {
	options.UserAgent = cmp.Or(options.UserAgent, client.DefaultUserAgent)
	options.OnBroken, options.OnUnbind = nil, nil // not while opening
	c := newConnection(conn, profile, options)
	c.Calls = admin.On(c)
	w := c.watch(ctx)
	version, err := negotiate(conn, options.BoltVersions)
	w.stop()
	if err != nil {
		return nil, err
	}
	c.version = version
	if !options.Notifications.IsZero() && !wire.FeatureNotifications.In(version) {
		return nil, c.unsupported("a notification filter", wire.FeatureNotifications)
	}
	c.turn.Seize()
	defer c.unlock()
	return c, c.hello(ctx, auth)
}

func newConnection(conn dial.Conn, profile client.Profile, options client.Options) *Connection {
	signed, _ := conn.(dial.SignedConn)
	return &Connection{
		profile: profile,
		options: options,
		created: time.Now(),
		conn:    conn,
		signed:  signed,
		turn:    turn.New(),
		in:      inbound{limit: messageLimit(options.MaxMessage)},
	}
}

// Handshake agrees with the server on a version, and closes conn. It is for [connect.Handshake]. The errors are those
// of [Open].
func Handshake(ctx context.Context, conn dial.Conn, profile client.Profile,
	options client.Options) (client.Version, error) {
	w := newConnection(conn, profile, options).watch(ctx)
	version, err := negotiate(conn, options.BoltVersions)
	w.stop()
	_ = conn.Close()
	if err != nil {
		return client.Version{}, unavailable(ctx, profile, err)
	}
	return version, nil
}

// unavailable turns an error of opening into the one that says why there is no connection.
func unavailable(ctx context.Context, profile client.Profile, err error) error {
	address := profile.Address()
	if ended := client.UnavailableFromContext(ctx, address,
		"waiting for the server's part of the Bolt handshake"); ended != nil {
		return ended
	}
	if known, ok := errors.AsType[*client.ConnectionUnavailable](err); ok {
		known.Address = address
		return known
	}
	if broken, ok := errors.AsType[*client.ConnectionBroken](err); ok && broken.Err != nil {
		err = broken.Err
	}
	if isOurs(err) {
		return err
	}
	refusal := &client.ConnectionUnavailable{Reason: client.ReasonClosed, Address: address, Err: err,
		Message: "the connection was lost in the Bolt handshake; a server that is still starting, or does not speak " +
			"Bolt, closes it"}
	if closed, ok := errors.AsType[*dial.CloseError](err); ok {
		refusal.CloseCode = closed.Code
	}
	if _, ok := errors.AsType[*client.ProtocolError](err); ok {
		refusal.Reason, refusal.Message = client.ReasonNotNeo4j, unavailableInUse
	}
	return refusal
}

// isOurs reports whether Open returns err as it is.
func isOurs(err error) bool {
	switch err.(type) {
	case *client.Failure, *client.ArgumentError, *client.UnsupportedError:
		return true
	}
	return false
}
