package bolt

import (
	"context"
	"strconv"
	"sync/atomic"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

var errTransactionOpen = &client.ArgumentError{Message: "a transaction is open on this connection: commit it " +
	"or roll it back before, or run the query in it"}

// begun numbers the transactions of this process; Bolt has no ids for them.
var begun atomic.Uint64

// Begin begins a transaction. It buffers an open result first. A pipelined BEGIN is written with the next request: if
// the server refuses it, the transaction ends, and the requests behind it fail with the same failure.
func (c *Connection) Begin(ctx context.Context, graphName string, readonly bool,
	options ...client.TxOptions) (*client.TransactionRef, error) {
	settings, err := c.newSettings(graphName, readonly, options)
	if err != nil {
		return nil, err
	}
	if err := c.lock(ctx); err != nil {
		return nil, err
	}
	defer c.unlock()
	if c.tx != nil {
		return nil, errTransactionOpen
	}
	if err := c.settle(ctx); err != nil {
		return nil, err
	}
	mark := c.out.mark()
	telling := c.appendTelemetry(telemetryByOrigin[settings.Origin], settings)
	b, err := settings.append(c.out.begin(wire.MessageBegin, 1), c)
	if err != nil {
		c.out.truncate(mark)
		return nil, err
	}
	var r reply
	if telling {
		c.expectTelemetry(settings.OriginTold)
	}
	c.send(requestBegin, b, &r)
	if !settings.Pipelined {
		if err := c.converse(ctx, func() bool { return r.done }); err != nil {
			return nil, err
		}
		if r.err != nil {
			return nil, r.err
		}
	}
	tx := client.NewTransactionRef(graphName, "bolt-"+strconv.FormatUint(begun.Add(1), 10), readonly)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tx, c.txFetch = tx, settings.FetchSize
	if callback := c.options.OnBind; callback != nil {
		c.turn.Later(func() { callback(tx, c) })
	}
	return tx, nil
}

// own checks that tx is the connection's open transaction.
func (c *Connection) own(tx *client.TransactionRef) error {
	if tx == nil {
		return &client.ArgumentError{Argument: "tx", Message: "there is no transaction"}
	}
	if c.tx != nil && c.tx.Equal(tx) {
		return nil
	}
	return &client.ArgumentError{Argument: "tx", Message: "transaction " + tx.TxID() +
		" is not open on this connection: it was ended, or belongs to another"}
}
