package bolt_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/bolt"
	"github.com/webbolt/webbolt/internal/boltfake"
)

func TestProtocolViolations(t *testing.T) {
	for name, script := range map[string]func(c *boltfake.Conn){
		"a record for RUN":      func(c *boltfake.Conn) { c.Record(1) },
		"a tag without meaning": func(c *boltfake.Conn) { c.Write([]byte("\x00\x02\xB0\x55\x00\x00")) },
		"not a structure":       func(c *boltfake.Conn) { c.Write([]byte("\x00\x01\x01\x00\x00")) },
		"has_more that is no bool": func(c *boltfake.Conn) {
			c.Success(fieldX)
			c.Success(
				map[string]any{"has_more": 1})
		},
		"fields that are no list":   func(c *boltfake.Conn) { c.Success(map[string]any{"fields": 1}) },
		"fields that are no names":  func(c *boltfake.Conn) { c.Success(map[string]any{"fields": []any{1}}) },
		"qid that is no number":     func(c *boltfake.Conn) { c.Success(map[string]any{"qid": "x"}) },
		"IGNORED without a failure": func(c *boltfake.Conn) { c.Ignored() },
	} {
		t.Run(name, func(t *testing.T) {
			c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
				c.Login(bolt58, nil)
				c.Expect("RUN")
				c.Expect("PULL")
				script(c)
				c.AwaitClose()
			})
			result, err := c.RunProg(context.Background(), "", "RETURN", nil, true)
			if err == nil {
				err = result.Buffer(context.Background())
			}
			if err == nil {
				err = c.Reset(context.Background(), true)
			}
			require.ErrorAs(t, err, new(*client.ProtocolError))
			require.True(t, c.Broken())
			_, again := c.Begin(context.Background(), "", true)
			require.Equal(t, err, again)
		})
	}
}

// A record that claims 4 GB is found when it is read; what follows is not lost.
func TestRecordThatClaimsTooMuch(t *testing.T) {
	c := mustOpenFake(t, client.Options{}, func(c *boltfake.Conn) {
		c.Login(bolt58, nil)
		c.Answer("RUN", fieldX)
		c.Expect("PULL")
		c.Write([]byte("\x00\x08\xB1\x71\x91\xD2\xFF\xFF\xFF\xFF\x00\x00"))
		c.Success(nil)
		c.Answer("RUN", fieldX)
		c.Expect("PULL")
		c.Record(7)
		c.Success(nil)
		c.AwaitClose()
	})
	result, err := c.RunProg(context.Background(), "", "RETURN", nil, true)
	require.NoError(t, err)
	record, err := result.Fetch(context.Background())
	require.NoError(t, err)
	_, err = record.Values()
	require.ErrorAs(t, err, new(*client.ProtocolError))
	require.False(t, c.Broken())
	result, err = c.RunProg(context.Background(), "", "RETURN 7", nil, true)
	require.NoError(t, err)
	record, err = result.Fetch(context.Background())
	require.NoError(t, err)
	values, err := record.Values()
	require.NoError(t, err)
	require.Equal(t, []any{int64(7)}, values)
}

func TestFailedReset(t *testing.T) {
	server := &boltfake.Server{Ping: func() *client.Failure {
		return &client.Failure{Code: "Neo.DatabaseError.General.UnknownError", Message: "no"}
	}}
	stream, stop := server.Pipe(t)
	defer stop()
	c, err := bolt.Open(context.Background(), stream, fakeProfile(t), client.Options{})
	require.NoError(t, err)
	err = c.Reset(context.Background(), true)
	require.ErrorAs(t, err, new(*client.ConnectionBroken))
	require.ErrorAs(t, err, new(*client.Failure))
	require.True(t, c.Broken())
}
