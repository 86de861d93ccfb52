//go:build js && wasm

package bridge

import "github.com/webbolt/webbolt/client"

// listen has the page told what happens to connections that are opened with options. owner is the page's number for who opens them:
//
//	{event: "bind", owner, connection, transaction}
//	{event: "unbind", owner, transaction}
//	{event: "release", owner, connection}
//	{event: "broken", owner, connections, pools, profile, message}   connections: those the page knows that are broken
func (e *engine) listen(owner int, options *client.Options) {
	options.OnBind = func(tx *client.TransactionRef, cx client.Connection) {
		e.transactions.add(tx)
		e.post(object{"event": "bind", "owner": owner, "connection": e.handleOf(cx), "transaction": describeTransaction(tx)})
	}
	options.OnUnbind = func(tx *client.TransactionRef) {
		e.transactions.drop(tx)
		e.post(object{"event": "unbind", "owner": owner, "transaction": describeTransaction(tx)})
	}
	options.OnRelease = func(cx client.Connection) {
		e.post(object{"event": "release", "owner": owner, "connection": e.handleOf(cx)})
	}
	options.OnBroken = func(profile client.Profile, message string) {
		// The connection may hold its lock during this call.
		go e.broken(owner, profile, message)
	}
}

// handleOf is the page's number for a connection, or 0 where it has none.
func (e *engine) handleOf(cx client.Connection) int {
	if cn := e.connections[cx]; cn != nil {
		return cn.handle
	}
	return 0
}

func (e *engine) broken(owner int, profile client.Profile, message string) {
	var handles []any
	for _, cn := range e.connections {
		if cn.Broken() {
			handles = append(handles, cn.handle)
		}
	}
	var pools []any
	for _, p := range e.pools {
		pools = append(pools, p.state())
	}
	e.post(object{
		"event": "broken", "owner": owner, "connections": handles, "pools": pools, "profile": describeProfile(profile), "message": message,
	})
}
