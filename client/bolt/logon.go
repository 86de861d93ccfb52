package bolt

import (
	"context"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
	"github.com/webbolt/webbolt/client/wire"
)

// Authenticate changes the connection's user by LOGOFF and LOGON (Bolt 5.1 and later). It buffers an open result first;
// no transaction may be open. If the server refuses the token, the connection is broken.
func (c *Connection) Authenticate(ctx context.Context, auth client.Auth) error {
	if !wire.FeatureLogon.In(c.version) {
		return c.unsupported("changing the user of an open connection", wire.FeatureLogon)
	}
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.unlock()
	var logoff, logon reply
	if err := c.sendLogin(ctx, auth, &logoff, &logon); err != nil {
		return err
	}
	c.reauthenticated.Store(true)
	if err := c.converse(ctx, func() bool { return logon.done }); err != nil {
		return err
	}
	if logoff.err == nil && logon.err != nil {
		_ = c.lose(c.brokenError("the server refused a new token", logon.err))
	}
	if logon.err == nil {
		c.mu.Lock()
		c.refused = false
		c.mu.Unlock()
	}
	return logon.err
}

// sendLogin buffers open results, then queues LOGOFF and LOGON with another token. The caller holds the turn.
func (c *Connection) sendLogin(ctx context.Context, auth client.Auth, logoff, logon answerer) error {
	if c.tx != nil {
		return errTransactionOpen
	}
	if err := c.settle(ctx); err != nil {
		return err
	}
	mark := c.out.mark()
	c.out.end(c.out.begin(wire.MessageLogoff, 0))
	b, err := appendAuth(c.out.begin(wire.MessageLogon, 1), auth, c.dialect)
	if err != nil {
		c.out.truncate(mark)
		return err
	}
	c.mu.Lock()
	c.expect(requestLogoff, logoff)
	c.mu.Unlock()
	c.send(requestLogon, b, logon)
	return nil
}

// appendAuth appends a token as a map: {scheme, principal, credentials, realm, parameters}.
func appendAuth(b []byte, auth client.Auth, dialect values.Dialect) ([]byte, error) {
	header := len(b)
	b, n, err := appendAuthEntries(packstream.AppendMapHeader(b, 0), auth, dialect)
	if err != nil {
		return nil, err
	}
	b[header] += byte(n)
	return b, nil
}

func appendAuthEntries(b []byte, auth client.Auth, dialect values.Dialect) (_ []byte, n int, err error) {
	scheme := auth.Scheme
	if scheme == "" {
		scheme = "none"
	}
	b, n = appendText(b, "scheme", scheme), 1
	// servers before 4.4 require a principal, even if empty, for Kerberos, too
	if auth.Principal != "" || scheme != "none" && scheme != "bearer" {
		b, n = appendText(b, "principal", auth.Principal), n+1
	}
	if auth.Credentials != "" || scheme == "basic" {
		b, n = appendText(b, "credentials", auth.Credentials.Reveal()), n+1
	}
	if auth.Realm != "" {
		b, n = appendText(b, "realm", auth.Realm), n+1
	}
	if len(auth.Parameters) > 0 {
		b, n = packstream.AppendString(b, "parameters"), n+1
		if b, err = values.AppendMap(b, auth.Parameters, dialect); err != nil {
			return nil, 0, &client.ArgumentError{Argument: "auth", Message: "its parameters cannot be sent", Err: err}
		}
	}
	return b, n, nil
}
