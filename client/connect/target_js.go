package connect

import (
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/dial"
)

// targetOf: a browser has WebSockets and no TCP.
func targetOf(profile client.Profile, options client.Options) (dial.Target, error) {
	if options.Relay != "" {
		return relayTarget(profile, options)
	}
	return webSocketTarget(profile, options), nil
}
