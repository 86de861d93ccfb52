//go:build !js

package connect

import (
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/dial"
)

func targetOf(profile client.Profile, options client.Options) (dial.Target, error) {
	switch {
	case options.Relay != "":
		return relayTarget(profile, options)
	case profile.Protocol() == client.ProtocolBoltWebSocket:
		return webSocketTarget(profile, options), nil
	}
	return dial.Target{Address: profile.Address(), TLS: profile.Secure(), Verify: profile.Verify(),
		RootCAs: options.RootCAs, Certificate: options.ClientCertificate}, nil
}

// withBlocks asks for nothing: Go programs read records.
func withBlocks(target dial.Target, _ string) dial.Target { return target }
