package httpapi

import (
	"strings"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// hiddenCause is advice for failures of fetch whose cause the browser hides from the page.
func hiddenCause(url string, secure bool) string {
	advice := "the request failed, and browsers hide the cause from pages, so check: that Neo4j runs and its HTTP " +
		"connector listens at " + url +
		", that the host name is right, that no firewall, extension or content security policy (connect-src) is in " +
		"the way"
	if secure {
		return advice + ", and that the browser trusts the certificate (open the address in a tab)"
	}
	return advice + ", and, where the server is in a private network and the page is not, that the browser may reach it"
}

// mixedContent returns why a page of that origin may not reach the profile's server, or nil if it may.
func mixedContent(origin string, profile client.Profile) error {
	if profile.Secure() || !strings.HasPrefix(origin, "https://") || wire.SameMachine(profile.Host) {
		return nil
	}
	return &client.ConnectionUnavailable{Reason: client.ReasonMixedContent, Address: profile.Address(),
		Message: "a page that came over https may not use a plain http:// address; use https with a server that has " +
			"a certificate, " +
			"or Bolt over a webbolt relay at a wss:// address"}
}
