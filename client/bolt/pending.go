package bolt

import "github.com/webbolt/webbolt/client"

// answerer handles the answers to one request, all with the connection's mu held.
type answerer interface {
	// answered handles the last answer. metadata is that of SUCCESS; it lies in the arena, which is kept if answered
	// sets held. err is the failure otherwise.
	answered(c *Connection, metadata []byte, err error) error
}

// exchange is a request whose last answer has not arrived.
type exchange struct {
	request request
	on      answerer // nil if no call waits for it
}

// queue holds exchanges in the order of sending.
type queue struct {
	items []exchange
	first int
}

func (q *queue) empty() bool { return q.first == len(q.items) }

func (q *queue) size() int { return len(q.items) - q.first }

func (q *queue) push(e exchange) {
	if q.empty() {
		q.items, q.first = q.items[:0], 0
	}
	q.items = append(q.items, e)
}

func (q *queue) oldest() exchange { return q.items[q.first] }

func (q *queue) pop() {
	q.items[q.first] = exchange{}
	q.first++
}

// reply is the answerer of a caller that waits for one answer.
type reply struct {
	done     bool
	metadata []byte // of SUCCESS
	err      error
	ignored  bool // err is an earlier failure, for which the server ignored the request
}

func (r *reply) answered(c *Connection, metadata []byte, err error) error {
	r.done, r.metadata, r.err = true, metadata, err
	c.in.held = c.in.held || metadata != nil
	return nil
}

var _ client.Connection = (*Connection)(nil)
