package session

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAssemblerTakesChunksAsTheyCome(t *testing.T) {
	message := bytes.Repeat([]byte("0123456789"), 20_000) // more than three chunks
	stream := append(append(appendChunks(nil, message), 0, 0, 0, 0), appendChunks(nil, []byte("ab"))...)
	for _, size := range []int{1, 2, 3, 1000, len(stream)} {
		var a assembler
		var got [][]byte
		for rest := stream; len(rest) > 0; {
			part := rest[:min(size, len(rest))]
			rest = rest[len(part):]
			for len(part) > 0 {
				var complete, tooLarge bool
				part, complete, tooLarge = a.next(part, len(message))
				require.False(t, tooLarge)
				if complete {
					got = append(got, bytes.Clone(a.message))
					a.clear()
				}
			}
		}
		require.Len(t, got, 2)
		require.True(t, bytes.Equal(message, got[0]))
		require.Equal(t, "ab", string(got[1]))
	}
	var a assembler
	_, _, tooLarge := a.next(stream, len(message)-1)
	require.True(t, tooLarge)
}

// answersOf finds where the answers end, however the bytes are split.
func answersOf(stream []byte, sizes []byte) (ends []int, tags []byte) {
	var c scanner
	var held []byte
	done := 0
	for i := 0; len(stream) > 0; i++ {
		size := len(stream)
		if len(sizes) > 0 {
			size = min(size, int(sizes[i%len(sizes)])+1)
		}
		data := append(held, stream[:size]...)
		stream = stream[size:]
		seen := 0
		for {
			n, tag, answered := c.next(data[seen:])
			seen += n
			if !answered {
				break
			}
			ends, tags = append(ends, done+seen), append(tags, tag)
		}
		done += seen
		held = append([]byte(nil), data[seen:]...)
	}
	return ends, tags
}

func FuzzScannerFindsTheSameHoweverItIsSplit(f *testing.F) {
	stream := appendChunks(nil, []byte{0xB1, wire.MessageSuccess, 0xA0})
	stream = append(stream, 0, 0)
	stream = append(stream, appendChunks(nil, append([]byte{0xB1, wire.MessageRecord}, make([]byte, 300)...))...)
	stream = append(stream, appendChunks(nil, []byte{0xB1, wire.MessageFailure, 0xA0})...)
	f.Add(append(appendChunks(nil, []byte{0xB0, 0}), stream...), []byte{0})
	f.Add(stream, []byte{0})
	f.Add(stream, []byte{1, 6})
	f.Fuzz(func(t *testing.T, stream, sizes []byte) {
		ends, tags := answersOf(stream, nil)
		gotEnds, gotTags := answersOf(stream, sizes)
		require.Equal(t, ends, gotEnds)
		require.Equal(t, tags, gotTags)
	})
}

// open is a policy for tests.
type open struct{ Rules }

func (o open) Admit(context.Context, Presented) (Grant, error) {
	return Grant{User: "x", Credentials: Credentials{Principal: "p", Secret: "s"}, Rules: o.Rules}, nil
}

// Whatever a page sends, what reaches the server is well formed, of the known kinds, and read-only.
func FuzzFromPage(f *testing.F) {
	login := appendChunks(nil, []byte{0xB1, wire.MessageHello, 0xA0})
	login = append(login, appendChunks(nil, []byte{0xB1, wire.MessageLogon, 0xA0})...)
	run, _ := packstream.Append(packstream.AppendStructHeader(nil, wire.MessageRun, 3), "RETURN 1")
	run = append(run, 0xA0, 0xA1, 0x84, 'm', 'o', 'd', 'e', 0x81, 'w')
	f.Add(appendChunks(nil, run))
	f.Add(appendChunks(nil, []byte{0xB1, wire.MessageBegin, 0xA0}))
	f.Add(appendChunks(nil, []byte{0xB0, wire.MessageReset}))
	f.Add([]byte{0, 2, 0xB0, wire.MessageCommit, 0, 0, 0, 0, 0, 1, 0xB0})
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var server bytes.Buffer
		s := New(ctx, Config{Policy: open{Rules{ReadOnly: true, Databases: []string{"neo4j"}}}},
			wire.Version{Major: 5, Minor: 8}, io.Discard, &server)
		require.NoError(t, s.FromPage(login))
		server.Reset()
		if strings.Count(string(data), "\x00\x00") > pipelineLimit/2 {
			return // nobody answers here, so the queue would fill
		}
		err := s.FromPage(data)
		if end := new(End); err != nil && !errors.As(err, &end) {
			t.Fatal(err)
		}
		requireHeld(t, server.Bytes())
	})
}

// requireHeld looks at every message that the server would get.
func requireHeld(t *testing.T, stream []byte) {
	var a assembler
	for len(stream) > 0 {
		rest, complete, _ := a.next(stream, 1<<30)
		stream = rest
		if !complete {
			continue
		}
		r := packstream.NewReader(a.message)
		tag, n, err := r.StructHeader()
		require.NoError(t, err)
		k, isKind := kinds[tag]
		require.True(t, isKind)
		require.Equal(t, k.fields, n)
		for i := range n {
			v, err := r.Any()
			require.NoError(t, err)
			if i == n-1 && (tag == wire.MessageRun || tag == wire.MessageBegin) {
				require.Equal(t, "r", v.(map[string]any)["mode"])
				require.Equal(t, "neo4j", strings.ToLower(v.(map[string]any)["db"].(string)))
				require.NotContains(t, v, "imp_user")
			}
		}
		require.Zero(t, r.Len())
		a.clear()
	}
}

// pageLog keeps what the page is sent.
type pageLog struct {
	mu    sync.Mutex
	bytes []byte
}

func (p *pageLog) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bytes = append(p.bytes, b...)
	return len(b), nil
}

// An answer of the relay's never comes in the middle of what the server sends, a NOOP included.
func TestOwnAnswersKeepTheirTurn(t *testing.T) {
	page := &pageLog{}
	s := New(t.Context(), Config{Policy: open{Rules{Databases: []string{"neo4j"}}}}, wire.Version{Major: 5, Minor: 8},
		page, io.Discard)
	success := appendChunks(nil, []byte{0xB1, wire.MessageSuccess, 0xA0})
	require.NoError(t, s.FromPage(appendChunks(nil, []byte{0xB1, wire.MessageHello, 0xA0})))
	require.NoError(t, s.FromPage(appendChunks(nil, []byte{0xB1, wire.MessageLogon, 0xA0})))
	require.NoError(t, s.FromServer(append(append(bytes.Clone(success), success...), 0))) // and half a NOOP
	require.Equal(t, append(bytes.Clone(success), success...), page.bytes)
	page.bytes = nil
	begin, err := packstream.Append(packstream.AppendStructHeader(nil, wire.MessageBegin, 1), map[string]any{"db": "x"})
	require.NoError(t, err)
	require.NoError(t, s.FromPage(appendChunks(nil, begin)))
	require.Equal(t, byte(wire.MessageFailure), page.bytes[3])
	page.bytes = nil
	require.NoError(t, s.FromServer([]byte{0}))
	require.Equal(t, []byte{0, 0}, page.bytes)
	err = s.FromServer(success)
	require.ErrorContains(t, err, "nobody asked")
}

// What a server sends and is no answer ends the session: it was kept, once, to no end.
func TestWhatIsNoAnswerEndsTheSession(t *testing.T) {
	for _, message := range [][]byte{{0xB0, 0}, {0}, {0xB1, 0x10, 0xA0}, {0xFF, 0xFF}} {
		s := loggedOn(t, Config{}, Rules{}, io.Discard)
		require.NoError(t, s.FromPage(appendChunks(nil, []byte{0xB0, wire.MessageReset})))
		require.ErrorContains(t, s.FromServer(appendChunks(nil, message)), "no answer of Bolt", message)
	}
}

func TestClip(t *testing.T) {
	for slot, want := range map[[4]byte][4]byte{
		{0, 8, 8, 5}:     {0, 8, 8, 5},
		{0, 9, 9, 5}:     {0, 8, 8, 5},
		{0, 2, 10, 5}:    {0, 0, 8, 5},
		{0, 1, 10, 5}:    {},
		{0, 255, 255, 6}: {0, 1, 1, 6},
		{0, 0, 0, 3}:     {},
		{0, 0, 0, 7}:     {},
		{0, 0, 0, 0}:     {},
		{9, 4, 4, 4}:     {0, 4, 4, 4},
	} {
		require.Equal(t, want, clip(slot), slot)
	}
}
