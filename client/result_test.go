package client_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// scripted is a Source with batches of numbers: those of ready have arrived, those of later are on their way.
type scripted struct {
	ready, later [][]int64
	end          error
	discarded    bool
	waits        int
}

func batchOf(numbers []int64) client.Batch {
	var b client.Batch
	for _, n := range numbers {
		start := len(b.Data)
		b.Data = packstream.AppendInt(packstream.AppendListHeader(b.Data, 1), n)
		b.Records = append(b.Records, client.Span{Start: uint32(start), End: uint32(len(b.Data))})
	}
	return b
}

func (s *scripted) Fields(context.Context) ([]string, error) { return []string{"n"}, nil }

func (s *scripted) Ready() (client.Batch, bool) {
	if len(s.ready) == 0 {
		return client.Batch{}, false
	}
	b := batchOf(s.ready[0])
	s.ready = s.ready[1:]
	return b, true
}

func (s *scripted) Next(ctx context.Context) (client.Batch, error) {
	if b, ok := s.Ready(); ok {
		return b, nil
	}
	s.waits++
	if ctx.Err() != nil {
		return client.Batch{}, context.Cause(ctx)
	}
	if len(s.later) == 0 {
		return client.Batch{}, s.end
	}
	b := batchOf(s.later[0])
	s.later = s.later[1:]
	return b, nil
}

func (s *scripted) Discard(ctx context.Context) error {
	s.ready, s.later, s.discarded = nil, nil, true
	return ctx.Err()
}

func (s *scripted) QueryID(context.Context) (string, error) { return "7", nil }
func (s *scripted) Complete() bool                          { return false }
func (s *scripted) Summary() *client.Summary                { return &client.Summary{Query: "RETURN 1"} }

func resultOf(s *scripted) *client.Result {
	if s.end == nil {
		s.end = io.EOF
	}
	return client.NewResult("movies", client.Version{Major: 5, Minor: 4}, s)
}

func number(t *testing.T, r *client.Record) int64 {
	t.Helper()
	require.NotNil(t, r)
	var n int64
	require.NoError(t, r.Scan(&n))
	return n
}

func rest(t *testing.T, r *client.Result) (numbers []int64) {
	t.Helper()
	for record, err := range r.Records(t.Context()) {
		require.NoError(t, err)
		numbers = append(numbers, number(t, record))
	}
	return numbers
}

func TestResultProperties(t *testing.T) {
	r := resultOf(&scripted{})
	require.Equal(t, "movies", r.GraphName())
	require.Equal(t, "5.4", r.ProtocolVersion().String())
	fields, err := r.Fields(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"n"}, fields)
	id, err := r.QueryID(t.Context())
	require.NoError(t, err)
	require.Equal(t, "7", id)
	require.Equal(t, "RETURN 1", r.Summary().Query)
}

func TestFetch(t *testing.T) {
	r := resultOf(&scripted{ready: [][]int64{{1, 2}}, later: [][]int64{{3}, {4, 5}}})
	for want := int64(1); want <= 5; want++ {
		record, err := r.Fetch(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, number(t, record))
	}
	for range 2 {
		record, err := r.Fetch(t.Context())
		require.NoError(t, err)
		require.Nil(t, record)
	}
}

func TestFetchedRecordsStay(t *testing.T) {
	r := resultOf(&scripted{later: [][]int64{{1, 2}, {3}}})
	first, err := r.Fetch(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int64{2, 3}, rest(t, r))
	require.Equal(t, int64(1), number(t, first))
}

func TestPeekTakeAndHas(t *testing.T) {
	s := &scripted{ready: [][]int64{{1, 2}, {3}}, later: [][]int64{{4}}}
	r := resultOf(s)
	require.True(t, r.HasRecords())
	require.Empty(t, r.PeekRecords(0))
	require.Len(t, r.PeekRecords(2), 2)
	require.Equal(t, int64(1), number(t, r.TakeRecord()))
	peeked := r.PeekRecords(10)
	require.Len(t, peeked, 2)
	require.Equal(t, int64(2), number(t, peeked[0]))
	require.Equal(t, int64(3), number(t, peeked[1]))
	require.Equal(t, []string{"n"}, peeked[0].Keys())
	require.Equal(t, int64(2), number(t, r.TakeRecord()))
	require.Equal(t, int64(3), number(t, r.TakeRecord()))
	require.Nil(t, r.TakeRecord())
	require.False(t, r.HasRecords())
	require.Zero(t, s.waits, "none of these touch the network")
	require.Equal(t, []int64{4}, rest(t, r))
	require.False(t, r.HasRecords())
	require.Empty(t, r.PeekRecords(1))
}

func TestBuffer(t *testing.T) {
	s := &scripted{ready: [][]int64{{1}}, later: [][]int64{{2}, {3, 4}}}
	r := resultOf(s)
	require.NoError(t, r.Buffer(t.Context()))
	require.NoError(t, r.Buffer(t.Context()))
	require.Len(t, r.PeekRecords(10), 4)
	require.Equal(t, []int64{1, 2, 3, 4}, rest(t, r))
}

func TestNextBatch(t *testing.T) {
	r := resultOf(&scripted{ready: [][]int64{{1, 2, 3}}, later: [][]int64{{4}}})
	require.Equal(t, int64(1), number(t, r.TakeRecord()))
	batch, err := r.NextBatch(t.Context())
	require.NoError(t, err)
	require.Len(t, batch.Records, 2, "what was taken is not given again")
	batch, err = r.NextBatch(t.Context())
	require.NoError(t, err)
	require.Len(t, batch.Records, 1)
	_, err = r.NextBatch(t.Context())
	require.Equal(t, io.EOF, err)
}

func TestDiscard(t *testing.T) {
	s := &scripted{ready: [][]int64{{1, 2}}, later: [][]int64{{3}}}
	r := resultOf(s)
	require.Equal(t, int64(1), number(t, r.TakeRecord()))
	require.NoError(t, r.Discard(t.Context()))
	require.True(t, s.discarded)
	require.False(t, r.HasRecords())
	require.Empty(t, rest(t, r))
	require.NoError(t, r.Discard(t.Context()))
}

func TestRecordsBeforeAFailure(t *testing.T) {
	failure := &client.Failure{Code: "Neo.ClientError.Statement.ArithmeticError"}
	r := resultOf(&scripted{later: [][]int64{{1, 2}}, end: failure})
	require.Equal(t, failure, r.Buffer(t.Context()))
	var numbers []int64
	var last error
	for record, err := range r.Records(t.Context()) {
		if last = err; err == nil {
			numbers = append(numbers, number(t, record))
		}
	}
	require.Equal(t, []int64{1, 2}, numbers)
	require.Equal(t, failure, last)
	_, err := r.Fetch(t.Context())
	require.Equal(t, failure, err, "the failure is given at each further call")
}

func TestRecordsStoppedEarly(t *testing.T) {
	r := resultOf(&scripted{later: [][]int64{{1, 2, 3}}})
	for record, err := range r.Records(t.Context()) {
		require.NoError(t, err)
		require.Equal(t, int64(1), number(t, record))
		break
	}
	require.Equal(t, []int64{2, 3}, rest(t, r))
}

func TestCancelledFetch(t *testing.T) {
	why := errors.New("the user left")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	r := resultOf(&scripted{later: [][]int64{{1}}})
	_, err := r.Fetch(ctx)
	require.Equal(t, why, err)
	require.Equal(t, []int64{1}, rest(t, r), "a context's end is not the result's")
}
