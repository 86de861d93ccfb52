//go:build unix

package main

import (
	"io"
	"sync"

	"github.com/gorilla/websocket"
)

var writeBuffers = &sync.Pool{}

// socket is a WebSocket as a stream.
type socket struct {
	ws      *websocket.Conn
	message io.Reader
}

func (s *socket) Read(b []byte) (int, error) {
	for {
		if s.message == nil {
			var err error
			if _, s.message, err = s.ws.NextReader(); err != nil {
				return 0, err
			}
		}
		n, err := s.message.Read(b)
		if err == io.EOF {
			s.message, err = nil, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (s *socket) Write(b []byte) (int, error) {
	if err := s.ws.WriteMessage(websocket.BinaryMessage, b); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (s *socket) Close() error { return s.ws.Close() }
