package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"runtime"
	"strings"

	"github.com/webbolt/webbolt/server/budget"
	"github.com/webbolt/webbolt/server/session"
)

const (
	maxStatements = 10_000 // in one request
	maxMembers    = 100    // of an object whose members mean something
	firstPiece    = 4 << 10
	largestPiece  = 256 << 10
)

var (
	errBody   = errors.New("the body is not what this path takes")
	errCounts = errors.New("the body has more statements or members than the relay takes")
)

// remaking limits how many bodies are remade at the same time, because each needs several times its size for a moment.
var remaking = make(chan struct{}, runtime.GOMAXPROCS(0))

// readBody reads a body in pieces, so that a body that is announced but not sent needs no memory.
func readBody(in io.Reader, memory *budget.Account) (pieces [][]byte, size int64, err error) {
	next := firstPiece
	for {
		if err := memory.Hold(size + int64(next)); err != nil {
			return nil, 0, err
		}
		piece := make([]byte, next)
		n, err := io.ReadFull(in, piece)
		pieces, size = append(pieces, piece[:n]), size+int64(n)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return pieces, size, nil
		}
		if err != nil {
			return nil, 0, err
		}
		next = min(2*next, largestPiece)
	}
}

// checkBody reads a body and returns the body to send instead, which follows the rules. Unknown members are left out.
func checkBody(r route, rules *session.Rules, in io.Reader, memory *budget.Account) ([]byte, *session.Refusal, error) {
	pieces, size, err := readBody(in, memory)
	if err != nil {
		return nil, nil, err
	}
	if err := memory.Hold(2 * size); err != nil { // the original and the new body
		return nil, nil, err
	}
	readers := make([]io.Reader, len(pieces))
	for i, piece := range pieces {
		readers[i] = bytes.NewReader(piece)
	}
	remaking <- struct{}{}
	out, refused, err := remakeBody(r, rules, io.MultiReader(readers...), int(size))
	<-remaking
	if err != nil || refused != nil {
		return nil, refused, err
	}
	return out, nil, memory.Hold(int64(cap(out)))
}

// remakeBody reads the text once and writes the new one at the same time, without building values.
func remakeBody(r route, rules *session.Rules, in io.Reader, size int) ([]byte, *session.Refusal, error) {
	m := &remaker{in: json.NewDecoder(in), rules: rules}
	m.out.Grow(size)
	var err error
	if r.form == transactionAPI {
		err = m.object(m.statements)
	} else {
		err = m.query()
	}
	if err == nil {
		if _, end := m.in.Token(); end != io.EOF {
			err = errBody
		}
	}
	switch {
	case m.refused != nil:
		return nil, m.refused, nil
	case err != nil && !errors.Is(err, errCounts):
		return nil, nil, errors.Join(errBody, err)
	}
	return m.out.Bytes(), nil, err
}

// remaker reads a body token by token and writes its known members. Methods that end with an error or a refusal do not
// read the rest.
type remaker struct {
	in      *json.Decoder
	out     bytes.Buffer
	rules   *session.Rules
	refused *session.Refusal

	mode    string // of the Query API
	timeout int64  // seconds
	hasText bool   // of the object that is read
}

// errRefused stops the reading; the refusal says why.
var errRefused = errors.New("refused")

// object reads an object, and writes an object of the members that the function member writes. A name that occurs twice
// is refused, because the server might use the other value.
func (m *remaker) object(member func(name string) error) error {
	if err := m.delimiter('{'); err != nil {
		return err
	}
	m.out.WriteByte('{')
	seen := map[string]bool{}
	for m.in.More() {
		token, err := m.in.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder accepts nothing else
		if seen[name] {
			return errBody
		}
		if seen[name] = true; len(seen) > maxMembers {
			return errCounts
		}
		if err := member(name); err != nil {
			return err
		}
	}
	m.out.WriteByte('}')
	return m.delimiter('}')
}

func (m *remaker) delimiter(want json.Delim) error {
	token, err := m.in.Token()
	if err != nil {
		return err
	}
	if token != want {
		return errBody
	}
	return nil
}

// name writes the name of a member, and the comma before it.
func (m *remaker) name(name string) {
	m.separate()
	m.out.WriteString(`"` + name + `":`) // known names need no escapes
}

func (m *remaker) separate() {
	if last := m.out.Bytes()[m.out.Len()-1]; last != '{' && last != '[' {
		m.out.WriteByte(',')
	}
}

// statements is the body of a request to the transaction API.
func (m *remaker) statements(name string) error {
	if name != "statements" {
		return m.skip()
	}
	if err := m.delimiter('['); err != nil {
		return err
	}
	m.name(name)
	m.out.WriteByte('[')
	for count := 1; m.in.More(); count++ {
		if count > maxStatements {
			return errCounts
		}
		m.separate()
		m.hasText = false
		if err := m.object(m.statementMember); err != nil {
			return err
		}
		if !m.hasText {
			return errBody
		}
	}
	m.out.WriteByte(']')
	return m.delimiter(']')
}

func (m *remaker) statementMember(name string) error {
	switch name {
	case "statement":
		return m.text(name)
	case "parameters", "resultDataContents", "includeStats":
		return m.copy(name)
	}
	return m.skip()
}

// query is the body of a request to the Query API.
func (m *remaker) query() error {
	if err := m.object(m.queryMember); err != nil {
		return err
	}
	if !m.hasText || m.timeout < 0 || m.timeout > math.MaxInt64/1000 {
		return errBody
	}
	m.out.Truncate(m.out.Len() - 1) // the rest of the object
	if mode := accessMode(m.rules, m.mode); mode != "" {
		m.name("accessMode")
		if err := m.value(mode); err != nil {
			return err
		}
	}
	if limit := seconds(m.rules.LongestTimeout(m.timeout * 1000)); limit != 0 {
		m.name("maxExecutionTime")
		if err := m.value(limit); err != nil {
			return err
		}
	}
	m.out.WriteByte('}')
	return nil
}

func (m *remaker) queryMember(name string) error {
	switch name {
	case "statement":
		return m.text(name)
	case "parameters", "includeCounters", "bookmarks":
		return m.copy(name)
	case "accessMode":
		return m.in.Decode(&m.mode)
	case "maxExecutionTime":
		return m.in.Decode(&m.timeout)
	case "impersonatedUser":
		var user *string
		if err := m.in.Decode(&user); err != nil || user == nil {
			return err
		}
		m.refused = session.Impersonation()
		return errRefused
	}
	return m.skip()
}

// text checks a query's text against the rules.
func (m *remaker) text(name string) error {
	var text string
	if err := m.in.Decode(&text); err != nil {
		return err
	}
	if m.refused = m.rules.Query(text); m.refused != nil {
		return errRefused
	}
	m.hasText = true
	m.name(name)
	return m.value(text)
}

func (m *remaker) value(value any) error {
	text, err := json.Marshal(value)
	m.out.Write(text)
	return err
}

// copy writes a member unchanged.
func (m *remaker) copy(name string) error {
	m.name(name)
	return m.in.Decode((*rawWriter)(&m.out))
}

func (m *remaker) skip() error { return m.in.Decode(&skipped{}) }

// rawWriter writes a value's text, of which the decoder has checked that it is JSON.
type rawWriter bytes.Buffer

// UnmarshalJSON implements [json.Unmarshaler].
func (w *rawWriter) UnmarshalJSON(text []byte) error {
	_, err := (*bytes.Buffer)(w).Write(text)
	return err
}

// skipped is a value that is not kept.
type skipped struct{}

// UnmarshalJSON implements [json.Unmarshaler].
func (*skipped) UnmarshalJSON([]byte) error { return nil }

func accessMode(rules *session.Rules, asked string) string {
	if rules.ReadOnly {
		return "READ"
	}
	return strings.ToUpper(asked)
}

// seconds rounds up, because 0 means no limit.
func seconds(milliseconds int64) int64 { return int64(math.Ceil(float64(milliseconds) / 1000)) }
