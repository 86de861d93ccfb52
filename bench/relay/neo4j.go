//go:build unix

package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// measureNeo4j takes a large result and round trips from a real server, if there is one.
func (b *bench) measureNeo4j() error {
	server, err := neo4jtest.Find(neo4jtest.V5)
	if err != nil {
		return err
	}
	if server == nil {
		fmt.Fprintln(os.Stderr, "bench/relay: no Neo4j in the environment; see `make servers`")
		return nil
	}
	paths, err := b.paths(server.BoltAddr)
	if err != nil {
		return err
	}
	source := "Neo4j " + string(server.Version)
	for range b.rounds {
		for _, p := range paths {
			if err := b.neo4jRound(source, server, p); err != nil {
				return fmt.Errorf("%s: %w", p.subject, err)
			}
		}
	}
	return nil
}

func (b *bench) neo4jRound(source string, server *neo4jtest.Server, p path) error {
	conn, err := p.open()
	if err != nil {
		return err
	}
	defer conn.Close()
	s := &boltSession{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}
	if err := s.login(server); err != nil {
		return err
	}
	began := time.Now()
	rows, err := s.run(fmt.Sprintf("UNWIND range(1, %d) AS x RETURN x, x + 1, x + 2", b.rows))
	if err != nil {
		return err
	}
	b.report.Add(source, fmt.Sprintf("bulk of %d rows", b.rows), "rows", p.subject, "1/s",
		float64(rows)/time.Since(began).Seconds())
	var took []time.Duration
	for until := time.Now().Add(b.settings.trips); time.Now().Before(until); {
		began := time.Now()
		if _, err := s.run("RETURN 1"); err != nil {
			return err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.report.Add(source, "RETURN 1", "p50", p.subject, "ms", milliseconds(took[len(took)/2]))
	b.report.Add(source, "RETURN 1", "p99", p.subject, "ms", milliseconds(took[len(took)*99/100]))
	return nil
}

// boltSession speaks as much Bolt 5.4 as the measurement needs, so that it is the subjects that are measured and not a
// client.
type boltSession struct {
	conn stream
	in   *bufio.Reader
}

func (s *boltSession) login(server *neo4jtest.Server) error {
	if _, err := s.conn.Write(append(append(wire.Preamble[:], 0, 0, 4, 5), make([]byte, 12)...)); err != nil {
		return err
	}
	var version [4]byte
	if _, err := io.ReadFull(s.in, version[:]); err != nil {
		return err
	}
	if version != [4]byte{0, 0, 4, 5} {
		return fmt.Errorf("the server chose %v", version)
	}
	agent := map[string]any{"user_agent": "webbolt-bench/1", "bolt_agent": map[string]any{"product": "webbolt-bench/1"}}
	login := map[string]any{"scheme": "basic", "principal": server.User, "credentials": server.Password}
	if err := errors.Join(s.ask(wire.MessageHello, agent), s.ask(wire.MessageLogon, login)); err != nil {
		return err
	}
	for range 2 {
		if _, err := s.records(); err != nil {
			return err
		}
	}
	return nil
}

func (s *boltSession) run(query string) (rows int, err error) {
	out, err := appendMessage(nil, wire.MessageRun, query, map[string]any{}, map[string]any{})
	if err != nil {
		return 0, err
	}
	if out, err = appendMessage(out, wire.MessagePull, map[string]any{"n": int64(-1)}); err != nil {
		return 0, err
	}
	if _, err := s.conn.Write(out); err != nil {
		return 0, err
	}
	if _, err := s.records(); err != nil {
		return 0, err
	}
	return s.records()
}

func (s *boltSession) ask(tag byte, fields ...any) error {
	out, err := appendMessage(nil, tag, fields...)
	if err != nil {
		return err
	}
	_, err = s.conn.Write(out)
	return err
}

func appendMessage(out []byte, tag byte, fields ...any) ([]byte, error) {
	body := packstream.AppendStructHeader(nil, tag, len(fields))
	for _, field := range fields {
		var err error
		if body, err = packstream.Append(body, field); err != nil {
			return nil, err
		}
	}
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)))
	return append(append(out, body...), 0, 0), nil
}

// records counts records up to the answer's end.
func (s *boltSession) records() (n int, err error) {
	for {
		tag, err := s.message()
		switch {
		case err != nil:
			return n, err
		case tag == wire.MessageRecord:
			n++
		case tag == wire.MessageSuccess:
			return n, nil
		default:
			return n, errors.New("the server failed")
		}
	}
}

// message passes over a message and returns its tag.
func (s *boltSession) message() (tag byte, err error) {
	for size := 0; ; {
		header, err := s.in.Peek(2)
		if err != nil {
			return 0, err
		}
		n := int(binary.BigEndian.Uint16(header))
		if _, err := s.in.Discard(2); err != nil {
			return 0, err
		}
		if n == 0 && size > 0 {
			return tag, nil
		}
		if n > 0 && size == 0 {
			start, err := s.in.Peek(2)
			if err != nil {
				return 0, err
			}
			tag = start[1]
		}
		if _, err := s.in.Discard(n); err != nil {
			return 0, err
		}
		size += n
	}
}
