package session

import (
	"io"
	"sync"

	"github.com/webbolt/webbolt/client/wire"
)

// answers writes to the page: the server's bytes as they come, and the relay's own answers, each in its turn.
type answers struct {
	page     io.Writer
	requests *requests
	clock    *clock
	version  wire.Version

	mu     sync.Mutex // held while writing to the page
	failed bool       // the last answer was FAILURE or IGNORED
	scan   scanner
	held   []byte // half of a chunk's header, so that no answer of the relay's comes in between
}

// FromServer handles bytes from the server. After an error the session cannot continue.
func (s *Session) FromServer(data []byte) error { return s.answers.fromServer(data) }

func (a *answers) fromServer(data []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.held) > 0 {
		data = append(a.held, data...)
		a.held = nil
	}
	sent, seen := 0, 0
	for {
		n, tag, answered := a.scan.next(data[seen:])
		seen += n
		if !answered {
			break
		}
		if err := a.answered(tag); err != nil {
			_, _ = a.page.Write(data[sent:seen]) // it ends either way
			return err
		}
		if a.requests.localIsFirst() {
			if _, err := a.page.Write(data[sent:seen]); err != nil {
				return err
			}
			sent = seen
			if err := a.ownTurn(); err != nil {
				return err
			}
		}
	}
	a.held = append(a.held, data[seen:]...)
	if sent == seen {
		return nil
	}
	_, err := a.page.Write(data[sent:seen])
	return err
}

// local sends the relay's own answer to q when its turn has come.
func (a *answers) local(q request) error {
	if !a.requests.push(q) {
		return io.ErrClosedPipe
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ownTurn()
}

// answered notes the server's answer to the first request.
func (a *answers) answered(tag byte) error {
	if tag != wire.MessageSuccess && tag != wire.MessageFailure && tag != wire.MessageIgnored {
		return &End{Kind: EndServer, Text: "what the server sends is no answer of Bolt"}
	}
	q, ok := a.requests.popForwarded()
	if !ok {
		return &End{Kind: EndServer, Text: "the server answers what nobody asked"}
	}
	switch {
	case tag != wire.MessageSuccess && q.mustSucceed:
		return &End{Kind: EndUnauthorized, Text: "the server did not change the user"}
	case tag != wire.MessageSuccess:
		a.failed = true
	case q.tag == wire.MessageReset:
		a.failed = false
	}
	a.clock.answered(q.tag, tag == wire.MessageSuccess, a.requests.any())
	return nil
}

// ownTurn sends the relay's answers whose turn it is. All that the server answered before must have been sent.
func (a *answers) ownTurn() error {
	for {
		q, ok := a.requests.popLocal()
		if !ok {
			return nil
		}
		message := ignored()
		if q.refusal != nil && (!a.failed || q.end != nil) {
			message = q.refusal.failure(a.version)
		}
		a.failed = true
		if _, err := a.page.Write(appendChunks(nil, message)); err != nil {
			return err
		}
		if q.end != nil {
			return q.end
		}
	}
}
