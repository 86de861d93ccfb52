package replay

import (
	"io"
	"net/http"

	"github.com/gorilla/websocket"
)

// FrameSize is how large a frame of [Handler] is at most. Neo4j 5.26 sends a frame for each record and one for its end;
// a relay sends what it has read.
const FrameSize = 64 << 10

// Handler serves the same over a WebSocket.
func Handler() http.Handler {
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return // Upgrade has answered
		}
		_ = Serve(&frames{ws: ws}) // it ends when the client goes, however
	})
}

// frames is a WebSocket as a stream.
type frames struct {
	ws      *websocket.Conn
	reading io.Reader
}

func (f *frames) Read(p []byte) (int, error) {
	for {
		if f.reading == nil {
			_, reader, err := f.ws.NextReader()
			if err != nil {
				return 0, err
			}
			f.reading = reader
		}
		n, err := f.reading.Read(p)
		if err == io.EOF {
			f.reading, err = nil, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (f *frames) Write(p []byte) (written int, err error) {
	for written < len(p) {
		n := min(len(p)-written, FrameSize)
		if err := f.ws.WriteMessage(websocket.BinaryMessage, p[written:written+n]); err != nil {
			return written, err
		}
		written += n
	}
	return written, nil
}

func (f *frames) Close() error { return f.ws.Close() }
