//go:build js && wasm

package bridge

import (
	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
)

// reportEvents sets callbacks in options that report events of connections to the page. owner is the page's number for
// the object that opens them.
func (e *engine) reportEvents(owner int, options *client.Options) {
	options.OnBind = func(tx *client.TransactionRef, cx client.Connection) {
		e.transactions.add(tx, cx)
		e.tell(protocol.OwnerEvent{Bind: &protocol.Bind{Owner: owner, Connection: e.handleOf(cx),
			Transaction: *describeTransaction(tx)}})
	}
	options.OnUnbind = func(tx *client.TransactionRef) {
		e.transactions.drop(tx)
		e.tell(protocol.OwnerEvent{Unbind: &protocol.Unbind{Owner: owner, Transaction: *describeTransaction(tx)}})
	}
	options.OnRelease = func(cx client.Connection) {
		e.tell(protocol.OwnerEvent{Release: &protocol.Released{Owner: owner, Connection: e.handleOf(cx)}})
	}
	options.OnBroken = func(profile client.Profile, message string) {
		// The connection may hold its lock during this call.
		go e.broken(owner, profile, message)
	}
}

func (e *engine) tell(event protocol.OwnerEvent) { e.postText(e.writer.OwnerEvent(&event)) }

// handleOf is the page's handle of a connection, or 0 if it has none.
func (e *engine) handleOf(cx client.Connection) int {
	if cn := e.connections[cx]; cn != nil {
		return cn.handle
	}
	return 0
}

func (e *engine) broken(owner int, profile client.Profile, message string) {
	broken := &protocol.Broken{Owner: owner, Profile: profile, Message: message}
	for _, cn := range e.connections {
		if cn.Broken() {
			broken.Connections = append(broken.Connections, cn.handle)
		}
	}
	for _, p := range e.pools {
		broken.Pools = append(broken.Pools, p.fill())
	}
	e.tell(protocol.OwnerEvent{Broken: broken})
}
