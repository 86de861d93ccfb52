package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/webbolt/webbolt/client"
)

// frontend is one conversation with the suite. A call into the client may come back with a question for the suite, such
// as for a token; then the asking goroutine reads the suite's next requests, while the call that led to it waits.
type frontend struct {
	stream io.ReadWriteCloser
	in     *bufio.Reader
	asking sync.Mutex // one question at a time

	last         int // number given to an object
	drivers      map[string]*driver
	sessions     map[string]*session
	transactions map[string]*transaction
	results      map[string]*result
	managers     map[string]any // of bookmarks and tokens
	errors       map[string]error
	answers      map[string]data // to questions
	told         map[*client.Failure]bool
}

// data are a message's fields.
type data map[string]any

func newFrontend(stream net.Conn) *frontend {
	return &frontend{
		stream: stream, in: bufio.NewReader(stream), drivers: map[string]*driver{}, sessions: map[string]*session{},
		transactions: map[string]*transaction{}, results: map[string]*result{}, managers: map[string]any{},
		errors: map[string]error{}, answers: map[string]data{},
		told: map[*client.Failure]bool{},
	}
}

// serve answers requests until the suite has gone.
func (f *frontend) serve() {
	defer f.stream.Close()
	defer func() {
		for _, d := range f.drivers {
			d.Close()
		}
	}()
	for f.handleNext(context.Background()) == nil {
	}
}

// handleNext reads one request and answers it.
func (f *frontend) handleNext(ctx context.Context) error {
	name, d, err := f.read()
	if err != nil {
		return err
	}
	handle := requests[name]
	if handle == nil {
		f.respond("BackendError", data{"msg": "there is no request " + name})
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			f.respond("BackendError", data{"msg": fmt.Sprint(p)})
		}
	}()
	response, answer, err := handle(ctx, f, d)
	switch {
	case err != nil:
		f.respondError(err)
	case response != "":
		f.respond(response, answer)
	}
	return nil
}

func (f *frontend) read() (name string, d data, err error) {
	var text bytes.Buffer
	for {
		line, err := f.in.ReadBytes('\n')
		if err != nil {
			return "", nil, err
		}
		switch string(bytes.TrimSpace(line)) {
		case "#request begin":
			text.Reset()
		case "#request end":
			var request struct {
				Name string
				Data data
			}
			decoder := json.NewDecoder(&text)
			decoder.UseNumber()
			err := decoder.Decode(&request)
			return request.Name, request.Data, err
		default:
			text.Write(line)
		}
	}
}

func (f *frontend) respond(name string, d any) {
	encoded, err := json.Marshal(data{"name": name, "data": d})
	if err != nil {
		encoded, _ = json.Marshal(data{"name": "BackendError", "data": data{"msg": err.Error()}})
	}
	// without the frontend, reading ends, too
	_, _ = fmt.Fprintf(f.stream, "#response begin\n%s\n#response end\n", encoded)
}

// ask has the suite answer a question, and returns the fields of its answer.
func (f *frontend) ask(ctx context.Context, question string, d data) (data, error) {
	f.asking.Lock()
	defer f.asking.Unlock()
	id := f.number()
	d["id"] = id
	f.respond(question, d)
	for {
		if err := f.handleNext(ctx); err != nil {
			return nil, err
		}
		if answer, is := f.answers[id]; is {
			delete(f.answers, id)
			return answer, nil
		}
	}
}

// number returns an object's id.
func (f *frontend) number() string {
	f.last++
	return strconv.Itoa(f.last)
}

// request carries one request out; without a response's name there is nothing to say.
type request func(ctx context.Context, f *frontend, d data) (response string, answer any, err error)

var errFromFrontend = errors.New("the suite's own error")

func (d data) text(name string) string { s, _ := d[name].(string); return s }

func (d data) flag(name string) bool { b, _ := d[name].(bool); return b }

func (d data) object(name string) data {
	m, _ := d[name].(map[string]any)
	return m
}

func (d data) number(name string) (int, bool) {
	n, is := d[name].(json.Number)
	if !is {
		return 0, false
	}
	i, err := n.Int64()
	return int(i), err == nil
}

func (d data) milliseconds(name string) (time.Duration, bool) {
	n, is := d.number(name)
	return time.Duration(n) * time.Millisecond, is
}

// texts are nil where there is no list, and empty where it is.
func (d data) texts(name string) []string {
	list, is := d[name].([]any)
	if !is {
		return nil
	}
	texts := make([]string, len(list))
	for i, item := range list {
		texts[i], _ = item.(string)
	}
	return texts
}
