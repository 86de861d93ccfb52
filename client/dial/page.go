package dial

import (
	"strings"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// mixedContent returns why a page of that origin may not open a WebSocket at url, or nil if it may. Browsers forbid
// pages that were loaded over https to open ws:// addresses, except those of the same machine.
func mixedContent(origin, url, address string) error {
	rest, plain := strings.CutPrefix(url, "ws://")
	if !plain || !strings.HasPrefix(origin, "https://") {
		return nil
	}
	authority, _, _ := strings.Cut(rest, "/")
	host, _, err := client.SplitAddress(authority)
	if err == nil && wire.SameMachine(host) {
		return nil
	}
	return &client.ConnectionUnavailable{Reason: client.ReasonMixedContent, Address: address,
		Message: "a page that came over https may not open a plain ws:// address; use a server with TLS (bolt+s, " +
			"neo4j+s or wss), " +
			"or a webbolt relay at a wss:// address"}
}

// hiddenCause is advice for failures of a WebSocket whose cause the browser hides from the page.
func hiddenCause(target Target) string {
	advice := "the WebSocket could not be opened; browsers hide the cause from pages, so check: that something " +
		"listens at " + target.URL +
		", that the host name is right, that no firewall or content security policy (connect-src) is in the way"
	if strings.HasPrefix(target.URL, "wss:") {
		advice += ", and that the browser trusts the certificate (open https" + strings.TrimPrefix(target.URL, "wss") +
			" in a tab)"
	}
	if target.Relay {
		return advice + ", and that the relay allows this page's origin"
	}
	return advice + ", and that the server is a Neo4j whose Bolt port takes this kind of connection (with or without " +
		"TLS)"
}
