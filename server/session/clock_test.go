package session

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
	"github.com/webbolt/webbolt/server/budget"
)

func chunked(t testing.TB, tag byte, fields ...any) []byte {
	t.Helper()
	message := packstream.AppendStructHeader(nil, tag, len(fields))
	for _, field := range fields {
		var err error
		message, err = packstream.Append(message, field)
		require.NoError(t, err)
	}
	return appendChunks(nil, message)
}

var succeeded = appendChunks(nil, []byte{0xB1, wire.MessageSuccess, 0xA0})

// loggedOn is a session behind its login.
func loggedOn(t testing.TB, config Config, rules Rules, server io.Writer) *Session {
	t.Helper()
	config.Policy = open{rules}
	s := New(t.Context(), config, wire.Version{Major: 5, Minor: 8}, io.Discard, server)
	require.NoError(t, s.FromPage(chunked(t, wire.MessageHello, map[string]any{})))
	require.NoError(t, s.FromPage(chunked(t, wire.MessageLogon, map[string]any{})))
	require.NoError(t, s.FromServer(append(bytes.Clone(succeeded), succeeded...)))
	return s
}

func (c *clock) runs() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.timer != nil
}

func TestTheClockRunsWhileATransactionDoes(t *testing.T) {
	s := loggedOn(t, Config{Overtime: func() {}}, Rules{Timeout: time.Hour}, io.Discard)
	defer s.clock.stop()
	none := map[string]any{}
	ask := func(tag byte, fields ...any) { require.NoError(t, s.FromPage(chunked(t, tag, fields...))) }
	answer := func(tag byte) { require.NoError(t, s.FromServer(appendChunks(nil, []byte{0xB1, tag, 0xA0}))) }
	require.False(t, s.clock.runs())
	ask(wire.MessageRun, "RETURN 1", none, none)
	ask(wire.MessagePull, map[string]any{"n": -1})
	require.True(t, s.clock.runs())
	answer(wire.MessageSuccess)
	require.True(t, s.clock.runs(), "PULL is to be answered")
	answer(wire.MessageSuccess)
	require.False(t, s.clock.runs())
	for _, ends := range []byte{wire.MessageCommit, wire.MessageRollback, wire.MessageReset} {
		ask(wire.MessageBegin, none)
		answer(wire.MessageSuccess)
		require.True(t, s.clock.runs(), "it runs between requests, too")
		before := s.clock.timer
		ask(wire.MessageRun, "RETURN 1", none, none)
		answer(wire.MessageSuccess)
		require.Same(t, before, s.clock.timer, "it is not set anew by what happens within")
		ask(ends)
		answer(wire.MessageSuccess)
		require.False(t, s.clock.runs())
	}
	ask(wire.MessageBegin, none)
	answer(wire.MessageSuccess)
	ask(wire.MessageRun, "no Cypher", none, none)
	answer(wire.MessageFailure)
	require.False(t, s.clock.runs(), "a failure ends a transaction")
}

func TestWhatOutlivesItsTimeoutIsCut(t *testing.T) {
	over := make(chan struct{})
	config := Config{Overtime: sync.OnceFunc(func() { close(over) }), Grace: time.Millisecond}
	s := loggedOn(t, config, Rules{Timeout: time.Millisecond}, io.Discard)
	require.NoError(t, s.FromPage(chunked(t, wire.MessageRun, "RETURN 1", map[string]any{}, map[string]any{})))
	<-over
}

func TestWithoutATimeoutNothingIsCut(t *testing.T) {
	s := loggedOn(t, Config{Overtime: func() {}}, Rules{}, io.Discard)
	require.NoError(t, s.FromPage(chunked(t, wire.MessageRun, "RETURN 1", map[string]any{}, map[string]any{})))
	require.False(t, s.clock.runs())
}

// Millions of entries in a map that Bolt gives a meaning to cost more memory than they are long.
func TestEntriesAreBounded(t *testing.T) {
	entries := map[string]any{}
	for i := range mostEntries + 1 {
		entries[string(rune('a'+i))] = nil
	}
	for name, message := range map[string][]byte{
		"BEGIN": chunked(t, wire.MessageBegin, entries),
		"RUN":   chunked(t, wire.MessageRun, "RETURN 1", map[string]any{}, entries),
		"ROUTE": chunked(t, wire.MessageRoute, map[string]any{}, []any{}, entries),
	} {
		err := loggedOn(t, Config{}, Rules{}, io.Discard).FromPage(message)
		require.ErrorContains(t, err, "more entries", name)
	}
	parameters := loggedOn(t, Config{}, Rules{}, io.Discard)
	require.NoError(t, parameters.FromPage(chunked(t, wire.MessageRun, "RETURN 1", entries, map[string]any{})))
}

// What a message is made anew into counts like the message itself, and no third copy is made of it.
func TestARemadeMessageCounts(t *testing.T) {
	const size = 1 << 20
	run := chunked(t, wire.MessageRun, "RETURN $x", map[string]any{"x": make([]byte, size)}, map[string]any{})
	for limit, fits := range map[int64]bool{size * 3 / 2: false, size * 4: true} {
		memory := budget.New(limit, limit).Open(netip.Prefix{}, func() {})
		server := &largestWrite{}
		err := loggedOn(t, Config{Memory: memory}, Rules{}, server).FromPage(run)
		if end := new(End); !fits {
			require.True(t, errors.As(err, &end))
			require.Equal(t, EndBusy, end.Kind)
			continue
		}
		require.NoError(t, err)
		require.Greater(t, server.all, size)
		require.Less(t, server.largest, 2*maxChunk)
		memory.Close()
	}
}

type largestWrite struct{ largest, all int }

func (w *largestWrite) Write(b []byte) (int, error) {
	w.largest = max(w.largest, len(b))
	w.all += len(b)
	return len(b), nil
}
