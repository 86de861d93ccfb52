package bolt

import (
	"context"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// ActAs makes later queries use another token (Bolt 5.1 and later). LOGOFF and LOGON are sent with the next request,
// without waiting; if the server refuses the token, that request fails with the server's failure, and the connection is
// lost. No transaction may be open.
func (c *Connection) ActAs(ctx context.Context, auth client.Auth) error {
	if !wire.FeatureLogon.In(c.version) {
		return c.unsupported("another token on an open connection (session auth)", wire.FeatureLogon)
	}
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.unlock()
	return c.sendLogin(ctx, auth, nil, logonAnswer{})
}

// logonAnswer handles the answer to a LOGON that no call waits for.
type logonAnswer struct{}

// answered breaks the connection if the token was refused: the server closes it.
func (logonAnswer) answered(c *Connection, _ []byte, err error) error {
	if err == nil {
		c.refused = false
	}
	return err
}
