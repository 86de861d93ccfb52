package httpapi

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/jsonvalues"
)

// call is a request whose answer's body is not read yet.
type call struct {
	*response
	url    string
	cancel context.CancelCauseFunc
}

func (l *call) close() {
	l.body.close()
	l.cancel(nil)
}

// send sends a request and waits until the body of the answer begins. A status of failure gives the server's failure;
// where the token has expired, send first asks for another token and tries once more. The caller has the turn.
func (c *Connection) send(ctx context.Context, r *request) (*call, error) {
	answer, err := c.sendOnce(ctx, r)
	failure, refused := errors.AsType[*client.Failure](err)
	if !refused || !failure.TokenExpired() || c.options.Auth == nil {
		return answer, err
	}
	auth, err := c.options.Auth(ctx, failure)
	if err != nil {
		return nil, err
	}
	if c.authorization, err = authorization(auth); err != nil {
		return nil, err
	}
	return c.sendOnce(ctx, r)
}

func (c *Connection) sendOnce(ctx context.Context, r *request) (*call, error) {
	sent := *r
	sent.header = append([]field(nil), r.header...)
	sent.set("Authorization", c.authorization)
	if !inBrowser {
		sent.set("User-Agent", c.options.UserAgent)
	}
	own, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	answer, err := c.interruptible(ctx, cancel, func() (*response, error) { return c.fetcher.fetch(own, &sent) })
	if err != nil {
		if answer != nil {
			answer.body.close()
		}
		cancel(nil)
		return nil, c.notSent(ctx, &sent, err)
	}
	c.bytesOut.Add(uint64(len(r.body)))
	l := &call{response: answer, url: r.url, cancel: cancel}
	if answer.status >= 400 || !c.isNeo4j(l) {
		defer l.close()
		err := c.refusal(ctx, l)
		failure, is := errors.AsType[*client.Failure](err)
		c.tokenRefused.Store(is && failure.TokenRefused())
		return nil, err
	}
	c.tokenRefused.Store(false)
	return l, nil
}

// interruptible runs do, and cancels it when ctx ends or the connection is closed.
func (c *Connection) interruptible(ctx context.Context, cancel context.CancelCauseFunc,
	do func() (*response, error)) (*response, error) {
	c.mu.Lock()
	c.abort = func() { cancel(errClosed) }
	if c.closing {
		c.abort()
	}
	c.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })
	answer, err := do()
	if !stop() && err == nil {
		err = context.Cause(ctx) // the request is cancelled, so its answer is of no use
	}
	c.mu.Lock()
	c.abort = nil
	c.mu.Unlock()
	return answer, err
}

var errClosed = errors.New("the connection was closed")

// notSent is the error for a request to which no answer came.
func (c *Connection) notSent(ctx context.Context, r *request, err error) error {
	if !c.opened {
		return c.fetcher.unavailable(ctx, r, err)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if invalid, ok := errors.AsType[*client.ArgumentError](err); ok {
		return invalid
	}
	return c.lose(c.brokenError("the server cannot be reached any more", err))
}

func (c *Connection) isNeo4j(l *call) bool {
	media := l.header("Content-Type")
	return media == "" || strings.HasPrefix(media, "application/vnd.neo4j") ||
		strings.HasPrefix(media, "application/json")
}

// more reads the next piece of an answer's body through feed.
func (c *Connection) more(ctx context.Context, l *call, feed func(read func(in []byte) ([]byte, error)) error) error {
	_, err := c.interruptible(ctx, l.cancel, func() (*response, error) {
		return nil, feed(func(in []byte) ([]byte, error) {
			before := len(in)
			in, err := l.body.read(in)
			c.bytesIn.Add(uint64(len(in) - before))
			return in, err
		})
	})
	switch {
	case err == nil || err == io.EOF:
		return err
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case !c.opened:
		return c.fetcher.unavailable(ctx, &request{url: l.url}, err)
	}
	return c.lose(c.brokenError("the connection was cut in the middle of an answer", err))
}

// maxMessage limits how much is read of an answer that is not a result.
const maxMessage = 1 << 20

// readAll reads an answer that is not a result.
func (c *Connection) readAll(ctx context.Context, l *call) ([]byte, error) {
	var text []byte
	for {
		err := c.more(ctx, l, func(read func([]byte) ([]byte, error)) (err error) {
			text, err = read(text)
			return err
		})
		if err == io.EOF {
			return text, nil
		}
		if err != nil {
			return nil, err
		}
		if len(text) > maxMessage {
			return text, nil
		}
	}
}

// exchange sends a request and reads the whole answer into memory. The caller has the turn.
func (c *Connection) exchange(ctx context.Context, form wireForm, r *request) (*jsonvalues.Answer, error) {
	l, err := c.send(ctx, r)
	if err != nil {
		return nil, err
	}
	defer l.close()
	return c.finish(ctx, l, form)
}

// finish reads a whole answer into memory. An answer without a body is complete, too.
func (c *Connection) finish(ctx context.Context, l *call, form wireForm) (*jsonvalues.Answer, error) {
	form.heard(l.response)
	answer := newAnswer(form)
	for begun := false; !answer.Whole; begun = true {
		if err := c.readOn(ctx, l, answer); err == io.EOF && !begun {
			return answer, nil
		} else if err != nil {
			return nil, c.cutShort(err)
		}
	}
	if failure := form.failure(answer.Meta); failure != nil {
		return answer, failure
	}
	return answer, nil
}

// maxPart is the largest size of a part of an answer; tests lower it.
var maxPart = jsonvalues.DefaultMaxPart

func newAnswer(form wireForm) *jsonvalues.Answer {
	answer := form.answer()
	answer.MaxPart = maxPart
	return answer
}

// readOn receives the next piece of an answer and reads the parts in it. At the end it returns io.EOF.
func (c *Connection) readOn(ctx context.Context, l *call, answer *jsonvalues.Answer) error {
	if err := c.more(ctx, l, answer.Feed); err != nil {
		return err
	}
	if err := answer.Read(); err != nil {
		return c.protocolError("the answer cannot be read", err)
	}
	return nil
}

// cutShort turns the io.EOF of an incomplete answer into a protocol error.
func (c *Connection) cutShort(err error) error {
	if err != io.EOF {
		return err
	}
	return c.protocolError("the answer ends before it is complete", jsonvalues.ErrShort)
}

// protocolError marks the connection as lost. While it is being opened, the error says that there is no connection.
func (c *Connection) protocolError(message string, cause error) error {
	if !c.opened {
		return &client.ConnectionUnavailable{Reason: client.ReasonNotNeo4j, Address: c.profile.Address(),
			Message: message, Err: cause}
	}
	return c.lose(&client.ProtocolError{Message: message, Err: cause})
}

// refusal makes an error from an answer that refuses the request: the server's failure, or a page of another program.
func (c *Connection) refusal(ctx context.Context, l *call) error {
	text, err := c.readAll(ctx, l)
	if err != nil {
		return err
	}
	if failure := findFailure(text); failure != nil {
		if l.status == 404 {
			return expired(failure)
		}
		return failure
	}
	message := "HTTP status " + strconv.Itoa(l.status) + " from " + l.url + ", which is not an answer of Neo4j"
	if media := l.header("Content-Type"); media != "" {
		message += " (" + media + ")"
	}
	reason := client.ReasonNotNeo4j
	switch l.status {
	case 502, 503, 504:
		reason = client.ReasonNetwork
		message += ": a proxy in between cannot reach the server"
	default:
		message += ": check host, port and path, and proxies in between"
	}
	if !c.opened {
		return &client.ConnectionUnavailable{Reason: reason, Address: c.profile.Address(), Message: message}
	}
	if reason == client.ReasonNetwork {
		return c.lose(c.brokenError(message, nil))
	}
	return c.lose(&client.ProtocolError{Message: message})
}
