package blocks

import (
	"errors"

	"github.com/webbolt/webbolt/client/lane"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// maxPull is the size in bytes of the largest PULL that is read.
const maxPull = 4 << 10

var errPull = errors.New("the metadata of PULL or DISCARD is malformed")

// incoming reads the page's messages: it notes each request, and removes from PULL what is for the relay.
type incoming struct {
	walk    walker
	held    []byte // of a message whose signature is not known, or of a PULL or DISCARD
	passing bool   // the current message is none of these
	out     []byte
}

// read returns the bytes to pass on, which are valid until the next call.
func (in *incoming) read(data []byte, requests *requests) ([]byte, error) {
	in.out = in.out[:0]
	if cap(in.out) > maxFrame {
		in.out = nil
	}
	for len(data) > 0 {
		n, begun, ended := in.walk.next(data)
		if in.passing {
			in.out = append(in.out, data[:n]...)
		} else {
			in.held = append(in.held, data[:n]...)
		}
		data = data[n:]
		var err error
		switch {
		case in.passing:
			in.passing = !ended
		case ended:
			err = in.whole(requests)
		case begun && !asksRelay(in.walk.tag()), len(in.held) > maxPull:
			err = in.pass(requests)
		}
		if err != nil {
			return nil, err
		}
	}
	return in.out, nil
}

// asksRelay reports whether a message may contain a request to the relay.
func asksRelay(tag byte) bool { return tag == wire.MessagePull || tag == wire.MessageDiscard }

// pass lets the current message pass unchanged.
func (in *incoming) pass(requests *requests) error {
	in.out = append(in.out, in.held...)
	in.held, in.passing = in.held[:0], true
	switch in.walk.tag() {
	case wire.MessageGoodbye: // it has no answer
		return nil
	case wire.MessageReset, wire.MessageCommit, wire.MessageRollback:
		return requests.push(request{kind: kindClear})
	}
	return requests.push(request{})
}

// whole handles a PULL or DISCARD, or a message without bytes.
func (in *incoming) whole(requests *requests) error {
	var whole assembly
	whole.next(in.held)
	body := whole.body
	if len(body) < 2 {
		in.out = append(in.out, in.held...)
		in.held = in.held[:0]
		if len(body) == 0 {
			return nil
		}
		return requests.push(request{})
	}
	rewritten, q, err := readTransfer(body)
	if err != nil {
		return err
	}
	if q.kind != kindOther {
		in.out = appendMessage(in.out, rewritten)
	} else {
		in.out = append(in.out, in.held...)
	}
	in.held = in.held[:0]
	return requests.push(q)
}

// readTransfer reads a PULL or DISCARD, and returns it without what is for the relay.
func readTransfer(body []byte) (rewritten []byte, q request, err error) {
	in := packstream.NewReader(body)
	tag, fields, err := in.StructHeader()
	if err != nil || fields != 1 { // of Bolt 3, or for the server to refuse
		return nil, q, nil
	}
	n, err := in.MapHeader()
	if err != nil {
		return nil, q, nil
	}
	var kept []byte
	count := 0
	for range n {
		start := in.Offset()
		key, err := in.StringBytes()
		if err != nil {
			return nil, q, errPull
		}
		if string(key) == lane.PullKey {
			if q, err = readAsk(&in); err != nil {
				return nil, q, err
			}
			continue
		}
		if err := in.Skip(); err != nil {
			return nil, q, errPull
		}
		kept = append(kept, body[start:in.Offset()]...)
		count++
	}
	if in.Len() > 0 {
		return nil, q, errPull
	}
	if q.kind == kindPull && tag == wire.MessageDiscard {
		q.kind = kindDiscard
	}
	rewritten = packstream.AppendStructHeader(nil, tag, 1)
	rewritten = packstream.AppendMapHeader(rewritten, count)
	return append(rewritten, kept...), q, nil
}

// readAsk reads a message's request to the relay. It skips unknown keys, so that later pages can ask for more.
func readAsk(in *packstream.Reader) (q request, err error) {
	n, err := in.MapHeader()
	if err != nil {
		return q, errPull
	}
	q.kind = kindPull
	for range n {
		key, err := in.StringBytes()
		if err != nil {
			return q, errPull
		}
		switch string(key) {
		case lane.ResultKey:
			q.result, err = in.Int()
		default:
			err = in.Skip()
		}
		if err != nil {
			return q, errPull
		}
	}
	return q, nil
}
