package connect

import (
	"strconv"
	"syscall/js"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/dial"
	"github.com/webbolt/webbolt/client/lane"
)

// targetOf: a browser has WebSockets and no TCP.
func targetOf(profile client.Profile, options client.Options) (dial.Target, error) {
	if options.Relay != "" {
		return relayTarget(profile, options)
	}
	return webSocketTarget(profile, options), nil
}

// withBlocks asks the relay for row blocks, which results in a page need, and for signs of life. The WebSocket and its
// lanes share a random parameter, by which a load balancer can send both to the same relay.
func withBlocks(target dial.Target, relay string) dial.Target {
	affinity := "?" + lane.Affinity + "=" + strconv.FormatInt(
		int64(js.Global().Get("Math").Call("random").Float()*(1<<53)), 36)
	target.Lanes = relay + "/" + lane.Path + affinity
	target.URL += affinity + "&" + lane.Parameter + "=" + lane.Version + "&" + lane.SignParameter + "=" + lane.Version
	return target
}
