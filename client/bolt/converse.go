package bolt

import (
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/dial"
	"github.com/webbolt/webbolt/client/lane"
)

const (
	// resetLimit is how long a server may take to answer RESET.
	resetLimit = 30 * time.Second
	// blockedWrite is how long a write may continue after its context ended. A shorter time would cut writes that are
	// not blocked, and an encrypted stream does not survive a partial write.
	blockedWrite = 100 * time.Millisecond
	// lastWords is how long GOODBYE, or RESET after a context's end, may take to be written.
	lastWords = 250 * time.Millisecond
	// largeRequest is the size in bytes from which on a request waits for the answers that are due. Otherwise both
	// sides could write to each other without reading.
	largeRequest = 32 << 10
)

// send queues a request, whose bytes end in buf, for writing, and its answerer for the answer.
func (c *Connection) send(r request, buf []byte, on answerer) {
	c.out.end(buf)
	c.mu.Lock()
	c.expect(r, on)
	c.mu.Unlock()
}

// expect queues the answerer of a request whose bytes are in the out buffer. The caller holds mu.
func (c *Connection) expect(r request, on answerer) {
	c.pending.push(exchange{request: r, on: on})
	c.unsent++
}

// converse writes the out buffer, then reads until the caller has what it waits for. If the context ends first, it
// sends RESET and returns the context's cause. If the connection is lost, it returns the connection's error.
func (c *Connection) converse(ctx context.Context, until func() bool) error {
	c.startSilenceClock()
	defer c.stopSilenceClock()
	w := c.watch(ctx)
	err := c.talk(w, until)
	if w.stop() {
		c.deadline = time.Time{}
		if err == errAbandoned {
			return c.interrupt(ctx)
		}
	}
	return err
}

// stopSilenceClock notes that no call reads any more, if answers are due.
func (c *Connection) stopSilenceClock() {
	if !c.pending.empty() {
		c.resting = time.Now()
	}
}

// startSilenceClock subtracts the time in which no call read from the server's silence.
func (c *Connection) startSilenceClock() {
	if c.resting.IsZero() {
		return
	}
	now := time.Now()
	away := now.Sub(c.resting)
	for _, since := range []*time.Time{&c.lastHeard, &c.resetSent} {
		if *since = since.Add(away); since.After(now) { // it began while no call read
			*since = now
		}
	}
	c.resting = time.Time{}
}

// settle buffers the open results.
func (c *Connection) settle(ctx context.Context) error {
	if len(c.open) == 0 {
		return nil
	}
	return c.converse(ctx, c.bufferOpen)
}

// errAbandoned says that a context ended while reading or writing.
var errAbandoned = errors.New("context ended")

func (c *Connection) talk(w *watch, until func() bool) error {
	for len(c.out.rest()) >= largeRequest && c.out.written == 0 && c.pending.size() > c.unsent {
		if err := c.fill(w); err != nil {
			return err
		}
	}
	for {
		done := until() // it may add requests, as an answer may have added RESET
		err := c.flush(w)
		if done {
			return nil // if the connection was lost now, the next call reports it
		}
		if err != nil {
			return err
		}
		if err := c.fill(w); err != nil {
			return err
		}
	}
}

// flush writes the out buffer.
func (c *Connection) flush(w *watch) error {
	for len(c.out.rest()) > 0 {
		c.lastHeard = time.Now()
		n, err := c.conn.Write(c.out.rest())
		c.bytesOut.Add(uint64(n))
		c.out.advance(n)
		switch {
		case err == nil:
		case dial.TimedOut(err) && w.abandoned():
			return errAbandoned
		default:
			return c.lose(c.brokenBy(err))
		}
	}
	c.unsent = 0
	return nil
}

// fill reads once and dispatches the messages that have arrived.
func (c *Connection) fill(w *watch) error {
	c.limitRead(w)
	n, err := c.conn.Read(c.in.room())
	if err := c.received(n); err != nil {
		return c.lose(err)
	}
	switch {
	case err == nil || n > 0:
		return nil // the next read returns the error again
	case !dial.TimedOut(err):
		return c.lose(c.brokenBy(err))
	case w.abandoned():
		return errAbandoned
	}
	c.deadline = time.Time{}
	limit := c.readLimit()
	if limit.IsZero() || time.Now().Before(limit) {
		return nil
	}
	if c.justWoke(limit) {
		return nil
	}
	return c.lose(c.silence(err))
}

// overslept is the delay of a timeout from which on this machine, or the page, must have been asleep.
const overslept = 5 * time.Second

// justWoke reports whether the limit passed while this side could not read: the machine slept, or bytes wait to be
// read. Then the server's silence is counted anew. This does not extend the limit for an answer to RESET.
func (c *Connection) justWoke(limit time.Time) bool {
	now := time.Now()
	if c.resetOverdue(now) || now.Sub(limit) < overslept && !dial.Readable(c.conn) {
		return false
	}
	c.lastHeard = now
	return true
}

func (c *Connection) resetOverdue(now time.Time) bool {
	return c.resets > 0 && !now.Before(c.resetSent.Add(resetLimit))
}

// received handles n bytes that were read into the arena.
func (c *Connection) received(n int) error {
	if n == 0 {
		return nil
	}
	c.in.arrived(n)
	c.bytesIn.Add(uint64(n))
	if c.recvTimeout > 0 || c.signed != nil {
		c.lastHeard = time.Now()
	}
	return c.dispatch()
}

// readLimit is the time at which waiting for bytes ends; the zero Time means never.
func (c *Connection) readLimit() (limit time.Time) {
	if c.recvTimeout > 0 {
		limit = c.lastHeard.Add(c.recvTimeout)
	}
	if without, since := c.signsMissing(); without > 0 {
		if missed := since.Add(without); limit.IsZero() || missed.Before(limit) {
			limit = missed
		}
	}
	if c.resets > 0 {
		if reset := c.resetSent.Add(resetLimit); limit.IsZero() || reset.Before(limit) {
			limit = reset
		}
	}
	return limit
}

// signsMissing returns how long the relay may send no sign of life while an answer is due (0 means for ever), and when
// the last one came.
func (c *Connection) signsMissing() (limit time.Duration, since time.Time) {
	if c.signed == nil || c.options.ReceiveTimeout < 0 {
		return 0, since
	}
	every, last := c.signed.Signs()
	if last.Before(c.lastHeard) {
		last = c.lastHeard
	}
	return lane.MissedSigns * every, last
}

// limitRead ensures that a read ends by the limit. A deadline that is too early does no harm: fill checks the limit
// again. So it is not set for every read, only once it has passed.
func (c *Connection) limitRead(w *watch) {
	limit := c.readLimit()
	if c.deadline.IsZero() && limit.IsZero() || !c.deadline.IsZero() && !limit.IsZero() && !limit.Before(c.deadline) {
		return
	}
	c.deadline = limit
	w.setReadDeadline(c.conn, limit)
}

func (c *Connection) silence(timeout error) error {
	now := time.Now()
	if c.resetOverdue(now) {
		return c.brokenError("the server did not answer RESET within "+seconds(resetLimit), timeout)
	}
	if limit, since := c.signsMissing(); limit > 0 && !now.Before(since.Add(limit)) {
		return c.brokenError("the relay gave no sign of life for "+seconds(limit)+" while an answer was due", timeout)
	}
	return c.brokenError("the server sent nothing for "+seconds(c.recvTimeout)+" while an answer was due", timeout)
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d/time.Second)) + " s" }

func (c *Connection) brokenBy(err error) error {
	if errors.Is(err, io.EOF) {
		return c.brokenError("the other side closed the connection", err)
	}
	return c.brokenError("the network failed", err)
}

func (c *Connection) brokenError(message string, cause error) *client.ConnectionBroken {
	broken := &client.ConnectionBroken{Address: c.profile.Address(), Message: message, Err: cause}
	if closed, ok := errors.AsType[*dial.CloseError](cause); ok {
		broken.CloseCode = closed.Code
	}
	return broken
}
