package replay

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// Server is a running server.
type Server struct {
	// Address is host:port.
	Address string

	listener net.Listener
	running  sync.WaitGroup
	mu       sync.Mutex
	closed   bool
	streams  map[net.Conn]bool
}

// Listen starts a server at address, such as "127.0.0.1:0".
func Listen(address string) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &Server{Address: listener.Addr().String(), listener: listener, streams: map[net.Conn]bool{}}
	s.running.Go(s.accept)
	return s, nil
}

// Close stops the server.
func (s *Server) Close() error {
	err := s.listener.Close()
	s.mu.Lock()
	s.closed = true
	for stream := range s.streams {
		_ = stream.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
	return err
}

func (s *Server) accept() {
	for {
		stream, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			_ = stream.Close()
			return
		}
		s.streams[stream] = true
		s.mu.Unlock()
		s.running.Go(func() {
			_ = Serve(stream) // it ends when the client goes, however
			s.mu.Lock()
			delete(s.streams, stream)
			s.mu.Unlock()
		})
	}
}

// conversation is one client's connection.
type conversation struct {
	reader *bufio.Reader
	out    *bufio.Writer
	body   []byte // of the message that came last

	load *Load // of the result that is open
	at   int   // the next record
	end  int   // how many there are
}

// Serve answers one client until it goes, and closes the stream.
func Serve(stream io.ReadWriteCloser) error {
	defer stream.Close()
	v := &conversation{reader: bufio.NewReader(stream), out: bufio.NewWriterSize(stream, 64<<10)}
	var offer [20]byte
	if _, err := io.ReadFull(v.reader, offer[:]); err != nil {
		return err
	}
	if _, err := stream.Write([]byte{0, 0, 8, 5}); err != nil {
		return err
	}
	for {
		if v.reader.Buffered() == 0 {
			if err := v.out.Flush(); err != nil {
				return err
			}
		}
		if err := v.receive(); err != nil {
			return err
		}
		if err := v.answer(); err != nil {
			return err
		}
	}
}

func (v *conversation) receive() error {
	v.body = v.body[:0]
	for {
		var header [2]byte
		if _, err := io.ReadFull(v.reader, header[:]); err != nil {
			return err
		}
		size := int(binary.BigEndian.Uint16(header[:]))
		if size == 0 {
			return nil
		}
		start := len(v.body)
		v.body = slices.Grow(v.body, size)[:start+size]
		if _, err := io.ReadFull(v.reader, v.body[start:]); err != nil {
			return err
		}
	}
}

var errGoodbye = errors.New("the client said goodbye")

func (v *conversation) answer() error {
	r := packstream.NewReader(v.body)
	tag, _, err := r.StructHeader()
	if err != nil {
		return err
	}
	switch tag {
	case wire.MessageHello:
		return v.send(greeted)
	case wire.MessageGoodbye:
		return errGoodbye
	case wire.MessageRun:
		query, err := r.String()
		if err != nil {
			return err
		}
		return v.run(query)
	case wire.MessagePull, wire.MessageDiscard:
		extra, err := r.Any()
		if err != nil {
			return err
		}
		n, _ := extra.(map[string]any)["n"].(int64)
		return v.transfer(int(n), tag == wire.MessagePull)
	case wire.MessageRoute:
		return errors.New("there is no cluster")
	}
	return v.send(done)
}

func (v *conversation) run(query string) error {
	name, count, _ := strings.Cut(query, " ")
	i := slices.IndexFunc(Loads, func(l *Load) bool { return l.Name == name })
	rows, err := strconv.Atoi(count)
	if i < 0 || err != nil {
		return errors.New("unknown load " + query)
	}
	v.load, v.at, v.end = Loads[i], 0, rows
	return v.send(v.load.begun)
}

func (v *conversation) transfer(n int, send bool) error {
	if n < 0 {
		n = v.end
	}
	for n > 0 && v.at < v.end {
		records, count := v.load.slice(v.at, min(n, v.end-v.at))
		if send {
			if err := v.send(records); err != nil {
				return err
			}
		}
		v.at += count
		n -= count
	}
	if v.at < v.end {
		return v.send(more)
	}
	return v.send(ended)
}

// The answers that are always the same, made once.
var (
	greeted = success(map[string]any{"server": "Neo4j/5.26.30", "connection_id": "bolt-1", "hints": map[string]any{}})
	done    = success(map[string]any{})
	more    = success(map[string]any{"has_more": true})
	ended   = success(map[string]any{"type": "r", "t_last": 0, "db": "neo4j", "bookmark": "b:1"})
)

// success makes a SUCCESS message, in chunks.
func success(metadata map[string]any) []byte {
	body, err := packstream.Append(packstream.AppendStructHeader(nil, wire.MessageSuccess, 1), metadata)
	if err != nil {
		panic(err) // the metadata above are known to be right
	}
	return appendChunked(nil, body)
}

func (v *conversation) send(message []byte) error {
	_, err := v.out.Write(message)
	return err
}
