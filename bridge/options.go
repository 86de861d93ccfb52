//go:build js && wasm

package bridge

import (
	"context"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
)

// clientOptions returns the options for opening connections, with the page's callbacks as Go functions.
func (c *call) clientOptions(given *protocol.OpenOptions) client.Options {
	options := given.Client
	switch {
	case given.AuthCallback != 0:
		options.Auth = c.engine.authSource(given.AuthCallback)
	case given.Auth != nil:
		options.AuthManager = client.StaticAuth(*given.Auth)
	}
	c.engine.reportEvents(given.Owner, &options)
	return options
}

// authSource asks the page for a token each time that one is needed.
func (e *engine) authSource(callback int) client.AuthSource {
	return func(ctx context.Context, refused *client.Failure) (client.Auth, error) {
		var wanted protocol.TokenWanted
		if refused != nil {
			wanted.Refused = describe(refused)
		}
		given, err := ask(ctx, e, protocol.AskAuth, callback, &wanted)
		if err != nil {
			return client.Auth{}, err
		}
		return *given, nil
	}
}
