package session

import (
	"cmp"
	"context"
	"io"
	"math"
	"sync"
	"time"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/server/budget"
)

const (
	// unknownLimit limits the messages of users who are not recognised yet.
	unknownLimit = 64 << 10
	// pipelineLimit bounds the requests that wait for their answers.
	pipelineLimit = 1000
)

// Config configures a session.
type Config struct {
	Policy     Policy
	MaxMessage int             // bytes; 16 MiB if 0, no limit if negative
	Memory     *budget.Account // account for the page's incomplete message; or nil
	Granted    func(Grant)     // called when a user logs in; or nil
	Overtime   func()          // called when a transaction runs longer than Rules.Timeout and Grace; or nil
	Grace      time.Duration   // for the server to end such a transaction itself; 5 s if 0
	Refused    func(*Refusal)  // called for each refusal; or nil
}

// Session is one connection. One goroutine may call FromPage while another calls FromServer.
type Session struct {
	config  Config
	version wire.Version
	ctx     context.Context
	server  io.Writer

	// Of FromPage:
	incoming assembler
	phase    phase
	grant    Grant
	anew     bool // LOGOFF was passed on: another login is to come
	refusing bool // since a refusal, until RESET
	ending   bool // no more messages are handled after the page has been told why
	out      []byte

	requests *requests
	answers  answers
	clock    *clock
}

// phase is the state of the login.
type phase uint8

const (
	beforeHello phase = iota
	beforeLogon
	loggedIn
)

// New makes a session for a connection whose handshake is done. Writes to page are whole messages, or parts of a
// server's message. The end of the context ends all waits.
func New(ctx context.Context, config Config, version wire.Version, page, server io.Writer) *Session {
	switch {
	case config.MaxMessage == 0:
		config.MaxMessage = 16 << 20
	case config.MaxMessage < 0:
		config.MaxMessage = math.MaxInt
	}
	r := &requests{}
	r.changed = sync.NewCond(&r.mu)
	s := &Session{config: config, version: version, ctx: ctx, server: server, requests: r}
	s.clock = &clock{over: config.Overtime, grace: cmp.Or(config.Grace, DefaultGrace)}
	s.answers = answers{page: page, requests: r, clock: s.clock, version: version}
	context.AfterFunc(ctx, func() {
		r.abandon()
		s.clock.stop()
	})
	return s
}

// FromPage handles bytes from the page. After an [*End] the session cannot continue.
func (s *Session) FromPage(data []byte) error {
	for len(data) > 0 && !s.ending {
		limit := s.config.MaxMessage
		if s.phase != loggedIn {
			limit = min(limit, unknownLimit)
		}
		rest, complete, tooLarge := s.incoming.next(data, limit)
		if tooLarge {
			const text = "the message is larger than the relay takes"
			return s.refuse(invalid(text), &End{Kind: EndTooLarge, Text: text})
		}
		if err := s.config.Memory.Hold(int64(cap(s.incoming.message))); err != nil {
			return s.refuse(busy(err), &End{Kind: EndBusy, Text: err.Error(), Cause: err})
		}
		data = rest
		if complete {
			err := s.handle(s.incoming.message)
			s.incoming.clear()
			if err != nil {
				return err
			}
			if err := s.config.Memory.Hold(int64(cap(s.incoming.message))); err != nil { // taken back meanwhile
				return &End{Kind: EndBusy, Text: err.Error(), Cause: err}
			}
		}
	}
	return nil
}

// handle passes a message on or answers it.
func (s *Session) handle(message []byte) error {
	in := packstream.NewReader(message)
	tag, fields, err := in.StructHeader()
	if err != nil {
		return s.refuse(invalid("this is not a message of Bolt"), endProtocol("what came is not a message of Bolt"))
	}
	if s.refusing && tag != wire.MessageReset && tag != wire.MessageGoodbye {
		return s.answers.local(request{ignored: true})
	}
	refused := s.unknown(tag)
	if refused == nil {
		refused = s.outOfPhase(tag)
	}
	if err := s.config.Memory.Hold(int64(cap(s.incoming.message) + in.Len())); err != nil { // for the message made anew
		return s.refuse(busy(err), &End{Kind: EndBusy, Text: err.Error(), Cause: err})
	}
	var out []byte
	if refused == nil {
		out, refused = s.remake(tag, fields, &in)
	}
	if refused != nil {
		return s.refuse(refused, s.endAfter(tag, refused))
	}
	changesUser := tag == wire.MessageLogoff || tag == wire.MessageLogon && s.anew
	s.advance(tag)
	if tag != wire.MessageGoodbye { // it has no answer
		if !s.requests.push(request{forwarded: true, tag: tag, mustSucceed: changesUser}) {
			return s.ctx.Err()
		}
	}
	s.clock.asked()
	if err := s.send(out); err != nil {
		return &End{Kind: EndServer, Text: "the connection to the server broke", Cause: err}
	}
	// A server in the state FAILED ignores these; then the next message would be checked by one user's rules and
	// carried out as another user.
	if changesUser && !s.requests.awaitNone() {
		return s.ctx.Err()
	}
	return nil
}

// send writes a message to the server. Of a large one no second copy is made.
func (s *Session) send(message []byte) error {
	for len(message) > maxChunk {
		s.out = appendChunk(s.out[:0], message[:maxChunk])
		message = message[maxChunk:]
		if _, err := s.server.Write(s.out); err != nil {
			return err
		}
	}
	s.out = appendChunks(s.out[:0], message)
	_, err := s.server.Write(s.out)
	return err
}

// outOfPhase checks that HELLO comes first and once, and that nothing passes before the login.
func (s *Session) outOfPhase(tag byte) *Refusal {
	switch {
	case tag == wire.MessageGoodbye:
	case s.phase == beforeHello && tag != wire.MessageHello:
		return invalid("HELLO comes first")
	case s.phase != beforeHello && tag == wire.MessageHello:
		return invalid("HELLO comes once")
	case s.phase == beforeLogon && tag != wire.MessageLogon && tag != wire.MessageReset:
		return invalid("LOGON comes first")
	case s.phase == loggedIn && tag == wire.MessageLogon:
		return invalid("LOGOFF comes before another LOGON")
	}
	return nil
}

// endAfter is how the session ends after a refusal, or nil if it goes on.
func (s *Session) endAfter(tag byte, refused *Refusal) error {
	switch {
	case refused.Code == codeInvalid:
		return endProtocol(refused.Message)
	case tag == wire.MessageHello, tag == wire.MessageLogon:
		return &End{Kind: EndUnauthorized, Text: refused.Message}
	}
	return nil
}

// advance notes that a message was passed on.
func (s *Session) advance(tag byte) {
	switch tag {
	case wire.MessageHello:
		s.phase = loggedIn
		if wire.FeatureLogon.In(s.version) {
			s.phase = beforeLogon
		}
	case wire.MessageLogon:
		s.phase = loggedIn
	case wire.MessageLogoff:
		s.phase = beforeLogon
		s.grant = Grant{}
		s.anew = true
	case wire.MessageReset:
		s.refusing = false
	}
}

// refuse answers with a FAILURE in its turn, and ends the session after it if end is not nil.
func (s *Session) refuse(refused *Refusal, end error) error {
	if s.config.Refused != nil {
		s.config.Refused(refused)
	}
	s.refusing, s.ending = true, end != nil
	return s.answers.local(request{refusal: refused, end: end})
}
