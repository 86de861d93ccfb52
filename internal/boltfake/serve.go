package boltfake

import (
	"sync"

	"github.com/webbolt/webbolt/client"
)

// conversation is one connection to a Server.
type conversation struct {
	*Conn
	server   *Server
	messages chan Message // closed when the client has gone

	mu        sync.Mutex
	resets    int           // that were received and not answered
	interrupt chan struct{} // closed while resets are due, or the client has gone

	failed bool
	tx     *Query // of BEGIN
	open   map[int]*cursor
	last   int // qid
}

// cursor is a result that is not pulled to its end.
type cursor struct {
	answer Answer
	next   int
}

// messagesHeld is how many messages a client can be ahead of its server.
const messagesHeld = 1 << 10

func (s *Server) serve(c *Conn) {
	version := s.Version
	if version == (client.Version{}) {
		version = client.Version{Major: 5, Minor: 8}
	}
	c.Handshake(version)
	v := &conversation{Conn: c, server: s, messages: make(chan Message, messagesHeld), interrupt: make(chan struct{}),
		open: map[int]*cursor{}, last: -1}
	done := make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() { v.read(done) })
	defer reading.Wait()
	defer c.Close()
	defer close(done)
	for m := range v.messages {
		if m.Name == "GOODBYE" {
			return
		}
		v.handle(m)
	}
}

// read takes messages as they come, so that a RESET is seen while a query runs.
func (v *conversation) read(done <-chan struct{}) {
	defer close(v.messages)
	defer v.interrupted(1)
	for {
		m, err := v.receive()
		if err != nil {
			return
		}
		v.server.mu.Lock()
		v.server.log = append(v.server.log, m)
		v.server.mu.Unlock()
		if m.Name == "RESET" {
			v.interrupted(1)
		}
		select {
		case v.messages <- m:
		case <-done:
			return
		}
	}
}

func (v *conversation) interrupted(change int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	before := v.resets
	v.resets += change
	switch {
	case before == 0 && v.resets > 0:
		close(v.interrupt)
	case before > 0 && v.resets == 0:
		v.interrupt = make(chan struct{})
	}
}

func (v *conversation) handle(m Message) {
	if m.Name == "RESET" {
		v.reset()
		return
	}
	if v.failed {
		v.Ignored()
		return
	}
	switch m.Name {
	case "HELLO":
		v.hello(m.Map(0))
	case "LOGON":
		v.login(m.Map(0), map[string]any{})
	case "LOGOFF", "TELEMETRY":
		v.Success(nil)
	case "RUN":
		v.run(m)
	case "PULL", "DISCARD":
		v.transfer(m)
	case "BEGIN":
		v.begin(m)
	case "COMMIT":
		bookmark, failure := "bookmark:1", (*client.Failure)(nil)
		if v.server.Commit != nil {
			bookmark, failure = v.server.Commit()
		}
		v.endTransaction(bookmark, failure)
	case "ROLLBACK":
		var failure *client.Failure
		if v.server.Rollback != nil {
			failure = v.server.Rollback()
		}
		v.endTransaction("", failure)
	case "ROUTE":
		v.route(m)
	default:
		v.fail(&client.Failure{Code: "Neo.ClientError.Request.Invalid", Message: "no message of that kind is known"})
	}
}

func (v *conversation) reset() {
	v.interrupted(-1)
	v.failed, v.tx = false, nil
	clear(v.open)
	if v.server.Ping != nil {
		if failure := v.server.Ping(); failure != nil {
			v.fail(failure)
			return
		}
	}
	v.Success(nil)
}
