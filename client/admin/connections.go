package admin

import (
	"context"
	"strings"

	"github.com/webbolt/webbolt/client"
)

// Connections lists the server's open connections.
func (c Calls) Connections(ctx context.Context, tx *client.TransactionRef) ([]client.ConnectionRecord, error) {
	rows, err := c.query(ctx, tx, home, "CALL dbms.listConnections()", nil)
	if err != nil {
		return nil, err
	}
	records := make([]client.ConnectionRecord, len(rows))
	for i, r := range rows {
		records[i] = client.ConnectionRecord{
			CxID:          r.text("connectionId"),
			Since:         r.since("connectTime"),
			ClientAddress: r.text("clientAddress"),
			ServerProfile: serverProfile(r.text("connector"), r.text("serverAddress"), r.text("username")),
			UserAgent:     r.text("userAgent"),
		}
	}
	return records, nil
}

// serverProfile is how a client reached the server. The server may give something that is no network address, such as
// connector bolt-local and address local:0a1b for requests to the Query API: these become scheme and host unchanged.
func serverProfile(connector, address, user string) client.Profile {
	literal := client.Profile{Scheme: connector, Host: address, User: user}
	scheme, rest, isURL := strings.Cut(address, "://")
	if isURL {
		connector, address = scheme, rest
	}
	address, _, _ = strings.Cut(address, "/")
	host, port, err := client.SplitAddress(address)
	if err != nil || host == "" {
		return literal
	}
	profile, err := client.Profile{Scheme: connector, Host: host, Port: port, User: user}.Normalize()
	if err != nil {
		return literal
	}
	return profile
}
