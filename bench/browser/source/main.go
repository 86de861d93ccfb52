// Command source is what the browser bench needs of Go: the replay server, over TCP and over WebSockets, and the native
// reader, which shows how fast a server can be read.
//
// It prints {"tcp": "host:port", "ws": "host:port"}. From then on each line of its standard input asks for a reading,
// as {"address", "user", "password", "query", "parameters"}, and each line of its output answers: {"rows", "seconds"},
// or {"error"}. It ends with its input.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/internal/boltfake/replay"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	server, err := replay.Listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	defer server.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	sockets := &http.Server{Handler: replay.Handler()}
	go func() { _ = sockets.Serve(listener) }() // until it is closed
	defer sockets.Close()
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(map[string]string{"tcp": server.Address, "ws": listener.Addr().String()}); err != nil {
		return err
	}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var asked reading
		if err := json.Unmarshal(in.Bytes(), &asked); err != nil {
			return err
		}
		answer := asked.answer(context.Background())
		if err := out.Encode(answer); err != nil {
			return err
		}
	}
	return in.Err()
}

type reading struct {
	Address    string         `json:"address"`
	User       string         `json:"user"`
	Password   string         `json:"password"`
	Query      string         `json:"query"`
	Parameters map[string]any `json:"parameters"`
}

type answer struct {
	Rows    int     `json:"rows"`
	Seconds float64 `json:"seconds"`
	Error   string  `json:"error,omitempty"`
}

func (r reading) answer(ctx context.Context) answer {
	rows, seconds, err := r.read(ctx)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Rows: rows, Seconds: seconds}
}

// read walks over every value of the result.
func (r reading) read(ctx context.Context) (rows int, seconds float64, err error) {
	profile, err := client.ParseProfile("bolt://" + r.Address)
	if err != nil {
		return 0, 0, err
	}
	profile.User, profile.Password = r.User, client.Secret(r.Password)
	conn, err := net.Dial("tcp", r.Address)
	if err != nil {
		return 0, 0, err
	}
	cx, err := bolt.Open(ctx, conn, profile, client.Options{})
	if err != nil {
		return 0, 0, err
	}
	defer cx.Close()
	for name, value := range r.Parameters {
		if number, ok := value.(float64); ok { // JSON knows no integers
			r.Parameters[name] = int64(number)
		}
	}
	began := time.Now()
	result, err := cx.RunProg(ctx, "", r.Query, r.Parameters, true)
	if err != nil {
		return 0, 0, err
	}
	for {
		batch, err := result.NextBatch(ctx)
		if err == io.EOF {
			return rows, time.Since(began).Seconds(), nil
		}
		if err != nil {
			return 0, 0, err
		}
		for _, span := range batch.Records {
			reader := packstream.NewReader(batch.Data[span.Start:span.End])
			if err := reader.Skip(); err != nil {
				return 0, 0, err
			}
		}
		rows += len(batch.Records)
	}
}
