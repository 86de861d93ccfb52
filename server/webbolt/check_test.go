package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

func TestPrintable(t *testing.T) {
	require.Equal(t, `a\x1b[31m\r\n\u202e\u009b\x00\u200bä→`, printable("a\x1b[31m\r\n\u202e\u009b\x00\u200bä→"))
	require.Less(t, len(printable(strings.Repeat("\x1b", 1<<20))), 2*maxPrinted)
	require.NotContains(t, printable("\xff\x1b"), "\x1b")
}

// What a server says does not reach the terminal as it is.
func TestCheckPrintsNoEscapes(t *testing.T) {
	evil := "\x1b]0;owned\a\x1b[2J\u202e"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		_, _, _ = ws.ReadMessage()
		_ = ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(4403, evil))
	}))
	defer server.Close()
	var out bytes.Buffer
	err := run(t.Context(), []string{"check", strings.Replace(server.URL, "http", "ws", 1)}, &out, io.Discard)
	require.ErrorIs(t, err, errCheckFailed)
	require.Contains(t, out.String(), `\x1b]0;owned\a\x1b[2J\u202e`)
	require.NotContains(t, out.String(), "\x1b")
}
