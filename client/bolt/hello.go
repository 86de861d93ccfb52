package bolt

import (
	"cmp"
	"context"
	"runtime"
	"strings"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/facts"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
	"github.com/webbolt/webbolt/client/wire"
)

// hello introduces the client and authenticates it: HELLO with the token inside before Bolt 5.1, HELLO and LOGON in one
// write from then on.
func (c *Connection) hello(ctx context.Context, auth client.Auth) error {
	b, err := c.appendHello(c.out.begin(wire.MessageHello, 1), auth)
	if err != nil {
		return err
	}
	var hello, logon reply
	if !wire.FeatureLogon.In(c.version) {
		logon.done = true
		c.send(requestHelloAuth, b, &hello)
	} else {
		c.send(requestHello, b, &hello)
		if b, err = appendAuth(c.out.begin(wire.MessageLogon, 1), auth, c.dialect); err != nil {
			return err
		}
		c.send(requestLogon, b, &logon)
	}
	if err := c.converse(ctx, func() bool { return hello.done && (logon.done || hello.err != nil) }); err != nil {
		return err
	}
	if hello.err != nil {
		return hello.err
	}
	if logon.err != nil {
		return logon.err
	}
	c.greeted(hello.metadata)
	return nil
}

func (c *Connection) appendHello(b []byte, auth client.Auth) ([]byte, error) {
	n := 1
	header := len(b)
	b = packstream.AppendMapHeader(b, 0) // completed below, as long as there are at most 15 entries
	b = appendText(b, "user_agent", c.options.UserAgent)
	if wire.FeatureBoltAgent.In(c.version) {
		b, n = packstream.AppendString(b, "bolt_agent"), n+1
		b = packstream.AppendMapHeader(b, 3)
		b = appendText(b, "product", wire.Product)
		b = appendText(b, "platform", runtime.GOOS+"; "+runtime.GOARCH)
		b = appendText(b, "language", "Go/"+strings.TrimPrefix(runtime.Version(), "go"))
	}
	if c.profile.Routing() && wire.FeatureHelloRouting.In(c.version) {
		b, n = packstream.AppendString(b, "routing"), n+1
		b = appendRouting(b, c.profile.RoutingContext(), c.routingAddress())
	}
	if wire.FeatureUTCPatch.In(c.version) {
		b, n = appendStrings(b, "patch_bolt", []string{"utc"}), n+1
	}
	b, entries := appendNotifications(b, c.options.Notifications, c.version)
	n += entries
	if !wire.FeatureLogon.In(c.version) {
		var err error
		if b, entries, err = appendAuthEntries(b, auth, c.dialect); err != nil {
			return nil, err
		}
		n += entries
	}
	b[header] += byte(n)
	return b, nil
}

// routingAddress is the address that servers are told.
func (c *Connection) routingAddress() string {
	return cmp.Or(c.options.RoutingAddress, c.profile.Address())
}

// appendRouting appends a routing context. The address is part of it: the server gives it back as its own.
func appendRouting(b []byte, routing map[string]string, address string) []byte {
	_, named := routing["address"]
	if named {
		b = packstream.AppendMapHeader(b, len(routing))
	} else {
		b = packstream.AppendMapHeader(b, len(routing)+1)
		b = appendText(b, "address", address)
	}
	for key, value := range routing {
		b = appendText(b, key, value)
	}
	return b
}

// greeted takes what the server told of itself.
func (c *Connection) greeted(raw []byte) {
	metadata := facts.Decode(raw)
	c.agent = facts.Text(metadata, "server")
	c.dialect = values.Dialect{UTC: wire.FeatureUTC.In(c.version), Vector: wire.FeatureVectors.In(c.version),
		UUID: wire.FeatureUUIDs.In(c.version)}
	patches, _ := metadata["patch_bolt"].([]any)
	for _, patch := range patches {
		if patch == "utc" {
			c.dialect.UTC, c.dialect.Patched = true, true
		}
	}
	hints, _ := metadata["hints"].(map[string]any)
	switch {
	case c.options.ReceiveTimeout > 0:
		c.recvTimeout = c.options.ReceiveTimeout
	case c.options.ReceiveTimeout == 0:
		c.recvTimeout = time.Duration(min(max(facts.Integer(hints, "connection.recv_timeout_seconds"), 0),
			1<<31)) * time.Second
	}
	wanted, _ := hints["telemetry.enabled"].(bool)
	c.telemetry = wanted && !c.options.DisableTelemetry && wire.FeatureTelemetry.In(c.version)
}
