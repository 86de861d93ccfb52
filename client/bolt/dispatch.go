package bolt

import (
	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/lane"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// dispatch hands each message that has arrived to the oldest pending request.
func (c *Connection) dispatch() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if !c.pending.empty() {
			if puller, ok := c.pending.oldest().on.(*pullAnswer); ok {
				(*source)(puller).records(c)
			}
		}
		message, ok, err := c.in.next()
		if err != nil || !ok {
			return err
		}
		if err := c.accept(message); err != nil {
			return err
		}
	}
}

func (c *Connection) accept(message []byte) error {
	if c.pending.empty() {
		return &client.ProtocolError{Message: "the server sent a message that nothing asked for"}
	}
	oldest := c.pending.oldest()
	if len(message) > 2 && message[0] == 0xB1 && message[1] == wire.MessageRecord {
		puller, ok := oldest.on.(*pullAnswer)
		if !ok {
			return &client.ProtocolError{Message: "the server sent a record in answer to " + oldest.request.String()}
		}
		return (*source)(puller).record(c, message[2:])
	}
	if puller, ok := oldest.on.(*pullAnswer); ok && puller.relayed.number > 0 && len(message) >= 2 {
		switch message[1] {
		case lane.TagBlock:
			return (*source)(puller).tookBlock(c, message)
		case lane.TagLane:
			return (*source)(puller).wentByLane()
		}
	}
	reader := packstream.NewReader(message)
	tag, fields, err := reader.StructHeader()
	if err != nil {
		return malformed("a message", err)
	}
	switch {
	case tag == wire.MessageSuccess && fields == 1:
		metadata, err := wholeMap(&reader)
		if err != nil {
			return malformed("SUCCESS", err)
		}
		return c.succeeded(oldest, metadata)
	case tag == wire.MessageFailure && fields == 1:
		failure, err := readFailure(&reader)
		if err != nil {
			return malformed("FAILURE", err)
		}
		return c.failed(oldest, failure)
	case tag == wire.MessageIgnored && fields <= 1:
		return c.ignored(oldest)
	}
	return &client.ProtocolError{Message: "the server sent a message of an unknown type, 0x" + hexadecimal([]byte{tag})}
}

func malformed(what string, err error) error {
	return &client.ProtocolError{Message: "the server sent " + what + " that cannot be decoded", Err: err}
}

// wholeMap checks that exactly one map is left, and returns its bytes.
func wholeMap(r *packstream.Reader) ([]byte, error) {
	if kind := r.Kind(); kind != packstream.KindMap {
		return nil, packstream.ErrKind
	}
	raw, err := r.Raw()
	if err == nil && r.Len() > 0 {
		err = packstream.ErrRange
	}
	return raw, err
}

// step moves to the next state and removes the oldest request from the queue.
func (c *Connection) step(e exchange, o outcome) error {
	next, allowed := nextState(c.state, e.request, o)
	if !allowed {
		return &client.ProtocolError{Message: "the server's answer to " + e.request.String() +
			" does not fit its state"}
	}
	c.state = next
	c.pending.pop()
	if e.request == requestReset {
		c.resets--
	}
	return nil
}

func (c *Connection) succeeded(e exchange, metadata []byte) error {
	o := outcomeSuccess
	if e.request == requestPull || e.request == requestDiscard {
		more, err := packstream.BoolEntry(metadata, keyHasMore)
		if err != nil {
			return malformed("SUCCESS", err)
		}
		if more {
			o = outcomeMore
		}
	}
	if err := c.step(e, o); err != nil {
		return err
	}
	if e.request == requestReset && c.resets == 0 {
		c.because = nil
	}
	if e.on == nil {
		return nil
	}
	return e.on.answered(c, metadata, nil)
}

func (c *Connection) failed(e exchange, failure *client.Failure) error {
	if err := c.step(e, outcomeFailure); err != nil {
		return err
	}
	c.refused = c.refused || failure.TokenRefused()
	if e.request == requestReset {
		return c.brokenError("the server could not reset the connection", failure)
	}
	if c.state == stateFailed && c.resets == 0 {
		c.abandon(failure)
		c.appendReset(nil)
	}
	if e.on == nil {
		return nil
	}
	return e.on.answered(c, nil, failure)
}

func (c *Connection) ignored(e exchange) error {
	if err := c.step(e, outcomeIgnored); err != nil {
		return err
	}
	if c.because == nil {
		return &client.ProtocolError{Message: "the server ignored " + e.request.String() +
			" without a failure before it"}
	}
	if e.on == nil {
		return nil
	}
	if r, is := e.on.(*reply); is {
		r.ignored = true
	}
	return e.on.answered(c, nil, c.because)
}

// abandon breaks the open transaction, and ends all results that wait for no answer, with err.
func (c *Connection) abandon(err error) {
	c.because = err
	for i := len(c.open) - 1; i >= 0; i-- {
		if s := c.open[i]; !s.due() {
			s.end(c, err)
		}
	}
	c.unbind(err)
}
